// The retry policy, for any policy, any number of retries and any outcome.
import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { type Job, legalChanges } from '../../src/core/job.ts';
import type { Outcome } from '../../src/core/outcome.ts';
import { decide, MAX_DELAY_SECONDS, retryDelaySeconds } from '../../src/core/retry.ts';

const YEAR = 365 * 24 * 60 * 60;
const random = fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true });
const retriesUsed = fc.integer({ min: 0, max: 1000 });
const delay = fc.double({ min: 0, max: YEAR, noNaN: true });
const exponential = fc.record({
  retry_delay_seconds: delay,
  retry_backoff: fc.constant('exponential' as const),
});

describe('the delay before a retry', () => {
  test('is as given when it is fixed, however often and whatever chance says', () => {
    fc.assert(
      fc.property(delay, retriesUsed, random, (seconds, used, chance) => {
        const policy = { retry_delay_seconds: seconds, retry_backoff: 'fixed' as const };
        expect(retryDelaySeconds(policy, used, chance)).toBe(seconds);
      }),
    );
  });

  test('never is less than the delay asked for, nor endless', () => {
    fc.assert(
      fc.property(exponential, retriesUsed, random, (policy, used, chance) => {
        const seconds = retryDelaySeconds(policy, used, chance);
        expect(seconds).toBeGreaterThanOrEqual(policy.retry_delay_seconds);
        const most = Math.max(MAX_DELAY_SECONDS, policy.retry_delay_seconds) * 1.2;
        expect(seconds).toBeLessThanOrEqual(most);
      }),
    );
  });

  test('never gets shorter from one retry to the next, chance being equal', () => {
    fc.assert(
      fc.property(exponential, retriesUsed, random, (policy, used, chance) => {
        const now = retryDelaySeconds(policy, used, chance);
        expect(retryDelaySeconds(policy, used + 1, chance)).toBeGreaterThanOrEqual(now);
      }),
    );
  });

  test('doubles until six hours', () => {
    const policy = { retry_delay_seconds: 30, retry_backoff: 'exponential' as const };
    const delays = [0, 1, 2, 3, 9, 10, 31, 999].map((used) => retryDelaySeconds(policy, used, 0));
    expect(delays).toEqual([30, 60, 120, 240, 15_360, 21_600, 21_600, 21_600]);
  });

  test('is spread over a fifth, so that jobs which failed together do not return together', () => {
    const policy = { retry_delay_seconds: 100, retry_backoff: 'exponential' as const };
    expect([0, 0.5].map((chance) => retryDelaySeconds(policy, 0, chance))).toEqual([
      100,
      100 * 1.1,
    ]);
  });
});

const error = fc.record({
  name: fc.string(),
  message: fc.string(),
  stack: fc.option(fc.string()),
});
const outcome: fc.Arbitrary<Exclude<Outcome, { status: 'lost' }>> = fc.oneof(
  fc.record({ status: fc.constant('success' as const), result: fc.constant({ any: 'thing' }) }),
  fc.record({
    status: fc.constantFrom('failed' as const, 'timeout' as const),
    error,
    final: fc.boolean(),
  }),
  fc.record({ status: fc.constant('cancelled' as const), error }),
  fc.record({
    status: fc.constant('yielded' as const),
    error,
    delay_seconds: fc.double({ min: 0, max: YEAR, noNaN: true }),
  }),
);
const job = fc
  .record({
    max_retries: fc.integer({ min: 0, max: 1000 }),
    current_retries: fc.integer({ min: 0, max: 1000 }),
    retry_delay_seconds: delay,
    retry_backoff: fc.constantFrom('fixed' as const, 'exponential' as const),
  })
  .map((fields) => fields as Job);

describe('a verdict', () => {
  test('is one the state machine allows, and keeps the word of the execution', () => {
    fc.assert(
      fc.property(outcome, job, random, (given, of, chance) => {
        const verdict = decide(given, of, chance);
        expect(verdict.status).toBe(given.status);
        expect(legalChanges.locked).toContain(verdict.job_status);
        expect(Number.isFinite(verdict.delay_seconds)).toBe(true);
      }),
    );
  });

  test('uses a retry only for a failure that may be tried again, and only while one is left', () => {
    fc.assert(
      fc.property(outcome, job, random, (given, of, chance) => {
        const { retry_used, job_status } = decide(given, of, chance);
        const failure = given.status === 'failed' || given.status === 'timeout';
        const again = failure && !given.final && of.current_retries < of.max_retries;
        expect(retry_used).toBe(again);
        expect(job_status === 'waiting').toBe(again || given.status === 'yielded');
      }),
    );
  });

  test('has a result for a success alone, an error for all else, a delay for what waits', () => {
    fc.assert(
      fc.property(outcome, job, random, (given, of, chance) => {
        const { result, error: told, delay_seconds, job_status } = decide(given, of, chance);
        expect(result === null).toBe(given.status !== 'success');
        expect(told === null).toBe(given.status === 'success');
        if (job_status !== 'waiting') expect(delay_seconds).toBe(0);
      }),
    );
  });

  test('brings every job to an end after its retries, however it fails', () => {
    fc.assert(
      fc.property(job, random, (of, chance) => {
        const failed = { status: 'failed' as const, error: { name: '', message: '', stack: null } };
        let current_retries = 0;
        for (;;) {
          const verdict = decide({ ...failed, final: false }, { ...of, current_retries }, chance);
          if (verdict.job_status === 'failed') break;
          current_retries += 1;
        }
        expect(current_retries).toBe(of.max_retries);
      }),
      { numRuns: 10 },
    );
  });
});
