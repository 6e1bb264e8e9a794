// Recording: turns a fixed outcome into one write, and may ask for the next job in the same call.

import type { AlertPolicy, NotedAlert } from './alert.ts';
import type { Claim, ClaimRequest } from './claim.ts';
import type { Executed } from './execute.ts';
import type { JobStatus, Pick } from './job.ts';
import { decide, type Verdict } from './retry.ts';
import type { DrainStore } from './store.ts';
import { told } from './stretch.ts';

export interface RecordedExecution {
  /** null when the lock was lost: then nothing was written and someone else decides */
  verdict: Verdict | null;
  /** where the job went: a cancel may have come between */
  job_status: JobStatus | null;
  /** the next job, when one was asked for */
  claim: Claim | null;
  alerts: NotedAlert[];
}

/** What is asked in the same call. */
export interface Asked {
  next: ClaimRequest | null;
  alert: AlertPolicy | null;
}

/**
 * `random` gives numbers in [0, 1). A store fault is thrown on: the outcome stays unrecorded and the job is
 * left to its lock's expiry, never turned into a failed one.
 */
export const record = async (
  pick: Pick,
  { outcome, logs, stretch_seconds }: Executed,
  store: DrainStore,
  random: () => number,
  { next, alert }: Asked,
): Promise<RecordedExecution> => {
  if (outcome.status === 'lost') {
    const claim = next === null ? null : await store.claimJobs(next);
    return { verdict: null, job_status: null, claim, alerts: [] };
  }
  const verdict = decide(outcome, pick.job, random());
  const learned = { stretch_seconds: told(stretch_seconds, random()) };
  const records = [{ fence: pick.fence, logs, alert, ...learned, ...verdict }];
  const answer = await store.recordExecutions(records, next ?? undefined);
  const { job_statuses, claim, alerts } = answer;
  const job_status = job_statuses[0] ?? null;
  return { verdict: job_status === null ? null : verdict, job_status, claim, alerts };
};
