// What the SQL functions of sql/postgres answer, and how it becomes what the port promises.

import type { Claim } from '../core/claim.ts';
import type { ExecutionStatus, JobStatus } from '../core/job.ts';
import type { Hold, JobDetail, Refusal } from '../core/store.ts';
import type { Inspection, Stats } from '../core/upkeep.ts';
import { countStatuses, toExecution, toJob, toPick, toStep } from './rows.ts';

interface ClaimAnswer extends Omit<Claim, 'picks'> {
  picks: { execution_id: string; job: unknown }[];
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

export const toStats = (answer: unknown): Stats => {
  const { at, types, ...stats } = answer as StatsAnswer;
  return { at: new Date(at), jobs: countStatuses(types), types, ...stats };
};
