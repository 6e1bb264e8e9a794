// What running code learns from each of its writes: that somebody asked it to stop, or that its lock
// is gone.
import { describe, expect, test } from '@jest/globals';
import type { JobContext } from '../../src/index.ts';
import { settle } from '../support/clock.ts';
import { claimRequest, succeeded } from '../support/jobs.ts';
import { detailOf, dump, jobOf } from '../support/store.ts';
import { createLine, demo, untilStopped } from './line.ts';

/** A promise to be opened by hand. */
const gate = () => {
  let open = (): void => undefined;
  const opened = new Promise<void>((resolve) => {
    open = resolve;
  });
  return { opened, open };
};

const writes: [string, (ctx: JobContext) => Promise<unknown>][] = [
  ['step', ({ step }) => step('any', () => 1)],
  ['progress', ({ progress }) => progress(50)],
];

describe('a cancel', () => {
  test('is noticed by the next beat and ends the job as cancelled', async () => {
    const line = await createLine([demo(untilStopped)]);
    const id = await line.create();
    const running = line.start();
    await line.clock.advance(1000);
    await line.store.moveJob(id, 'cancel');
    const { executions } = await line.until(running);
    expect(executions[0]).toMatchObject({
      status: 'cancelled',
      job_status: 'cancelled',
      error_message: 'cancelled by request',
      duration_seconds: 5,
    });
    expect((await jobOf(line.store, id)).status).toBe('cancelled');
  });

  test.each(writes)('is noticed by a %s, without waiting for a beat', async (_, write) => {
    const { opened, open } = gate();
    const line = await createLine([
      demo(async (ctx) => {
        await opened;
        await write(ctx);
        ctx.signal.throwIfAborted();
        return 'went on';
      }),
    ]);
    const id = await line.create();
    const running = line.start();
    await settle();
    await line.store.moveJob(id, 'cancel');
    open();
    const { executions } = await running;
    expect(executions[0]).toMatchObject({ status: 'cancelled', job_status: 'cancelled' });
    expect(line.called()).not.toContain('heartbeat');
  });

  test('keeps the work of a step from beginning', async () => {
    let begun = false;
    const { opened, open } = gate();
    const line = await createLine([
      demo(async ({ step }) => {
        await opened;
        await step('costly', () => {
          begun = true;
        });
      }),
    ]);
    const id = await line.create();
    const running = line.start();
    await settle();
    await line.store.moveJob(id, 'cancel');
    open();
    await running;
    expect(begun).toBe(false);
  });

  test('that comes after the code was done does not undo its success', async () => {
    const { opened, open } = gate();
    const line = await createLine([demo(() => opened)]);
    const id = await line.create();
    const running = line.start();
    await settle();
    await line.store.moveJob(id, 'cancel');
    open();
    expect((await running).outcomes).toEqual({ success: 1 });
    expect((await jobOf(line.store, id)).status).toBe('success');
  });

  test('that comes before a failure leaves nothing to retry, and the drain says so', async () => {
    const { opened, open } = gate();
    const line = await createLine([demo(() => opened.then(() => Promise.reject(new Error('no'))))]);
    const id = await line.create();
    const running = line.start();
    await settle();
    await line.store.moveJob(id, 'cancel');
    open();
    const { executions } = await running;
    expect((await jobOf(line.store, id)).status).toBe('cancelled');
    expect(executions[0]).toMatchObject({ job_status: 'cancelled', retry_in_seconds: null });
  });
});

/** The lock expires while this instance does not look, and `b` runs the job to its end. */
const overtaken = async (write: (ctx: JobContext) => Promise<unknown>) => {
  const { opened, open } = gate();
  const seen: unknown[] = [];
  const line = await createLine([
    demo(async (ctx) => {
      await opened;
      await write(ctx).catch((error) => seen.push(error));
      return 'by a';
    }),
  ]);
  const id = await line.create();
  let stalled = true;
  const { clock } = line;
  // A stalled instance: its timers fire no more.
  const frozen = {
    turn: settle,
    now: () => (stalled ? 0 : clock.now()),
    after: (ms: number, fn: () => void) => clock.after(ms, () => (stalled ? undefined : fn())),
  };
  const running = line.start({ max_jobs: 1 }, { clock: frozen });
  await clock.advance(121_000);
  const { picks } = await line.store.claimJobs(claimRequest({ instance_id: 'b' }));
  await line.store.recordExecutions([succeeded(picks[0]!, { result: 'by b' })]);
  const before = await dump(line.store, [id]);
  stalled = false;
  open();
  const tally = await line.until(running);
  return { tally, seen, id, before, after: await dump(line.store, [id]), line };
};

describe('a lost lock', () => {
  test.each(writes)('is told to a %s, which changes nothing', async (_, write) => {
    const { tally, seen, before, after } = await overtaken(write);
    expect(seen).toMatchObject([{ name: 'StoppedError', why: 'lost' }]);
    expect(tally.executions[0]).toMatchObject({
      status: 'lost',
      job_status: null,
      error_message: 'the lock expired or another instance holds the job',
    });
    expect(after).toEqual(before);
  });

  test('is told to the record, and the success of the other instance stands', async () => {
    const { tally, before, after, id, line } = await overtaken(async () => undefined);
    expect(tally.outcomes).toEqual({ lost: 1 });
    expect(tally.executions[0]?.error_message).toBe('the lock was lost before recording');
    expect(after).toEqual(before);
    const { executions } = await detailOf(line.store, id);
    expect(executions.map(({ status, result }) => [status, result])).toEqual([
      ['lost', null],
      ['success', 'by b'],
    ]);
    expect(line.eventsNamed('job.lost')).toHaveLength(1);
    expect(line.eventsNamed('job.recorded')).toHaveLength(0);
  });

  test('is noticed by the next beat, which stops the code', async () => {
    const line = await createLine([demo(untilStopped)]);
    const id = await line.create();
    const running = line.start({ max_jobs: 1 });
    await line.clock.advance(6000);
    // Nobody waits two minutes: an administrator's clock jumps ahead, and the lock with it.
    const { openSqlite } = await import('../../src/stores/sqlite/open.ts');
    const { store: where } = await line.store.inspect();
    const path = where.replace('SQLite file ', '');
    const ahead = await openSqlite(path, { now: () => new Date(Date.UTC(2031, 4, 17, 10)) });
    await ahead.claimJobs(claimRequest({ instance_id: 'b' }));
    await ahead.close();
    const { executions } = await line.until(running);
    expect(executions[0]).toMatchObject({ status: 'lost', duration_seconds: 10 });
    expect((await jobOf(line.store, id)).locked_by).toBe('b');
  });

  test('does not keep the drain from the next job', async () => {
    const faults = ({ method, nth }: { method: string; nth: number }) =>
      method === 'heartbeat' && nth <= 24 ? 'down' : undefined;
    const line = await createLine([demo((ctx) => (ctx.job.name === 'a' ? untilStopped(ctx) : 1))], {
      faults,
    });
    await line.create({ name: 'a', priority: 1, max_retries: 0 });
    await line.create({ name: 'b' });
    const { outcomes, released } = await line.drain();
    expect(outcomes).toEqual({ lost: 1, success: 1 });
    expect(released).toBe(1);
  });
});
