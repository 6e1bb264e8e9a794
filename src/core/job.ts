// The glossary: what a job, an execution, a step and an event are, who sets each field, and which
// status may follow which. Names are the same in TypeScript, SQL, logs and the command line.
import type { Json } from './json.ts';
import type { ErrorRecord } from './thrown.ts';

/**
 * `waiting`   claimable once `run_at` has come
 * `blocked`   a job it depends on is not `success` yet
 * `locked`    an instance holds it until `lock_expires_at`
 * `success`   done · `failed` no retries left · `cancelled` stopped by a person
 * `disabled`  put aside by a person; not claimable
 */
export const jobStatuses = [
  'waiting',
  'blocked',
  'locked',
  'success',
  'failed',
  'cancelled',
  'disabled',
] as const;
export type JobStatus = (typeof jobStatuses)[number];

/** `lost`: the lock expired first. `yielded`: stopped early without fault, goes on later. */
export const executionStatuses = [
  'running',
  'success',
  'failed',
  'timeout',
  'cancelled',
  'lost',
  'yielded',
] as const;
export type ExecutionStatus = (typeof executionStatuses)[number];

/** Named priorities; any whole number of a smallint is allowed, higher goes first. */
export const priorities = { low: -10, normal: 0, high: 10 } as const;

/** The ends of a smallint. */
export const priorityBounds = { min: -32768, max: 32767 } as const;

/** The range that a word for a part of all jobs stands for; null = all of them. */
export const priorityRanges = {
  high: { min: 1, max: priorityBounds.max },
  normal: { min: 0, max: 0 },
  low: { min: priorityBounds.min, max: -1 },
  all: null,
} as const;

/** What a job_id may be, when the caller chooses it. */
export const JOB_ID = /^[A-Za-z0-9][A-Za-z0-9_.:-]{0,199}$/;

export type RetryBackoff = 'exponential' | 'fixed';

/** One durable unit of work. */
export interface Job {
  // set at creation
  job_id: string;
  name: string;
  job_type: string;
  config: Json;
  description: string | null;
  priority: number;
  max_retries: number;
  retry_delay_seconds: number;
  retry_backoff: RetryBackoff;
  /** seconds one execution may take; null = the job type's own limit */
  timeout_seconds: number | null;
  /** at most one unfinished job has a given key */
  unique_key: string | null;
  schedule_id: string | null;
  /** who asked, and from which address */
  actor: string | null;
  source_ip: string | null;
  metadata: Json;
  created_at: Date;
  // moved by pick, record and people
  status: JobStatus;
  run_at: Date;
  current_retries: number;
  updated_at: Date;
  finished_at: Date | null;
  // set by each pick; the lock fields are null unless `locked`
  lock_epoch: number;
  locked_at: Date | null;
  locked_by: string | null;
  lock_expires_at: Date | null;
  last_execution: Date | null;
  // set while code runs
  progress: Progress | null;
  cancel_requested_at: Date | null;
}

/** What is asked for of a job, be it made once or by a schedule. */
export type AskedFields =
  | 'job_type'
  | 'config'
  | 'description'
  | 'priority'
  | 'max_retries'
  | 'retry_delay_seconds'
  | 'retry_backoff'
  | 'timeout_seconds'
  | 'unique_key';

/** How far running code has come, in per cent from 0 to 100. */
export interface Progress {
  percent: number;
  message: string | null;
}

/** One run of a job: opened by a pick, ended exactly once. */
export interface Execution {
  execution_id: string;
  job_id: string;
  lock_epoch: number;
  status: ExecutionStatus;
  started_at: Date;
  finished_at: Date | null;
  duration_seconds: number | null;
  result: Json;
  error_message: string | null;
  error: ErrorRecord | null;
  instance_id: string;
  /** what woke the instance, e.g. `cli` or `schedule:…` */
  trigger: string;
}

export type StepStatus = 'pending' | 'running' | 'success' | 'failed';

/** A named sub-result saved inside a job: done once, replayed by later executions. */
export interface Step {
  job_id: string;
  name: string;
  step_order: number;
  status: StepStatus;
  started_at: Date | null;
  finished_at: Date | null;
  detail: string | null;
  output: Json;
  lock_epoch: number;
}

/**
 * One line of a job's history; within the job `event_id` only grows. `data` by kind: status {status, …why},
 * step {name, step_order, status, detail}, progress {percent, message}, log {level, message, fields?}.
 */
export interface JobEvent {
  event_id: number;
  job_id: string;
  execution_id: string | null;
  at: Date;
  kind: 'status' | 'step' | 'progress' | 'log';
  data: Json;
}

/** What every write of an execution names; a stale one changes nothing. */
export interface Fence {
  job_id: string;
  execution_id: string;
  lock_epoch: number;
}

/** A job taken exclusively, with the execution that was opened for it. */
export interface Pick {
  job: Job;
  fence: Fence;
  /** store time of the pick */
  started_at: Date;
  lock_expires_at: Date;
}

/** What a person may ask of a job, from which statuses, and where it leads. */
export const moves = {
  /** a `locked` job is only asked to stop: its instance ends it as `cancelled` */
  cancel: { from: ['waiting', 'blocked', 'disabled', 'locked'], to: 'cancelled' },
  /** all retries are given back; `blocked` instead of `waiting` while a dependency is not done */
  retry: { from: ['failed', 'cancelled'], to: 'waiting' },
  disable: { from: ['waiting', 'blocked'], to: 'disabled' },
  enable: { from: ['disabled'], to: 'waiting' },
} as const satisfies Record<string, { from: readonly JobStatus[]; to: JobStatus }>;
export type Move = keyof typeof moves;

/** Every legal change of a job's status; the store contract and the property tests hold to it. */
export const legalChanges: Record<JobStatus, readonly JobStatus[]> = {
  waiting: ['locked', 'cancelled', 'disabled'],
  blocked: ['waiting', 'cancelled', 'disabled'],
  locked: ['waiting', 'success', 'failed', 'cancelled'],
  success: [],
  failed: ['waiting', 'blocked'],
  cancelled: ['waiting', 'blocked'],
  disabled: ['waiting', 'blocked', 'cancelled'],
};

/** Statuses in which a job still stands in the way of another one with the same `unique_key`. */
export const unfinishedStatuses: readonly JobStatus[] = [
  'waiting',
  'blocked',
  'locked',
  'disabled',
];
