// What the API answers, as types: the server, the client and the dashboard all use these.
import type { Execution, Job, JobEvent, RetryBackoff, Step } from '../../core/job.ts';
import type { Json } from '../../core/json.ts';
import type { Schedule, SlotOutcome } from '../../core/schedule.ts';
import type { ScheduleDetail } from '../../core/schedule_store.ts';
import type { CreatedJob, JobDetail } from '../../core/store.ts';
import type { Stats, Timeline } from '../../core/upkeep.ts';
import type { Problem } from '../../errors.ts';
import type { Wire } from './json.ts';

export type JobAnswer = Wire<Job>;
export type ExecutionAnswer = Wire<Execution>;
export type StepAnswer = Wire<Step>;
export type EventAnswer = Wire<JobEvent>;

/** A job that was created, or (`created: false`) that was there already. */
export interface CreatedAnswer extends CreatedJob {
  /** path of the job itself */
  poll_url: string;
  /** path of its events */
  sse_url: string;
}

/** A job whole: its own fields, and all that belongs to it. */
export interface JobDetailAnswer extends JobAnswer {
  /** name of the step that runs now */
  current_step: string | null;
  steps: StepAnswer[];
  executions: ExecutionAnswer[];
  depends_on: Wire<JobDetail['depends_on']>;
  schedule: Wire<JobDetail['schedule']>;
}

export interface JobListAnswer {
  /** newest first */
  jobs: JobAnswer[];
  /** path of the next page; null = this is the last one */
  next: string | null;
}

/** A job type and the shape of its config. */
export interface JobTypeAnswer {
  job_type: string;
  /** JSON Schema of `config`; `{}` where it cannot be told */
  config_schema: Json;
  /** of jobs that say nothing else */
  max_retries: number;
  retry_delay_seconds: number;
  retry_backoff: RetryBackoff;
  /** seconds one execution may take */
  timeout_seconds: number;
}

export interface JobTypeListAnswer {
  job_types: JobTypeAnswer[];
}

export type ScheduleAnswer = Wire<Schedule>;

export interface ScheduleListAnswer {
  /** by name */
  schedules: ScheduleAnswer[];
  /** path of the next page; null = this is the last one */
  next: string | null;
}

export interface ScheduleDetailAnswer extends ScheduleAnswer {
  /** such as `every day at 04:30`; null = it cannot be read */
  rule_in_words: string | null;
  /** of a rule that someone wrote into the table by hand */
  rule_faults: Problem[];
  /** the ledger, newest nominal time first; those that have not come yet are the next times */
  slots: Wire<SlotOutcome>[];
  /** the next times by its rule, as long as it is active */
  next_times: string[];
  /** deleted schedules of the same name, newest first */
  earlier: Wire<ScheduleDetail['earlier']>;
  /** the store's clock */
  now: string;
}

export type StatsAnswer = Wire<Stats>;
export type TimelineAnswer = Wire<Timeline>;

/** Of every answer of 400 or above: application/problem+json, https://www.rfc-editor.org/rfc/rfc9457 */
export interface ProblemAnswer {
  type: string;
  title: string;
  status: number;
  detail: string;
  /** a word for programs */
  code: string;
  /** each fault of what was sent, where there are any */
  errors?: Problem[];
  /** of the line in the log that says more, where there is one */
  request_id?: string;
}

export interface HealthAnswer {
  status: 'ok' | 'unavailable';
  store: 'sqlite' | 'postgres' | 'supabase';
  /** null while the store is unavailable */
  schema_version: number | null;
  /** a word for programs; only when the store is unavailable */
  code?: string;
}
