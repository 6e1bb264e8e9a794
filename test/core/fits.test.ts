// Jobs that outlive their invocation: they go on from their steps; what cannot get on does not stand
// in the way of others; what would not fit any more is left to an invocation with more time.
import { describe, expect, test } from '@jest/globals';
import { sleep } from '../../src/core/clock.ts';
import type { JobContext } from '../../src/core/definition.ts';
import { detailOf, jobOf } from '../support/store.ts';
import { createLine, demo, type Line, untilStopped } from './line.ts';

/** Code that takes so long, by the line's own clock, and stops when told. */
const taking =
  (line: () => Line, seconds: number) =>
  ({ signal }: JobContext) =>
    sleep(line().clock, seconds * 1000, signal);

const INVOCATION = { time_left_ms: 60_000 };

describe('a job of steps', () => {
  test('of one second each, forty of them, ends over several invocations of 10 s', async () => {
    const worked: number[] = [];
    const line: Line = await createLine([
      demo(async ({ step, signal }) => {
        for (let number = 1; number <= 40; number += 1) {
          await step(`step-${number}`, async () => {
            await sleep(line.clock, 1000, signal);
            worked.push(number);
          });
        }
      }),
    ]);
    const id = await line.create({ max_retries: 0 });
    let invocations = 0;
    while ((await jobOf(line.store, id)).status !== 'success') {
      await line.drain({ time_left_ms: 10_000 });
      invocations += 1;
      expect(invocations).toBeLessThanOrEqual(6);
    }
    expect(worked).toEqual(Array.from({ length: 40 }, (_, at) => at + 1));
    const { job, executions, steps } = await detailOf(line.store, id);
    expect(job).toMatchObject({ current_retries: 0, lock_epoch: invocations });
    expect(executions.slice(0, -1).every(({ status }) => status === 'yielded')).toBe(true);
    expect(steps).toHaveLength(40);
  });

  test('is picked when a step fits, however long all of them took elsewhere', async () => {
    const line: Line = await createLine([
      demo(async ({ step, signal }) => {
        for (let number = 1; number <= 40; number += 1) {
          await step(`step-${number}`, () => sleep(line.clock, 2000, signal));
        }
      }),
    ]);
    for (let i = 0; i < 4; i += 1) await line.create();
    // Without a deadline, as in `work`: 80 s each, in stretches of two.
    expect(await line.drain({ max_jobs: 3 })).toMatchObject({ outcomes: { success: 3 } });
    expect(await line.drain({ time_left_ms: 10_000 })).toMatchObject({ outcomes: { yielded: 1 } });
    expect(
      (await detailOf(line.store, (await line.store.listJobs({ limit: 1 }))[0]!.job_id)).steps,
    ).not.toHaveLength(0);
  });
});

describe('a job without steps that needs longer than an invocation', () => {
  test('goes on at once the first time, then lets others have nine tenths of the time', async () => {
    const line = await createLine([demo(untilStopped), demo(() => 1, { type: 'quick' })]);
    await line.create({ priority: 10 });
    await line.create({ job_type: 'quick' });
    const first = await line.drain(INVOCATION);
    expect(first.executions).toMatchObject([{ status: 'yielded', retry_in_seconds: 0 }]);
    const second = await line.drain(INVOCATION);
    expect(second.executions).toMatchObject([{ status: 'yielded', retry_in_seconds: 550 }]);
    expect(second.executions[0]?.error_message).toBe(
      "stopped by the platform's deadline after 55 s in which no step was finished; it needs steps, or a function that may run longer",
    );
    const third = await line.drain(INVOCATION);
    expect(third).toMatchObject({ outcomes: { success: 1 }, stopped: 'empty' });
    expect(third.next_due_seconds).toBeGreaterThan(500);
  });

  test('uses no retry, and is done by an instance that has the time', async () => {
    const line: Line = await createLine([demo(taking(() => line, 100))]);
    const id = await line.create({ max_retries: 0 });
    await line.drain(INVOCATION);
    await line.drain(INVOCATION);
    await line.clock.advance(600_000);
    expect(await line.drain({})).toMatchObject({ outcomes: { success: 1 } });
    expect(await jobOf(line.store, id)).toMatchObject({ status: 'success', current_retries: 0 });
  });

  test('does not wait when it was only begun too late', async () => {
    const line: Line = await createLine([
      demo(taking(() => line, 30)),
      demo(
        taking(() => line, 30),
        { type: 'long' },
      ),
    ]);
    const late = await line.create({ job_type: 'long' });
    for (let i = 0; i < 2; i += 1) {
      await line.create({ priority: 10 });
      const tally = await line.drain({ time_left_ms: 60_000 });
      expect(tally.executions[1]).toMatchObject({ job_id: late, status: 'yielded' });
    }
    const { executions } = await line.drain({ time_left_ms: 60_000 });
    expect(executions).toMatchObject([{ job_id: late, status: 'success' }]);
  });
});

