// Working: drain after drain, for those who keep a process running.
import { describe, expect, test } from '@jest/globals';
import { createBell } from '../../src/core/bell.ts';
import { settle } from '../support/clock.ts';
import { inSeconds, jobOf } from '../support/store.ts';
import { onCalls } from './faults.ts';
import { createLine, demo, forever, untilStopped } from './line.ts';

/** Works in the background; `stop` ends it and answers the sums. */
const working = async (line: Awaited<ReturnType<typeof createLine>>, options = {}) => {
  const interrupt = new AbortController();
  const done = line.work({ interrupt: interrupt.signal, ...options });
  await settle();
  const stop = (reason = 'SIGTERM') => {
    interrupt.abort(reason);
    return line.until(done);
  };
  return { done, stop };
};

describe('between two drains', () => {
  test('it sleeps for the poll interval when nothing is known to fall due', async () => {
    const line = await createLine([demo(() => 1)]);
    const { stop } = await working(line, { poll_interval_seconds: 20 });
    await line.clock.advance(100_000);
    expect(line.calls).toHaveLength(7);
    expect(await stop()).toMatchObject({ picked: 0, stopped: 'interrupted' });
  });

  test('it sleeps until the next job falls due, when that is sooner', async () => {
    const line = await createLine([demo(() => line.seconds())]);
    const id = await line.create({ run_at: await inSeconds(line.store, 7) });
    const { stop } = await working(line);
    await line.clock.advance(8000);
    expect(line.called()).toEqual(['listSchedules', 'claimJobs', 'claimJobs', 'recordExecutions']);
    expect((await line.store.getJob(id))?.executions[0]?.result).toBe(7);
    await stop();
  });

  test('it sleeps no longer than the poll interval, however far the next job is', async () => {
    const line = await createLine([demo(() => 1)]);
    await line.create({ run_at: await inSeconds(line.store, 10_000) });
    const { stop } = await working(line, { poll_interval_seconds: 60 });
    await line.clock.advance(61_000);
    expect(line.called()).toEqual(['listSchedules', 'claimJobs', 'claimJobs']);
    await stop();
  });

  test('it does not spin on a job that is due but cannot be picked yet', async () => {
    const line = await createLine([demo(() => 1)]);
    await line.create({ run_at: await inSeconds(line.store, 0.001) });
    const { stop } = await working(line);
    await line.clock.advance(1000);
    expect(line.called()).toEqual(['listSchedules', 'claimJobs', 'claimJobs', 'recordExecutions']);
    await stop();
  });
});

describe('a bell', () => {
  test('wakes it for a job that was created meanwhile', async () => {
    const bell = createBell();
    const line = await createLine([demo(() => line.seconds())]);
    const { stop } = await working(line, { poll_interval_seconds: 60, bell });
    await line.clock.advance(5000);
    const id = await line.create();
    bell.ring();
    await settle();
    expect((await line.store.getJob(id))?.executions[0]?.result).toBe(5);
    await stop();
  });

  test('that rings while it is busy is not missed', async () => {
    const bell = createBell();
    const line = await createLine([demo(() => bell.ring())]);
    const { stop } = await working(line, { poll_interval_seconds: 60, bell });
    await line.create();
    bell.ring();
    await settle();
    const called = line.called().length;
    await line.clock.advance(50);
    expect(line.called().length).toBe(called);
    expect(line.called().filter((name) => name === 'claimJobs')).toHaveLength(3);
    await stop();
  });
});

test('it does retries and jobs that are created meanwhile', async () => {
  let tries = 0;
  const line = await createLine([
    demo(({ job }) => {
      if (job.name === 'flaky' && ++tries < 3) throw new Error('again');
    }),
  ]);
  const flaky = await line.create({ name: 'flaky', retry_delay_seconds: 10 });
  const { stop } = await working(line);
  await line.clock.advance(5000);
  const late = await line.create({ name: 'late' });
  await line.clock.advance(60_000);
  expect(await stop()).toMatchObject({ picked: 4, outcomes: { failed: 2, success: 2 } });
  expect((await jobOf(line.store, flaky)).status).toBe('success');
  expect((await jobOf(line.store, late)).status).toBe('success');
});

