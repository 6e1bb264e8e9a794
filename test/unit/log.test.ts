import { describe, expect, test } from '@jest/globals';
import { createLog, type Level, type LogEvent, type LogOptions, levelOf } from '../../src/log.ts';

const of = {
  job_id: 'j-1',
  name: 'Nightly papers',
  job_type: 'paper_fetch',
  execution_id: 'e-1',
  lock_epoch: 3,
};
const recorded = {
  event: 'job.recorded',
  status: 'success',
  job_status: 'success',
  duration_seconds: 1.234,
  error_message: null,
  retry_in_seconds: null,
  ...of,
} as const;

const answered = {
  event: 'http.answered',
  method: 'POST',
  path: '/api/v1/jobs',
  status: 201,
  duration_ms: 12,
  actor: 'ci',
  source_ip: '10.0.0.7',
} as const;

const linesOf = (
  events: LogEvent[],
  level: Level,
  readable: boolean,
  fields?: LogOptions['fields'],
): string[] => {
  const lines: string[] = [];
  const now = () => new Date('2026-01-02T03:04:05.678Z');
  const write = (line: string) => lines.push(line);
  const log = createLog({ level, readable, now, write, ...(fields && { fields }) });
  for (const event of events) log(event);
  return lines;
};

describe('for programs', () => {
  test('each event is one JSON object with time, severity, event and its fields', () => {
    const [line] = linesOf([recorded], 'info', false);
    expect(line).toMatch(/^\{.*\}\n$/);
    expect(JSON.parse(line ?? '')).toEqual({
      time: '2026-01-02T03:04:05.678Z',
      severity: 'INFO',
      message: 'Nightly papers: success after 1.23 s',
      ...recorded,
    });
  });

  test('a line carries the fields that its platform looks for', () => {
    const fields = (severity: string, time: string) => ({ level: severity, at: time });
    const [line] = linesOf([recorded], 'info', false, fields);
    expect(JSON.parse(line ?? '')).toMatchObject({
      severity: 'INFO',
      level: 'INFO',
      at: '2026-01-02T03:04:05.678Z',
    });
  });

  test('what its platform looks for wins over what the event calls the same', () => {
    const event = { event: 'job.log', level: 'warn', message: 'slow', ...of } as const;
    const [line] = linesOf([event], 'info', false, () => ({ level: 'WARN' }));
    expect(JSON.parse(line ?? '')).toMatchObject({ severity: 'WARNING', level: 'WARN' });
  });

  test('what a job logs is the message of its line', () => {
    const event = { event: 'job.log', level: 'info', message: 'page 3 of 9', ...of } as const;
    expect(JSON.parse(linesOf([event], 'info', false)[0] ?? '')).toMatchObject({
      message: 'page 3 of 9',
    });
  });

  test('line ends and escapes in what jobs say stay inside the JSON text', () => {
    const message = 'one\ntwo\u001b[31m\u2028three';
    const lines = linesOf([{ event: 'job.log', level: 'warn', message, ...of }], 'info', false);
    expect(lines).toHaveLength(1);
    expect(lines[0]?.trimEnd()).not.toContain('\n');
    expect(lines[0]).not.toContain('\u001b');
    expect(JSON.parse(lines[0] ?? '')).toMatchObject({ severity: 'WARNING', message });
  });
});

