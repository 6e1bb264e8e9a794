// The retry policy: what an outcome means for its job. Decided here alone; stores compare and set.
import type { Job } from './job.ts';
import type { Outcome } from './outcome.ts';
import type { ExecutionRecord } from './store.ts';

type Policy = { retry_delay_seconds: number; retry_backoff: Job['retry_backoff'] };

/** No retry waits longer than this. */
export const MAX_DELAY_SECONDS = 6 * 60 * 60;

/**
 * Seconds until the next try. `fixed`: always the delay. `exponential`: the delay, doubled for each
 * retry used, at most six hours, plus up to a fifth so that jobs that failed together do not return
 * together. `random` is in [0, 1).
 */
export const retryDelaySeconds = (policy: Policy, retriesUsed: number, random: number): number => {
  const { retry_delay_seconds, retry_backoff } = policy;
  if (retry_backoff === 'fixed') return retry_delay_seconds;
  const doubled = retry_delay_seconds * 2 ** Math.min(retriesUsed, 30);
  const ceiling = Math.max(MAX_DELAY_SECONDS, retry_delay_seconds);
  return Math.min(doubled, ceiling) * (1 + random * 0.2);
};

export type Verdict = Pick<
  ExecutionRecord,
  'status' | 'job_status' | 'delay_seconds' | 'retry_used' | 'result' | 'error'
>;

/** From an outcome to what is recorded. `random` is in [0, 1). */
export const decide = (
  outcome: Exclude<Outcome, { status: 'lost' }>,
  job: Job,
  random: number,
): Verdict => {
  const ended = { delay_seconds: 0, retry_used: false, result: null, error: null };
  switch (outcome.status) {
    case 'success':
      return { ...ended, status: 'success', job_status: 'success', result: outcome.result };
    case 'cancelled':
      return { ...ended, status: 'cancelled', job_status: 'cancelled', error: outcome.error };
    case 'yielded': {
      const { status, error, delay_seconds } = outcome;
      return { ...ended, status, job_status: 'waiting', delay_seconds, error };
    }
    default: {
      const { status, error, final } = outcome;
      if (final || job.current_retries >= job.max_retries) {
        return { ...ended, status, job_status: 'failed', error };
      }
      const delay_seconds = retryDelaySeconds(job, job.current_retries, random);
      return { ...ended, status, job_status: 'waiting', delay_seconds, retry_used: true, error };
    }
  }
};
