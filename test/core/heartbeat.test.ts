// The heartbeat: when it beats, what it extends, and what it learns.
import { describe, expect, test } from '@jest/globals';
import { settle } from '../support/clock.ts';
import { claimRequest } from '../support/jobs.ts';
import { detailOf, eventsOf, jobOf } from '../support/store.ts';
import { onCalls } from './faults.ts';
import { createLine, demo, forever, type Line, untilStopped } from './line.ts';

/** Seconds from the beginning to each beat of the first `seconds`. */
const beatsWithin = async (line: Line, seconds: number, given = {}): Promise<number[]> => {
  const beats: number[] = [];
  const running = line.start({ max_jobs: 1, ...given });
  let known = 0;
  for (let at = 0; at <= seconds; at += 0.25) {
    const now = line.called().filter((method) => method === 'heartbeat').length;
    for (; known < now; known += 1) beats.push(at);
    await line.clock.advance(250);
  }
  await line.until(running);
  return beats;
};

describe('a beat', () => {
  test('comes every 5 seconds under the lock of a long-lived instance', async () => {
    const line = await createLine([demo(untilStopped)]);
    await line.create({ timeout_seconds: 21 });
    expect(await beatsWithin(line, 21)).toEqual([5, 10, 15, 20]);
  });

  test('comes four times as often as a short lock lasts', async () => {
    const line = await createLine([demo(untilStopped)], { lock_duration: 0.1 });
    await line.create({ timeout_seconds: 7 });
    expect(await beatsWithin(line, 7)).toEqual([1.5, 3, 4.5, 6]);
  });

  test('does not come when code is done before it', async () => {
    const line = await createLine([demo(() => 1)]);
    await line.runOne();
    expect(line.called()).toEqual(['claimJobs', 'recordExecutions']);
  });

  test('extends the lock to two minutes from now', async () => {
    const line = await createLine([demo(untilStopped)]);
    const id = await line.create({ timeout_seconds: 70 });
    const running = line.start();
    await settle();
    const locked = (await jobOf(line.store, id)).lock_expires_at!;
    await line.clock.advance(60_000);
    const extended = (await jobOf(line.store, id)).lock_expires_at!;
    expect(extended.getTime() - locked.getTime()).toBe(60_000);
    await line.until(running);
  });

  test('keeps a job through many times the length of its lock', async () => {
    const line = await createLine([demo(untilStopped)], { lock_duration: 0.5 });
    const { status, duration_seconds } = await line.runOne({ timeout_seconds: 300 });
    expect([status, duration_seconds]).toEqual(['timeout', 300]);
  });

  test('under a deadline holds the lock until shortly after it, and no longer', async () => {
    const line = await createLine([demo(untilStopped)]);
    const id = await line.create();
    const running = line.start({ time_left_ms: 60_000 });
    await settle();
    const locked = (await jobOf(line.store, id)).lock_expires_at!;
    await line.clock.advance(30_000);
    const later = (await jobOf(line.store, id)).lock_expires_at!;
    expect(locked.getTime() - Date.UTC(2031, 4, 17, 9, 30)).toBe(90_000);
    expect(later).toEqual(locked);
    await line.until(running);
  });
});

describe('a store out of reach while code runs', () => {
  test('does no harm as long as a later beat gets through', async () => {
    const faults = onCalls('heartbeat', 'down', 1, 2, 3);
    const line = await createLine(
      [
        demo((ctx) => {
          ctx.log.warn('kept');
          return untilStopped(ctx);
        }),
      ],
      { faults },
    );
    const { job_id, status } = await line.runOne({ timeout_seconds: 60 });
    expect(status).toBe('timeout');
    const logs = (await eventsOf(line.store, job_id)).filter(({ kind }) => kind === 'log');
    expect(logs).toHaveLength(1);
  });

  test.each(['down', 'silent'] as const)(
    'stops the code as lost once the lock may have run out (%s)',
    async (fault) => {
      const faults = ({ method }: { method: string }) =>
        method === 'heartbeat' ? fault : undefined;
      const line = await createLine([demo(untilStopped)], { faults });
      const { job_id, status, job_status, error_message, duration_seconds } = await line.runOne();
      expect([status, job_status, duration_seconds]).toEqual(['lost', null, 120]);
      expect(error_message).toBe('the lock could not be extended in time');
      expect(line.called()).not.toContain('recordExecutions');
      const { job, executions } = await detailOf(line.store, job_id);
      expect([job.status, executions[0]?.status]).toEqual(['locked', 'running']);
      expect((await line.start({ max_jobs: 0 })).picked).toBe(0);
      const { released } = await line.store.claimJobs(claimRequest());
      expect(released).toMatchObject([{ job_id, job_status: 'waiting' }]);
    },
  );

  test('counts from the last beat that got through', async () => {
    const faults = ({ method, nth }: { method: string; nth: number }) =>
      method === 'heartbeat' && nth > 4 ? 'down' : undefined;
    const line = await createLine([demo(untilStopped)], { faults });
    const { status, duration_seconds } = await line.runOne();
    expect([status, duration_seconds]).toEqual(['lost', 140]);
  });

  test('counts from when the lock was asked for, not from when the answer came', async () => {
    // The claim is carried out at once, but heard of 20 s later; every beat fails.
    const faults = ({ method, nth }: { method: string; nth: number }) => {
      if (method === 'claimJobs' && nth === 1) return 'answer lost' as const;
      if (method === 'claimJobs' && line.seconds() < 20) return 'down' as const;
      return method === 'heartbeat' ? ('down' as const) : undefined;
    };
    const line = await createLine([demo(untilStopped)], { faults });
    await line.create();
    const running = line.start({ max_jobs: 1 });
    const { outcomes } = await line.until(running);
    expect(outcomes).toEqual({ lost: 1 });
    expect(line.seconds()).toBeLessThanOrEqual(121);
  });
});

test('a beat that fails for another reason than the store being away fails the execution', async () => {
  const faults = onCalls('heartbeat', new TypeError('no such column'), 1);
  const line = await createLine([demo(untilStopped)], { faults });
  const { status, job_status, error_message } = await line.runOne();
  expect([status, job_status, error_message]).toEqual(['failed', 'waiting', 'no such column']);
});

test('a job whose code never looks at its signal is found lost all the same', async () => {
  const faults = ({ method }: { method: string }) => (method === 'heartbeat' ? 'down' : undefined);
  const line = await createLine([demo(forever)], { faults });
  const { status, duration_seconds } = await line.runOne();
  expect([status, duration_seconds]).toEqual(['lost', 122]);
});
