// Code that takes too long: how it is stopped, and how little depends on its cooperation.
import { getEventListeners } from 'node:events';
import { describe, expect, test } from '@jest/globals';
import { z } from '../../src/index.ts';
import { settle } from '../support/clock.ts';
import { detailOf, jobOf } from '../support/store.ts';
import { createLine, demo, forever, untilStopped } from './line.ts';

describe('the limit of one execution', () => {
  test.each<[string, number | undefined, number | null, number]>([
    ['is 30 minutes unless somebody says', undefined, null, 1800],
    ['is that of the job type', 40, null, 40],
    ['is that of the job before that of its type', 40, 15, 15],
    ['may be longer with the job than with its type', 40, 90, 90],
    ['may be a fraction of a second', undefined, 0.25, 0.25],
  ])('%s', async (_, timeout, timeout_seconds, expected) => {
    const line = await createLine([demo(untilStopped, timeout === undefined ? {} : { timeout })]);
    const { status, job_status, error_message, duration_seconds } = await line.runOne({
      timeout_seconds,
    });
    expect([status, job_status]).toEqual(['timeout', 'waiting']);
    expect(error_message).toBe(`took longer than ${expected} s`);
    expect(duration_seconds).toBe(expected);
  });

  test('used up with the last retry ends the job as failed', async () => {
    const line = await createLine([demo(untilStopped)]);
    const { status, job_status } = await line.runOne({ timeout_seconds: 5, max_retries: 0 });
    expect([status, job_status]).toEqual(['timeout', 'failed']);
  });

  test('covers a config schema that never comes to an answer', async () => {
    const config = z.looseObject({}).refine(forever);
    const line = await createLine([{ type: 'demo', config, run: () => 'never' }]);
    const { status } = await line.runOne({ timeout_seconds: 5 });
    expect(status).toBe('timeout');
  });

  test('keeps code from starting when its config was accepted too late', async () => {
    let started = false;
    let accept = (_: boolean): void => undefined;
    const config = z.looseObject({}).refine(
      () =>
        new Promise<boolean>((resolve) => {
          accept = resolve;
        }),
    );
    const run = () => {
      started = true;
    };
    const line = await createLine([{ type: 'demo', config, run }]);
    expect((await line.runOne({ timeout_seconds: 5 })).status).toBe('timeout');
    accept(true);
    await settle();
    expect(started).toBe(false);
  });

  test('is told to the code as time that is left', async () => {
    const seen: number[] = [];
    const line = await createLine([
      demo(async ({ deadline, throttle }) => {
        seen.push(deadline());
        await throttle('k', 4);
        await throttle('k', 4);
        seen.push(deadline());
      }),
    ]);
    await line.runOne({ timeout_seconds: 10 });
    expect(seen).toEqual([10_000, 6000]);
  });
});

describe('code that was stopped', () => {
  test('is no success, even when it ends in peace', async () => {
    const line = await createLine([demo((ctx) => untilStopped(ctx).catch(() => 'as if done'))]);
    const { status, result } = await line.runOne({ timeout_seconds: 5 });
    expect([status, result]).toEqual(['timeout', null]);
  });

  test('hears why by its signal', async () => {
    const reasons: unknown[] = [];
    const line = await createLine([
      demo((ctx) => untilStopped(ctx).catch((reason) => reasons.push(reason))),
    ]);
    await line.runOne({ timeout_seconds: 5 });
    expect(reasons).toMatchObject([{ name: 'StoppedError', why: 'timeout' }]);
  });

  test('is left behind after two seconds when it goes on regardless', async () => {
    const line = await createLine([demo(({ fence }) => (fence.lock_epoch > 1 ? 1 : forever()))]);
    const stuck = await line.create({ timeout_seconds: 10, priority: 1 });
    const next = await line.create({ timeout_seconds: 10, max_retries: 0 });
    const { executions, outcomes } = await line.drain({ max_jobs: 2 });
    expect(outcomes).toEqual({ timeout: 2 });
    expect(executions.map(({ duration_seconds }) => duration_seconds)).toEqual([12, 12]);
    expect((await jobOf(line.store, stuck)).status).toBe('waiting');
    expect((await jobOf(line.store, next)).status).toBe('failed');
    expect(line.clock.timers).toBe(0);
  });

  test('may be rejected long after it was left behind, and nobody minds', async () => {
    let fail = (_: unknown): void => undefined;
    const run = () =>
      new Promise((_, reject) => {
        fail = reject;
      });
    const line = await createLine([demo(run)]);
    const { job_id, status } = await line.runOne({ timeout_seconds: 10, max_retries: 0 });
    expect(status).toBe('timeout');
    const before = await detailOf(line.store, job_id);
    fail(new Error('much too late')); // were it unhandled, the test would fail
    await settle();
    await settle();
    expect(await detailOf(line.store, job_id)).toEqual(before);
  });

  test('may answer long after it was left behind, and nothing changes', async () => {
    let finish = (_: unknown): void => undefined;
    const run = () =>
      new Promise((resolve) => {
        finish = resolve;
      });
    const line = await createLine([demo(run)]);
    const { job_id } = await line.runOne({ timeout_seconds: 10, max_retries: 0 });
    finish('late');
    await settle();
    expect((await detailOf(line.store, job_id)).executions).toMatchObject([
      { status: 'timeout', result: null },
    ]);
  });

  test('is stopped once: what comes later does not change why', async () => {
    const stop = new AbortController();
    const line = await createLine([demo(forever)]);
    await line.create({ timeout_seconds: 10 });
    const running = line.start({ interrupt: stop.signal });
    await line.clock.advance(11_000);
    stop.abort('SIGTERM');
    const { executions, stopped } = await line.until(running);
    expect(executions[0]).toMatchObject({ status: 'timeout', duration_seconds: 12 });
    expect(stopped).toBe('interrupted');
  });
});

test('code that is done in time leaves no timer and no listener behind', async () => {
  const stop = new AbortController();
  const line = await createLine([demo(() => 1)]);
  for (let i = 0; i < 20; i += 1) await line.create();
  expect((await line.drain({ interrupt: stop.signal })).outcomes).toEqual({ success: 20 });
  expect(line.clock.timers).toBe(0);
  expect(getEventListeners(stop.signal, 'abort')).toHaveLength(0);
});