describe('a store out of reach', () => {
  test('is waited for, and told of each time', async () => {
    const line = await createLine([demo(() => 1)], {
      faults: () => (line.seconds() < 200 ? 'down' : undefined),
    });
    const id = await line.create();
    const { stop } = await working(line, { poll_interval_seconds: 30 });
    await line.clock.advance(300_000);
    expect((await jobOf(line.store, id)).status).toBe('success');
    const told = line.eventsNamed('store.unavailable');
    expect(told.length).toBeGreaterThanOrEqual(3);
    expect(told[0]).toMatchObject({ next_try_seconds: 30 });
    expect(await stop()).toMatchObject({ picked: 1, outcomes: { success: 1 } });
  });

  test('does not take what was done before out of the sums', async () => {
    const numbers = Array.from({ length: 20 }, (_, i) => i + 4);
    const line = await createLine([demo(() => 1)], {
      faults: onCalls('recordExecutions', 'down', ...numbers),
    });
    for (let i = 0; i < 5; i += 1) await line.create();
    const { stop } = await working(line);
    await line.clock.advance(600_000);
    // Three were recorded before the store went away; the fourth is found again by its expired lock.
    const { outcomes } = await stop();
    expect(outcomes.success).toBe(5);
  });

  test('does not let it do more jobs than it may', async () => {
    const numbers = Array.from({ length: 20 }, (_, i) => i + 4);
    let ran = 0;
    const line = await createLine([demo(() => ++ran)], {
      faults: onCalls('recordExecutions', 'down', ...numbers),
    });
    for (let i = 0; i < 20; i += 1) await line.create();
    const { done } = await working(line, { max_jobs: 5 });
    await line.until(done, 1000);
    expect(ran).toBeLessThanOrEqual(6);
  });

  test('does not keep it from stopping', async () => {
    const line = await createLine([demo(() => 1)], { faults: () => 'down' });
    const { stop } = await working(line);
    await line.clock.advance(45_000); // asleep between two attempts
    expect(await stop()).toMatchObject({ picked: 0, stopped: 'interrupted' });
    expect(line.seconds()).toBeLessThan(46);
  });
});

test('any other fault of the store ends it', async () => {
  const line = await createLine([demo(() => 1)], {
    faults: onCalls('claimJobs', new RangeError('odd'), 2),
  });
  const { done } = await working(line, { poll_interval_seconds: 5 });
  await expect(line.until(done)).rejects.toThrow('odd');
});

describe('a stop', () => {
  test('ends its sleep at once', async () => {
    const line = await createLine([demo(() => 1)]);
    const { stop } = await working(line, { poll_interval_seconds: 3600 });
    await line.clock.advance(10_000);
    await stop();
    expect(line.seconds()).toBe(10);
    expect(line.clock.timers).toBe(0);
  });

  test('before it begins keeps it from asking the store', async () => {
    const line = await createLine([demo(() => 1)]);
    const tally = await line.work({ interrupt: AbortSignal.abort() });
    expect(tally).toMatchObject({ picked: 0, stopped: 'interrupted' });
    expect(line.calls).toHaveLength(0);
  });

  test.each([
    ['politely', untilStopped],
    ['not at all', forever],
  ])('lets running code end (%s) and gives its job back', async (_, run) => {
    const line = await createLine([demo(run)]);
    const id = await line.create();
    const { stop } = await working(line);
    await line.clock.advance(3000);
    expect(await stop()).toMatchObject({ picked: 1, outcomes: { yielded: 1 } });
    expect(await jobOf(line.store, id)).toMatchObject({ status: 'waiting', current_retries: 0 });
    expect(line.seconds()).toBeLessThan(6);
  });
});

test('it ends by itself once it has done as many jobs as it may, over all its drains', async () => {
  const line = await createLine([demo(() => 1)]);
  for (let i = 0; i < 3; i += 1) await line.create();
  const { done } = await working(line, { max_jobs: 5 });
  await line.clock.advance(1000);
  for (let i = 0; i < 5; i += 1) await line.create();
  expect(await line.until(done)).toMatchObject({
    picked: 5,
    outcomes: { success: 5 },
    stopped: 'limit',
  });
});

test('it keeps to its types and priorities in every drain', async () => {
  const line = await createLine([demo(() => 1), demo(() => 2, { type: 'other' })]);
  const { stop } = await working(line, { job_types: ['demo'], priority: { min: 0, max: 10 } });
  for (let i = 0; i < 2; i += 1) {
    await line.create({ priority: 10 });
    await line.create({ priority: -10 });
    await line.create({ job_type: 'other' });
    await line.clock.advance(61_000);
  }
  expect(await stop()).toMatchObject({ picked: 2, outcomes: { success: 2 } });
});
