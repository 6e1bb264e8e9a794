// A store that goes out of reach while code runs: not the job's fault, and no retry of it is used.
import { describe, expect, test } from '@jest/globals';
import type { JobContext } from '../../src/index.ts';
import { jobOf } from '../support/store.ts';
import { createLine, demo } from './line.ts';

describe('a store out of reach for longer than it is asked', () => {
  test.each<[string, string, (ctx: JobContext) => unknown]>([
    ['a step', 'saveStep', ({ step }) => step('one', () => 'done')],
    ['its progress', 'saveProgress', ({ progress }) => progress(50)],
    ['its turn', 'takeTurn', ({ throttle }) => throttle('a key', 1)],
  ])('while code asks for %s makes the job wait and go on later', async (_, method, run) => {
    let away = true;
    const line = await createLine([demo(run)], {
      faults: (call) => (away && call.method === method ? 'down' : undefined),
    });
    const id = await line.create({ max_retries: 0 });
    const { executions } = await line.drain({ max_jobs: 1 });
    expect(executions).toMatchObject([
      {
        status: 'yielded',
        job_status: 'waiting',
        retry_in_seconds: 30,
        error_message: `${method}: nobody answers`,
      },
    ]);
    const { run_at, ...job } = await jobOf(line.store, id);
    expect(job).toMatchObject({ status: 'waiting', current_retries: 0 });
    const { now } = await line.store.inspect();
    const wait = run_at.getTime() - now.getTime();
    expect(wait).toBeGreaterThan(28_000);
    expect(wait).toBeLessThanOrEqual(30_000);

    away = false;
    expect((await line.drain()).picked).toBe(0);
    await line.clock.advance(30_000);
    expect((await line.drain()).outcomes).toEqual({ success: 1 });
  });
});
