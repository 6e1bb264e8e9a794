// The platform's deadline: nothing new is begun too late, running code makes room in time.
import { describe, expect, test } from '@jest/globals';
import { createBudget } from '../../src/core/budget.ts';
import { fakeClock } from '../support/clock.ts';
import { detailOf, jobOf } from '../support/store.ts';
import { createLine, demo, forever, untilStopped } from './line.ts';

describe('a deadline', () => {
  test('stops running code early enough to record it, and its job goes on at once', async () => {
    const line = await createLine([demo(untilStopped)]);
    const id = await line.create();
    const { executions, stopped, picked } = await line.drain({ time_left_ms: 60_000 });
    expect(executions).toMatchObject([
      {
        status: 'yielded',
        job_status: 'waiting',
        retry_in_seconds: 0,
        duration_seconds: 55,
        error_message: "stopped before the platform's deadline",
      },
    ]);
    expect([stopped, picked]).toEqual(['deadline', 1]);
    expect(await jobOf(line.store, id)).toMatchObject({ status: 'waiting', current_retries: 0 });
    expect(line.called().filter((method) => method === 'claimJobs')).toHaveLength(1);
  });

  test('leaves time to record even behind code that ignores its signal', async () => {
    const line = await createLine([demo(forever)]);
    await line.create();
    const { outcomes } = await line.drain({ time_left_ms: 60_000 });
    expect(outcomes).toEqual({ yielded: 1 });
    expect(line.seconds()).toBeLessThan(58);
  });

  test.each([1500, 2000, 5000, 12_000, 900_000])(
    'of %i ms is kept by code that ignores it',
    async (time_left_ms) => {
      const line = await createLine([demo(forever, { timeout: 100_000 })]);
      await line.create();
      const { outcomes, stopped } = await line.drain({ time_left_ms }, time_left_ms / 300);
      expect([outcomes, stopped]).toEqual([{ yielded: 1 }, 'deadline']);
      expect(line.clock.now()).toBeLessThan(time_left_ms);
    },
  );

  test.each([0, -5000, 1, 1000, 1249])('in %i ms is too near to pick anything', async (left) => {
    const line = await createLine([demo(() => 1)]);
    await line.create();
    expect(await line.drain({ time_left_ms: left })).toMatchObject({
      picked: 0,
      stopped: 'deadline',
    });
    expect(line.calls).toHaveLength(0);
  });

  test('ends the drain between jobs once too little is left', async () => {
    const line = await createLine([
      demo(() => new Promise<void>((resolve) => line.clock.after(3900, resolve))),
    ]);
    for (let i = 0; i < 9; i += 1) await line.create();
    // 16 of the 20 seconds are for work: the fifth job would be stopped before it is done.
    const tally = await line.drain({ time_left_ms: 20_000 });
    expect(tally).toMatchObject({ picked: 4, outcomes: { success: 4 }, stopped: 'deadline' });
  });

  test('lets a job outlive its function: each invocation goes on from the saved steps', async () => {
    const worked: string[] = [];
    const line = await createLine([
      demo(async ({ step, throttle }) => {
        for (let page = 1; page <= 12; page += 1) {
          await step(`page-${page}`, async () => {
            worked.push(`${page}`);
            await throttle('site', 5);
          });
        }
        return worked.length;
      }),
    ]);
    const id = await line.create({ max_retries: 0 });
    let invocations = 0;
    while ((await jobOf(line.store, id)).status !== 'success') {
      await line.drain({ time_left_ms: 30_000 });
      await line.clock.advance(5000);
      invocations += 1;
      expect(invocations).toBeLessThan(12);
    }
    expect(invocations).toBeGreaterThan(1);
    expect(new Set(worked).size).toBe(12);
    const { executions, job } = await detailOf(line.store, id);
    expect(executions.map(({ status }) => status)).toEqual([
      ...Array.from({ length: invocations - 1 }, () => 'yielded'),
      'success',
    ]);
    expect(job.current_retries).toBe(0);
  });

  test('farther away than the timeout leaves it a timeout', async () => {
    const line = await createLine([demo(untilStopped)]);
    const { status } = await line.runOne({ timeout_seconds: 30 }, { time_left_ms: 60_000 });
    expect(status).toBe('timeout');
  });
});

describe('the length of a lock', () => {
  const lockOf = (time_left_ms: number | null, lock_duration: number | null) =>
    createBudget(fakeClock(), time_left_ms, lock_duration).lockSeconds();

  test('is two minutes when nobody will stop us', () => {
    expect(lockOf(null, null)).toBe(120);
  });

  test('is the time left and a margin when the platform will', () => {
    expect(lockOf(60_000, null)).toBe(90);
  });

  test('shrinks as the deadline comes nearer, and never below the margin', async () => {
    const clock = fakeClock();
    const budget = createBudget(clock, 60_000, null);
    await clock.advance(45_000);
    expect(budget.lockSeconds()).toBe(45);
    await clock.advance(45_000);
    expect(budget.lockSeconds()).toBe(30);
  });

  test.each([null, 60_000])('is as set, in minutes, whatever time is left (%p)', (left) => {
    expect(lockOf(left, 30)).toBe(1800);
  });
});