describe('for people', () => {
  test('an event is one short sentence with the name of the job', () => {
    const [line] = linesOf([recorded], 'info', true);
    expect(line).toMatch(/^\d\d:\d\d:\d\d • Nightly papers: success after 1.23 s\n$/);
  });

  test('a failure that is retried says why and when it goes on', () => {
    const event = {
      ...recorded,
      status: 'failed',
      job_status: 'waiting',
      error_message: 'no route',
      retry_in_seconds: 30,
    } as const;
    expect(linesOf([event], 'info', true)[0]).toContain(
      '! Nightly papers: failed after 1.23 s: no route; goes on in 30 s',
    );
  });

  test('a job cannot steer the terminal or begin a line of its own', () => {
    const message = 'a\n12:00:00 ✗ forged\u001b[2J\u0007 end';
    const lines = linesOf([{ event: 'job.log', level: 'info', message, ...of }], 'info', true);
    expect(lines).toHaveLength(1);
    expect(lines[0]).toMatch(/Nightly papers: a 12:00:00 ✗ forged end\n$/);
  });

  test('every event has a sentence', () => {
    const events: LogEvent[] = [
      { event: 'job.picked', current_retries: 0, ...of },
      { event: 'job.lost', reason: 'someone else holds it', ...of },
      { event: 'step.done', step: 'page 1', replayed: true, ...of },
      {
        event: 'lock.released',
        job_id: 'j-1',
        name: 'x',
        execution_id: 'e-1',
        held_by: 'host-1',
        job_status: 'waiting',
      },
      { event: 'store.retried', method: 'claimJobs', sending: 2, reason: 'busy' },
      { event: 'store.unavailable', reason: 'no answer', next_try_seconds: 5 },
      { event: 'drain.started', instance_id: 'host-1', trigger: 'cli' },
      { event: 'drain.stopped', picked: 2, stopped: 'empty', duration_seconds: 12.4 },
      { event: 'process.signalled', signal: 'SIGTERM' },
      { event: 'code.faulted', origin: 'uncaughtException', message: 'oops', stack: null },
      { event: 'server.listening', url: 'http://localhost:8080' },
      answered,
      { ...answered, method: 'GET', path: '/healthz', status: 503, actor: null, source_ip: null },
      { event: 'http.failed', request_id: 'r-1', reason: 'oops', stack: null },
    ];
    const text = linesOf(events, 'debug', true).map((line) => line.slice(11).trimEnd());
    expect(text).toEqual([
      'Nightly papers: picked (paper_fetch, job j-1)',
      'Nightly papers: lock lost (someone else holds it); another instance decides',
      'Nightly papers: step page 1 was done before',
      'x: lock of host-1 had expired; now waiting',
      'store: claimJobs sent again (2): busy',
      'store: no answer; next try in 5 s',
      'drain started by cli as host-1',
      'drain stopped (empty): 2 picked in 12 s',
      'SIGTERM: stopping; once more to stop at once',
      'job code threw outside its run (uncaughtException): oops',
      'listening at http://localhost:8080',
      'POST /api/v1/jobs: 201 to ci at 10.0.0.7 in 12 ms',
      'GET /healthz: 503 in 12 ms',
      'a request failed (r-1): oops',
    ]);
  });
});

describe('the level', () => {
  const step: LogEvent = { event: 'step.done', step: 's', replayed: false, ...of };
  const final: LogEvent = { ...recorded, status: 'failed', job_status: 'failed' };
  const again: LogEvent = { ...recorded, status: 'timeout', job_status: 'waiting' };

  test('an event below the level is not written', () => {
    const count = (level: Level) => linesOf([step, recorded, again, final], level, false).length;
    expect([count('debug'), count('info'), count('warn'), count('error')]).toEqual([4, 3, 2, 1]);
  });

  test('a failure is an error once the job is failed, and a warning while it is retried', () => {
    expect([levelOf(final), levelOf(again), levelOf(recorded)]).toEqual(['error', 'warn', 'info']);
  });

  test.each([
    ['GET', 200, 'debug'],
    ['HEAD', 304, 'debug'],
    ['OPTIONS', 204, 'debug'],
    ['POST', 201, 'info'],
    ['DELETE', 204, 'info'],
    ['GET', 404, 'warn'],
    ['POST', 429, 'warn'],
    ['GET', 500, 'error'],
    ['POST', 503, 'error'],
  ])('a request of %s that is answered by %d is of level %s', (method, status, level) => {
    expect(levelOf({ ...answered, method, status })).toBe(level);
  });

  test('what a job logs has the level it chose', () => {
    expect(levelOf({ event: 'job.log', level: 'debug', message: 'm', ...of })).toBe('debug');
  });
});
