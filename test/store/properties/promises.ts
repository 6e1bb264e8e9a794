// What each action must bring, worked out from the snapshot before it.
import { expect } from '@jest/globals';
import type { Claim, ClaimRequest } from '../../../src/core/claim.ts';
import { type Job, type JobStatus, type Move, moves, type Pick } from '../../../src/core/job.ts';
import type { ExecutionRecord } from '../../../src/core/store.ts';
import { failed, retried, succeeded, yielded } from '../../support/jobs.ts';
import type { Outcome } from './actions.ts';
import type { Seen, Snapshot } from './snapshot.ts';

export const jobIn = ({ jobs }: Snapshot, jobId: string) => {
  const seen = jobs.get(jobId);
  if (!seen) throw new Error(`job ${jobId} is not in the story`);
  return seen;
};

/** Whether the lock that came with this pick still holds. */
export const isHeld = (before: Snapshot, { fence }: Pick): boolean => {
  const { job } = jobIn(before, fence.job_id);
  const expires = job.lock_expires_at?.getTime() ?? 0;
  return job.lock_epoch === fence.lock_epoch && expires > before.now.getTime();
};

export const expired = ({ jobs, now }: Snapshot): Job[] =>
  [...jobs.values()]
    .map(({ job }) => job)
    .filter((job) => job.status === 'locked' && Number(job.lock_expires_at) <= now.getTime());

const statusAfterLoss = (job: Job): JobStatus => {
  if (job.cancel_requested_at !== null) return 'cancelled';
  return job.current_retries < job.max_retries ? 'waiting' : 'failed';
};

/** The jobs a claim has to pick, in order, when all expired locks are released first. */
export const expectedPicks = (before: Snapshot, request: ClaimRequest): string[] => {
  const lost = new Set(expired(before).filter((job) => statusAfterLoss(job) === 'waiting'));
  return [...before.jobs.values()]
    .map(({ job }) => job)
    .filter((job) => job.status === 'waiting' || lost.has(job))
    .filter((job) => request.job_types.includes(job.job_type) && job.run_at <= before.now)
    .toSorted((a, b) => b.priority - a.priority || Number(a.run_at) - Number(b.run_at))
    .slice(0, request.execution_ids.length)
    .map(({ job_id }) => job_id);
};

export const expectReleased = (after: Snapshot, lost: Job[], released: Claim['released']): void => {
  const told = new Map(released.map((one) => [one.job_id, one.job_status]));
  expect(told).toEqual(new Map(lost.map((job) => [job.job_id, statusAfterLoss(job)])));
  for (const { job_id, lock_epoch, current_retries, max_retries } of lost) {
    expect(jobIn(after, job_id).executions[lock_epoch - 1]?.status).toBe('lost');
    const used = Math.min(current_retries + 1, max_retries);
    expect(jobIn(after, job_id).job.current_retries).toBe(used);
  }
};

export const recordOf = (
  pick: Pick,
  job: Job,
  outcome: Outcome,
  delay: number,
): ExecutionRecord => {
  if (outcome === 'success') return succeeded(pick);
  if (outcome === 'yielded') return { ...yielded(pick), delay_seconds: delay };
  if (outcome === 'cancelled') return failed(pick, { status: outcome, job_status: 'cancelled' });
  if (outcome === 'retry' && job.current_retries < job.max_retries) return retried(pick, delay);
  return failed(pick, { status: outcome === 'timeout' ? 'timeout' : 'failed' });
};

export const keyIsTaken = ({ jobs }: Snapshot, { unique_key }: Job): boolean =>
  unique_key !== null &&
  [...jobs.values()].some(({ job }) => job.unique_key === unique_key && job.finished_at === null);

export const statusAfterMove = ({ job, depends_on }: Seen, move: Move): JobStatus => {
  if (move === 'cancel' && job.status === 'locked') return 'locked';
  const open = depends_on.some((status) => status !== 'success');
  return moves[move].to === 'waiting' && open ? 'blocked' : moves[move].to;
};