describe('a type that has been seen to need long', () => {
  /** Three jobs of `demo` that took so long have been seen. */
  const seen = async (seconds: number[], random = 0.5) => {
    let at = 0;
    const line: Line = await createLine(
      [
        demo((ctx) => taking(() => line, seconds[at++] ?? 20)(ctx)),
        demo((ctx) => taking(() => line, 10)(ctx), { type: 'short' }),
      ],
      { random: () => random },
    );
    for (const _ of seconds) await line.create();
    await line.drain({});
    return line;
  };

  test('is left to another invocation when it would not fit, while others are picked', async () => {
    const line = await seen([20, 20, 20]);
    await line.create({ job_type: 'short', priority: 10 });
    const id = await line.create();
    const tally = await line.drain({ time_left_ms: 30_000 });
    expect(tally).toMatchObject({ outcomes: { success: 1 }, stopped: 'too_long' });
    expect(tally.executions).toMatchObject([{ job_type: 'short' }]);
    expect(line.eventsNamed('type.left')).toEqual([
      {
        event: 'type.left',
        job_type: 'demo',
        usual_seconds: 20,
        left_seconds: expect.closeTo(15, 0),
      },
    ]);
    expect((await jobOf(line.store, id)).lock_epoch).toBe(0);
    expect(await line.drain({ time_left_ms: 30_000 })).toMatchObject({ outcomes: { success: 1 } });
  });

  test('is not left when nothing is known of a deadline', async () => {
    const line = await seen([20, 20, 20]);
    await line.create();
    expect(await line.drain({})).toMatchObject({ outcomes: { success: 1 } });
  });

  test('is picked by a fresh invocation when half of its jobs would fit', async () => {
    const line = await seen([20, 20, 300, 300, 20]);
    await line.create();
    expect(await line.drain({ time_left_ms: 60_000 })).toMatchObject({ outcomes: { success: 1 } });
  });

  test('and is left also by a fresh one when most would not', async () => {
    const line = await seen([20, 300, 300]);
    await line.create();
    const tally = await line.drain({ time_left_ms: 60_000 });
    expect(tally).toMatchObject({ picked: 0, stopped: 'too_long' });
  });

  test('is tried one time in five when half of its jobs would fit, or it could wait for ever', async () => {
    for (const [random, picked] of [
      [0.2, 0],
      [0.19, 1],
    ] as const) {
      const line = await seen([5, 5, 5, 100], random);
      await line.create({ job_type: 'short', priority: 10 });
      await line.create();
      const { executions } = await line.drain({ time_left_ms: 60_000 });
      expect(executions.filter(({ job_type }) => job_type === 'demo')).toHaveLength(picked);
    }
  });

  test('is not known from one job that hangs, however often it does', async () => {
    const line: Line = await createLine(
      [demo((ctx) => (ctx.job.name === 'hangs' ? untilStopped : taking(() => line, 0.2))(ctx))],
      { random: () => 0.99 },
    );
    await line.create({ name: 'hangs', priority: 10 });
    for (let tick = 0; tick < 60; tick += 1) {
      await line.create();
      await line.drain({ time_left_ms: 60_000 });
      await line.clock.advance(300_000 - (line.clock.now() % 300_000));
    }
    const waiting = await line.store.listJobs({ status: 'waiting', limit: 100 });
    expect(waiting.map(({ name }) => name)).toEqual(['hangs']);
  });

  test('is known from what the deadline stopped, too: three times, then others go first', async () => {
    const line = await createLine([demo(untilStopped), demo(() => 1, { type: 'quick' })], {
      random: () => 0.5,
    });
    for (let i = 0; i < 5; i += 1) await line.create({ priority: 10 });
    await line.create({ job_type: 'quick' });
    for (let i = 0; i < 3; i += 1) {
      expect(await line.drain(INVOCATION)).toMatchObject({ outcomes: { yielded: 1 } });
    }
    const fourth = await line.drain(INVOCATION);
    expect(fourth).toMatchObject({ outcomes: { success: 1 }, stopped: 'too_long' });
    expect(line.eventsNamed('type.left')).toMatchObject([{ job_type: 'demo', usual_seconds: 110 }]);
  });
});

describe('of jobs that take less than a second', () => {
  const toldOf = async (random: number) => {
    const line: Line = await createLine([demo(taking(() => line, 0.9))], { random: () => random });
    await line.create();
    await line.drain({});
    const calls = line.calls.filter(({ method }) => method === 'recordExecutions');
    const records = calls.flatMap(({ args }) => args[0] as { stretch_seconds: number | null }[]);
    expect(records).toHaveLength(1);
    return records[0]?.stretch_seconds ?? null;
  };

  test('nineteen in twenty are not told of, for they fit whenever anything does', async () => {
    expect(await toldOf(0.05)).toBeNull();
    expect(await toldOf(0.99)).toBeNull();
    expect(await toldOf(0.049)).toBeCloseTo(0.9);
  });
});
