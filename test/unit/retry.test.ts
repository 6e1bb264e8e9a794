// The retry policy: how long a retry waits, and what an outcome means for its job.
import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { decide, MAX_DELAY_SECONDS, retryDelaySeconds } from '../../src/core/retry.ts';
import { sqliteData } from '../support/sqlite.ts';
import { createJob, jobOf } from '../support/store.ts';

const seed = 20262;
const delay = fc.integer({ min: 0, max: 31_536_000 });
const used = fc.nat({ max: 1000 });
const random = fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true });

const error = { name: 'Error', message: 'it broke', stack: null };

const data = await sqliteData();
const store = await data.open();
const stored = await jobOf(store, await createJob(store, { max_retries: 2 }));
await data.close();
const jobAfter = (current_retries: number) => ({ ...stored, current_retries });

describe('the delay of a retry', () => {
  test('a fixed delay is always the same', () => {
    fc.assert(
      fc.property(delay, used, random, (retry_delay_seconds, retries, chance) => {
        const policy = { retry_delay_seconds, retry_backoff: 'fixed' } as const;
        expect(retryDelaySeconds(policy, retries, chance)).toBe(retry_delay_seconds);
      }),
      { seed },
    );
  });

  test('an exponential delay doubles with every retry used, up to six hours', () => {
    const policy = { retry_delay_seconds: 30, retry_backoff: 'exponential' } as const;
    const delays = [0, 1, 2, 3, 9, 10, 1000].map((retries) =>
      retryDelaySeconds(policy, retries, 0),
    );
    expect(delays).toEqual([30, 60, 120, 240, 15_360, 21_600, 21_600]);
    expect(MAX_DELAY_SECONDS).toBe(21_600);
  });

  test('chance adds up to a fifth', () => {
    const policy = { retry_delay_seconds: 100, retry_backoff: 'exponential' } as const;
    expect(retryDelaySeconds(policy, 0, 0.5)).toBeCloseTo(110);
    expect(retryDelaySeconds(policy, 1, 0.999_999)).toBeCloseTo(240, 2);
  });

  test('a delay never shrinks with more retries, is never below the policy’s own, and is bounded', () => {
    fc.assert(
      fc.property(delay, used, random, (retry_delay_seconds, retries, chance) => {
        const policy = { retry_delay_seconds, retry_backoff: 'exponential' } as const;
        const now = retryDelaySeconds(policy, retries, chance);
        expect(retryDelaySeconds(policy, retries + 1, chance)).toBeGreaterThanOrEqual(now);
        expect(now).toBeGreaterThanOrEqual(retry_delay_seconds);
        expect(now).toBeLessThanOrEqual(1.2 * Math.max(MAX_DELAY_SECONDS, retry_delay_seconds));
      }),
      { seed },
    );
  });
});

describe('what an outcome means for its job', () => {
  const nothing = { delay_seconds: 0, retry_used: false, result: null, error: null };

  test('a success finishes it with its result', () => {
    expect(decide({ status: 'success', result: [1] }, jobAfter(2), 0)).toEqual({
      ...nothing,
      status: 'success',
      job_status: 'success',
      result: [1],
    });
  });

  test.each(['failed', 'timeout'] as const)('%s with retries left waits and uses one', (status) => {
    expect(decide({ status, error, final: false }, jobAfter(1), 0)).toEqual({
      ...nothing,
      status,
      job_status: 'waiting',
      delay_seconds: 60,
      retry_used: true,
      error,
    });
  });

  test.each(['failed', 'timeout'] as const)('%s with no retry left fails the job', (status) => {
    const verdict = { ...nothing, status, job_status: 'failed', error };
    expect(decide({ status, error, final: false }, jobAfter(2), 0)).toEqual(verdict);
    const without = { ...jobAfter(0), max_retries: 0 };
    expect(decide({ status, error, final: false }, without, 0)).toEqual(verdict);
  });

  test('a failure that no retry can help fails the job at once', () => {
    expect(decide({ status: 'failed', error, final: true }, jobAfter(0), 0)).toEqual({
      ...nothing,
      status: 'failed',
      job_status: 'failed',
      error,
    });
  });

  test('a cancelled execution cancels its job', () => {
    expect(decide({ status: 'cancelled', error }, jobAfter(0), 0)).toMatchObject({
      status: 'cancelled',
      job_status: 'cancelled',
      retry_used: false,
    });
  });

  test('an execution that yielded goes on after its own delay and uses no retry', () => {
    expect(decide({ status: 'yielded', error, delay_seconds: 90 }, jobAfter(2), 0.7)).toEqual({
      ...nothing,
      status: 'yielded',
      job_status: 'waiting',
      delay_seconds: 90,
      error,
    });
  });

  test('a job that always fails is tried once and then as often as its retries allow', () => {
    fc.assert(
      fc.property(fc.nat({ max: 20 }), random, (max_retries, chance) => {
        let executions = 0;
        let job = { ...stored, max_retries, current_retries: 0 };
        for (let status = 'waiting'; status === 'waiting'; executions += 1) {
          const verdict = decide({ status: 'failed', error, final: false }, job, chance);
          if (verdict.retry_used) job = { ...job, current_retries: job.current_retries + 1 };
          status = verdict.job_status;
        }
        expect(executions).toBe(max_retries + 1);
      }),
      { seed },
    );
  });
});
