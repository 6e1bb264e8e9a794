// What the SQL functions of sql/postgres answer, and how it becomes what the port promises.
import { type ExecutionStatus, type JobStatus, jobStatuses, type Pick } from '../core/job.ts';
import type { Claim, Hold, JobDetail, Refusal, Released } from '../core/store.ts';
import type { Inspection, Stats } from '../core/upkeep.ts';
import { toExecution, toJob, toStep } from './rows.ts';

interface ClaimAnswer {
  picks: { execution_id: string; job: unknown }[];
  released: Released[];
  next_due_seconds: number | null;
}

export interface RecordAnswer {
  job_statuses: (JobStatus | null)[];
  claim: ClaimAnswer | null;
}

export type HoldAnswer =
  | { held: true; lock_expires_at: string; cancel_requested: boolean }
  | { held: false };

export interface CreateAnswer {
  /** by place in the request */
  existing: { place: number; job_id: string; status: JobStatus }[];
  blocked: string[];
}

export interface MoveAnswer {
  moved: boolean;
  job: unknown;
  reason: Refusal | null;
}

export interface DetailAnswer {
  job: unknown;
  executions: unknown[];
  steps: unknown[];
  depends_on: { job_id: string; name: string; status: JobStatus }[];
}

interface StatsAnswer {
  at: string;
  types: { job_type: string; status: JobStatus; count: number }[];
  executions: { status: ExecutionStatus; count: number; average_seconds: number }[];
  due: { count: number; oldest_seconds: number | null };
}

export type InspectAnswer = Omit<Inspection, 'store' | 'now'> & { now: string };

/** A locked job with the execution that was opened for it. Throws when the row has no lock. */
export const toPick = (row: unknown, execution_id: string): Pick => {
  const job = toJob(row);
  const { job_id, lock_epoch, locked_at, lock_expires_at } = job;
  if (locked_at === null || lock_expires_at === null) throw new Error(`job ${job_id} has no lock`);
  const fence = { job_id, execution_id, lock_epoch };
  return { job, fence, started_at: locked_at, lock_expires_at };
};

export const toClaim = (answer: unknown): Claim => {
  const { picks, ...claim } = answer as ClaimAnswer;
  return { ...claim, picks: picks.map(({ job, execution_id }) => toPick(job, execution_id)) };
};

export const toHold = (answer: unknown): Hold => {
  const hold = answer as HoldAnswer;
  return hold.held ? { ...hold, lock_expires_at: new Date(hold.lock_expires_at) } : hold;
};

export const toDetail = ({ job, executions, steps, depends_on }: DetailAnswer): JobDetail => ({
  job: toJob(job),
  executions: executions.map(toExecution),
  steps: steps.map(toStep),
  depends_on,
});

/** Counts per status, every status named. */
export const countStatuses = (types: StatsAnswer['types']): Record<JobStatus, number> => {
  const jobs = Object.fromEntries(jobStatuses.map((status) => [status, 0]));
  for (const { status, count } of types) jobs[status] = (jobs[status] ?? 0) + count;
  return jobs as Record<JobStatus, number>;
};

export const toStats = (answer: unknown): Stats => {
  const { at, types, ...stats } = answer as StatsAnswer;
  return { at: new Date(at), jobs: countStatuses(types), types, ...stats };
};
