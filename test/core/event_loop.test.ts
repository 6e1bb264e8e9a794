// The event loop turns while the line is busy: here the time is real, and so are the timers.
import { describe, expect, test } from '@jest/globals';
import { systemClock } from '../../src/clock.ts';
import { newJob } from '../support/jobs.ts';
import { createLine, demo, type Line } from './line.ts';

const real = { clock: systemClock };

describe('each call of the store', () => {
  test.each<[string, (line: Line) => Promise<unknown>]>([
    ['that reads', ({ store }) => store.listJobs({ limit: 1 })],
    ['that writes', ({ store }) => store.createJobs([newJob()])],
    ['that looks at the schema', ({ store }) => store.inspect()],
  ])('%s lets happen first what was due', async (_, call) => {
    const line = await createLine([demo(() => 1)]);
    let happened = false;
    setImmediate(() => {
      happened = true;
    });
    await call(line);
    expect(happened).toBe(true);
  });
});

describe('a drain of many quick jobs', () => {
  test.each<[string, (stop: () => void) => unknown]>([
    ['at the next turn', (stop) => setImmediate(stop)],
    ['after 5 ms', (stop) => setTimeout(stop, 5)],
  ])('is ended by an interrupt that comes %s', async (_, later) => {
    const stop = new AbortController();
    const line = await createLine([demo(() => 1)]);
    await line.store.createJobs(Array.from({ length: 500 }, () => newJob()));
    later(() => stop.abort('SIGTERM'));
    const tally = await line.start({ interrupt: stop.signal }, real);
    expect(tally.stopped).toBe('interrupted');
    expect(tally.picked).toBeLessThan(500);
  });
});

describe('code that makes one quick step after the other', () => {
  const STEPS = 5000;

  test('is stopped by its timeout', async () => {
    const run = async ({ step }: { step: (name: string, fn: () => number) => unknown }) => {
      for (let n = 0; n < STEPS; n += 1) await step(`step-${n}`, () => n);
      return 'to the end';
    };
    const line = await createLine([demo(run, { timeout: 0.05 })]);
    await line.create({ max_retries: 0 });
    const { executions } = await line.start({}, real);
    expect(executions).toMatchObject([{ status: 'timeout', job_status: 'failed', result: null }]);
  });

  test('does not keep the heartbeats from getting through', async () => {
    const beats = () => line.called().filter((method) => method === 'heartbeat').length;
    const run = async ({ step }: { step: (name: string, fn: () => number) => unknown }) => {
      for (let n = 0; n < STEPS && beats() < 2; n += 1) await step(`step-${n}`, () => n);
      return beats();
    };
    // 0.6 s: a beat every 0.15 s
    const line = await createLine([demo(run)], { lock_duration: 0.01 });
    await line.create();
    const { executions } = await line.start({}, real);
    expect(executions).toMatchObject([{ status: 'success', result: 2 }]);
  });
});
