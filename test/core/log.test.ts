// Log lines of running code: buffered, taken along by beats, recorded with the outcome.
import { describe, expect, test } from '@jest/globals';
import { StoreUnavailableError } from '../../src/index.ts';
import { settle } from '../support/clock.ts';
import { createLine, demo, type Line, untilStopped } from './line.ts';

const logsOf = async (line: Line, id: string) => {
  const events = await line.store.listEvents(id, 0, 100_000);
  return events.filter(({ kind }) => kind === 'log').map(({ data }) => data);
};

describe('log lines', () => {
  test('cost no call of their own: they are recorded with the outcome', async () => {
    const line = await createLine([
      demo(({ log }) => {
        log.debug('a');
        log.info('b', { n: 1 });
        log.warn('c');
        log.error('d');
        throw new Error('even then');
      }),
    ]);
    const { job_id } = await line.runOne();
    expect(await logsOf(line, job_id)).toEqual([
      { level: 'debug', message: 'a' },
      { level: 'info', message: 'b', fields: { n: 1 } },
      { level: 'warn', message: 'c' },
      { level: 'error', message: 'd' },
    ]);
    expect(line.called()).toEqual(['claimJobs', 'recordExecutions']);
    expect(line.eventsNamed('job.log').map(({ message }) => message)).toEqual(['a', 'b', 'c', 'd']);
  });

  test('are cut to 4000 characters, and the newest 1000 are kept', async () => {
    const line = await createLine([
      demo(({ log }) => {
        for (let i = 0; i < 1500; i += 1) log.info(`${i}`);
        log.info('x'.repeat(5000));
      }),
    ]);
    const { job_id } = await line.runOne();
    const logs = (await logsOf(line, job_id)) as { message: string }[];
    expect(logs).toHaveLength(1000);
    expect(logs[0]?.message).toBe('501');
    expect(logs.at(-1)?.message).toHaveLength(4000);
  });

  const circular: Record<string, unknown> = {};
  circular.self = circular;
  const deep = JSON.parse(`${'['.repeat(1500)}${']'.repeat(1500)}`);
  const outcomeOf = async (message: unknown, fields?: object) => {
    const line = await createLine([
      demo(({ log }) => {
        log.info(message as string, fields);
        return 'done';
      }),
    ]);
    const { job_id, status } = await line.runOne();
    return [status, (await logsOf(line, job_id)).length];
  };

  test.each<[string, unknown, object | undefined]>([
    ['fields that are no JSON', 'm', { big: 1n }],
    ['fields in a circle', 'm', circular],
    ['fields that are too large', 'm', { text: 'x'.repeat(2_000_000) }],
    ['a message that is no text', 42, undefined],
    ['a symbol as message', Symbol('s'), undefined],
  ])('with %s never fail the job', async (_, message, fields) => {
    expect(await outcomeOf(message, fields)).toEqual(['success', 1]);
  });

  test.each<[string, unknown, object | undefined]>([
    ['a message that cannot be made a text', Object.create(null), undefined],
    ['fields that cannot be made a text', 'm', Object.assign(Object.create(null), { big: 1n })],
    ['fields nested too deep to be stored', 'm', deep],
  ])('with %s never fail the job', async (_, message, fields) => {
    expect(await outcomeOf(message, fields)).toEqual(['success', 1]);
  });
});

describe('log lines and the heartbeat', () => {
  test('are taken along by the next beat, once', async () => {
    const line = await createLine([
      demo((ctx) => {
        ctx.log.info('hello', { n: 1 });
        return untilStopped(ctx);
      }),
    ]);
    const id = await line.create({ timeout_seconds: 10 });
    const running = line.start();
    await line.clock.advance(5000);
    const logs = await logsOf(line, id);
    expect(logs).toEqual([{ level: 'info', message: 'hello', fields: { n: 1 } }]);
    await line.until(running);
    const after = await logsOf(line, id);
    expect(after).toHaveLength(1);
  });

  test('are no more than the newest 1000 when beats fail', async () => {
    const faults = ({ method, nth }: { method: string; nth: number }) =>
      method === 'heartbeat' && nth <= 10 ? 'down' : undefined;
    const line = await createLine(
      [
        demo(async ({ log, throttle }) => {
          for (let beat = 0; beat < 10; beat += 1) {
            for (let i = 0; i < 900; i += 1) log.debug(`${beat}/${i}`);
            await throttle('k', 5);
          }
        }),
      ],
      { faults },
    );
    const id = await line.create();
    await line.drain({ max_jobs: 1 });
    const logs = await logsOf(line, id);
    expect(logs.length).toBeLessThanOrEqual(1000);
    expect(logs.at(-1)).toMatchObject({ message: '9/899' });
  });

  test('waiting while slow beats fail are no more than the newest 1000', async () => {
    const pause = (ms: number) => new Promise<void>((done) => line.clock.after(ms, done));
    const line = await createLine([
      demo(async ({ log }) => {
        for (let second = 0; second < 40; second += 1) {
          for (let i = 0; i < 900; i += 1) log.debug(`${second}/${i}`);
          await pause(1000);
        }
      }),
    ]);
    const heartbeat = async () => {
      await pause(4000);
      throw new StoreUnavailableError('nobody answers');
    };
    const id = await line.create();
    await line.until(line.start({ max_jobs: 1 }, { store: { ...line.store, heartbeat } }));
    expect((await logsOf(line, id)).length).toBeLessThanOrEqual(1000);
  });
});

test('log lines of a beat that is overtaken by the end of the execution are not dropped', async () => {
  // The beat sets off, the code ends, its outcome is recorded, and only then the beat arrives.
  let arrive = (): void => undefined;
  const late = new Promise<void>((resolve) => {
    arrive = resolve;
  });
  let finish = (): void => undefined;
  const done = new Promise<void>((resolve) => {
    finish = resolve;
  });
  const line = await createLine([
    demo(async ({ log }) => {
      log.info('written before the beat');
      await done;
    }),
  ]);
  const { store } = line;
  const slow: typeof store = {
    ...store,
    heartbeat: async (...args) => {
      await late;
      return store.heartbeat(...args);
    },
  };
  const id = await line.create();
  const running = line.start({}, { store: slow });
  await line.clock.advance(5000);
  finish();
  await settle();
  arrive();
  await line.until(running);
  await settle();
  const logs = await logsOf(line, id);
  expect(logs).toHaveLength(1);
});
