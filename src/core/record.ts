// Recording: turns a fixed outcome into one write, and may ask for the next job in the same call.
import type { Executed } from './execute.ts';
import type { Pick } from './job.ts';
import { decide, type Verdict } from './retry.ts';
import type { Claim, ClaimRequest, DrainStore } from './store.ts';

export interface RecordedExecution {
  /** null when the lock was lost: then nothing was written and someone else decides */
  verdict: Verdict | null;
  /** the next job, when one was asked for */
  claim: Claim | null;
}

/**
 * `random` is in [0, 1). A store fault is thrown on: the outcome stays unrecorded and the job is
 * left to its lock's expiry, never turned into a failed one.
 */
export const record = async (
  pick: Pick,
  { outcome, logs }: Executed,
  store: DrainStore,
  random: number,
  next: ClaimRequest | null,
): Promise<RecordedExecution> => {
  if (outcome.status === 'lost') {
    return { verdict: null, claim: next === null ? null : await store.claimJobs(next) };
  }
  const verdict = decide(outcome, pick.job, random);
  const records = [{ fence: pick.fence, logs, ...verdict }];
  const { verdicts, claim } = await store.recordExecutions(records, next ?? undefined);
  return { verdict: verdicts[0] === 'recorded' ? verdict : null, claim };
};
