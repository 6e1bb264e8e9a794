// What upkeep asks of a store and hears from it: statistics, pruning, the state of its tables.
import type { ExecutionStatus, JobStatus } from './job.ts';
import type { SlotStatus } from './schedule.ts';

export interface Stats {
  /** the store's clock */
  at: Date;
  jobs: Record<JobStatus, number>;
  types: { job_type: string; status: JobStatus; count: number }[];
  /** executions that ended within the last 24 hours */
  executions: { status: ExecutionStatus; count: number; average_seconds: number }[];
  /** waiting jobs whose time has come, and how long the oldest of them has been due */
  due: { count: number; oldest_seconds: number | null };
}

/** Which stretch of time, up to now by the store's clock, in how many parts. */
export interface TimelineRequest {
  /** whole seconds */
  bucket_seconds: number;
  buckets: number;
}

/** What ended, and what became of slots, part by part; a part without any is left out. */
export interface Timeline {
  /** the store's clock */
  at: Date;
  bucket_seconds: number;
  /** start of the first part: parts begin at whole multiples of bucket_seconds since 1970, and the last one holds `at` */
  since: Date;
  /** by the time at which they ended, oldest first, then by status */
  executions: {
    from: Date;
    status: ExecutionStatus;
    count: number;
    average_seconds: number;
    longest_seconds: number;
  }[];
  /** decided slots by `decided_at`; `count` is in nominal times (a row may stand for many: `times`, null counts as 1) */
  slots: { from: Date; status: SlotStatus; count: number }[];
}

/** Deletes at most `limit` rows of each kind, oldest first, so that no lock is held for long. */
export interface PruneRequest {
  older_than_days: number;
  /** with them go their events, rows of the ledger of that age, and deleted schedules without any */
  executions: boolean;
  jobs: boolean;
  limit: number;
}

export interface PruneCounts {
  executions: number;
  events: number;
  jobs: number;
  slots: number;
  /** a limit was reached, so there may be more: call again */
  more: boolean;
}

export interface Inspection {
  store: string;
  schema_version: number;
  /** the store's clock, to compare with the instance's */
  now: Date;
  expired_locks: number;
  /** unfinished jobs per type */
  types: { job_type: string; count: number }[];
  /** blocked jobs that wait for a job which is failed, cancelled or disabled */
  stuck: { job_id: string; name: string; depends_on: string; depends_on_status: JobStatus }[];
}
