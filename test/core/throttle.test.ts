// throttle(key, seconds): turns that all instances share, waited for on the clock.
import { describe, expect, test } from '@jest/globals';
import { settle } from '../support/clock.ts';
import { jobOf } from '../support/store.ts';
import { createLine, demo, type Line } from './line.ts';

describe('throttle', () => {
  test('spaces the turns of one execution', async () => {
    const at: number[] = [];
    const line = await createLine([
      demo(async ({ throttle }) => {
        for (let i = 0; i < 4; i += 1) {
          await throttle('site', 3);
          at.push(line.seconds());
        }
      }),
    ]);
    await line.runOne();
    expect(at).toEqual([0, 3, 6, 9]);
  });

  test('spaces the turns of several instances', async () => {
    const at: number[] = [];
    const line = await createLine([
      demo(async ({ throttle }) => {
        for (let i = 0; i < 3; i += 1) {
          await throttle('site', 3);
          at.push(line.seconds());
        }
      }),
    ]);
    for (let i = 0; i < 3; i += 1) await line.create();
    const instances = ['a', 'b', 'c'].map((instance_id) =>
      line.start({ max_jobs: 1 }, { instance_id }),
    );
    await line.until(Promise.all(instances), 1000);
    expect(at.toSorted((a, b) => a - b)).toEqual([0, 3, 6, 9, 12, 15, 18, 21, 24]);
  });

  test('is not held up by limiters of other keys', async () => {
    const line = await createLine([
      demo(async ({ throttle }) => {
        await throttle('a', 60);
        await throttle('b', 60);
      }),
    ]);
    expect((await line.runOne()).duration_seconds).toBe(0);
  });

  test('ends its wait when the code is stopped', async () => {
    const stop = new AbortController();
    const line = await createLine([
      demo(async ({ throttle }) => {
        await throttle('site', 60);
        await throttle('site', 60);
      }),
    ]);
    await line.create();
    const running = line.start({ interrupt: stop.signal });
    await line.clock.advance(10_000);
    stop.abort('SIGTERM');
    await settle();
    expect((await running).outcomes).toEqual({ yielded: 1 });
    expect(line.seconds()).toBe(10);
    expect(line.clock.timers).toBe(0);
  });

  test('is not waited for when the wait is longer than the time left: the job goes on later', async () => {
    const line = await createLine([demo(({ throttle }) => throttle('site', 40))]);
    await line.create();
    const late = await line.create();
    const { executions, stopped } = await line.drain({ time_left_ms: 30_000 });
    expect(executions[1]).toMatchObject({
      job_id: late,
      status: 'yielded',
      retry_in_seconds: 40,
      duration_seconds: 0,
      error_message: 'the limiter "site" is busy for 40 s',
    });
    expect(stopped).toBe('empty');
    expect(await jobOf(line.store, late)).toMatchObject({ status: 'waiting', current_retries: 0 });
  });

  /** Drains whenever something is due, each time for `time_left_ms`. */
  const drainAll = async (line: Line, ids: string[], time_left_ms: number) => {
    for (let drains = 1; drains <= 20; drains += 1) {
      const { next_due_seconds } = await line.drain({ time_left_ms });
      const jobs = await Promise.all(ids.map((id) => jobOf(line.store, id)));
      if (jobs.every(({ status }) => status === 'success')) return drains;
      await line.clock.advance((next_due_seconds ?? 1) * 1000);
    }
    return Number.POSITIVE_INFINITY;
  };

  test('longer than every invocation still lets its job have a turn', async () => {
    const line = await createLine([
      demo(async ({ step, throttle }) => {
        for (const name of ['a', 'b', 'c']) await step(name, () => throttle('hourly', 3600));
      }),
    ]);
    const id = await line.create();
    expect(await drainAll(line, [id], 60_000)).toBeLessThanOrEqual(5);
  });

  test('shared by many jobs lets one of them run at each turn', async () => {
    const line = await createLine([demo(({ throttle }) => throttle('slow', 120))]);
    const ids = [await line.create(), await line.create(), await line.create()];
    expect(await drainAll(line, ids, 60_000)).toBeLessThanOrEqual(6);
    expect(line.seconds()).toBeLessThan(600);
  });

  test.each<[string, unknown[]]>([
    ['no number', ['site', Number.NaN]],
    ['below zero', ['site', -5]],
    ['endless', ['site', Number.POSITIVE_INFINITY]],
    ['no text as key', [undefined, 5]],
  ])('with %s fails the job at once, naming the argument', async (_, args) => {
    const line = await createLine([
      demo(({ throttle }) => (throttle as (...given: unknown[]) => Promise<void>)(...args)),
    ]);
    const { job_status, error_message } = await line.runOne();
    expect(job_status).toBe('failed');
    expect(error_message).toMatch(/seconds|key/);
  });
});
