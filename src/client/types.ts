// What the client can be asked for, and what it answers.
import type { JobInput } from '../core/create.ts';
import type { JobStatus } from '../core/job.ts';
import type { ScheduleStatus } from '../core/schedule.ts';
import type { ScheduleInput } from '../core/schedule_input.ts';
import type {
  CreatedAnswer,
  EventAnswer,
  HealthAnswer,
  JobAnswer,
  JobDetailAnswer,
  JobListAnswer,
  JobTypeListAnswer,
  ScheduleAnswer,
  ScheduleDetailAnswer,
  ScheduleListAnswer,
  StatsAnswer,
  TimelineAnswer,
} from '../http/wire/answers.ts';

export interface ClientOptions {
  /** where the API is, without `/api/v1`; that of the page itself unless given */
  url?: string | undefined;
  /** needed unless the API is on this machine and has no key configured */
  api_key?: string | undefined;
  /** that of the platform unless given */
  fetch?: typeof globalThis.fetch | undefined;
}

export interface CallOptions {
  /** once aborted, nothing more is sent, and the call throws the signal's reason */
  signal?: AbortSignal | undefined;
}

export interface WriteOptions extends CallOptions {
  /** what makes it safe to send again; a new one for each call unless given */
  idempotency_key?: string | undefined;
}

/** Who asks, and from where, the API sees for itself. */
export type NewJobInput = Omit<JobInput, 'actor' | 'source_ip'>;

/** The name is that of the type unless given. */
export type NewJobOptions = Partial<Omit<NewJobInput, 'job_type' | 'config'>>;

export interface JobQuery {
  status?: JobStatus | undefined;
  job_type?: string | undefined;
  /** 1 to 500; 50 unless given */
  limit?: number | undefined;
  /** only those created before this job: the last one of the page before */
  before?: string | undefined;
}

export interface ScheduleQuery {
  /** every one but `deleted` unless given */
  status?: ScheduleStatus | undefined;
  limit?: number | undefined;
  /** only those with a name above this one: the last one of the page before */
  after?: string | undefined;
}

/** How a job ended. */
export type JobEnd = 'success' | 'failed' | 'cancelled' | 'deleted';

export interface EventOptions extends CallOptions {
  /** only events with an id above this one */
  after?: number | undefined;
}

export interface WaitOptions extends CallOptions {
  onEvent?: ((event: EventAnswer) => void) | undefined;
  /** in per cent from 0 to 100 */
  onProgress?: ((progress: { percent: number; message: string | null }) => void) | undefined;
  /** how long to wait at most; as long as it takes unless given */
  timeout_ms?: number | undefined;
}

/** Every call throws an ApiError when it is refused, or not answered after it was sent five times. */
export interface JobsClient {
  /** `created: false`: a job with this job_id, or an unfinished one with this unique_key, was there */
  create(job: NewJobInput, options?: WriteOptions): Promise<CreatedAnswer>;
  createOf(
    job_type: string,
    config?: unknown,
    job?: NewJobOptions,
    options?: WriteOptions,
  ): Promise<CreatedAnswer>;
  /** Newest first. */
  list(query?: JobQuery, options?: CallOptions): Promise<JobListAnswer>;
  get(job_id: string, options?: CallOptions): Promise<JobDetailAnswer>;
  cancel(job_id: string, options?: WriteOptions): Promise<JobAnswer>;
  retry(job_id: string, options?: WriteOptions): Promise<JobAnswer>;
  enable(job_id: string, options?: WriteOptions): Promise<JobAnswer>;
  disable(job_id: string, options?: WriteOptions): Promise<JobAnswer>;
  /** Also fulfilled when an earlier sending, whose answer was lost, has deleted it. */
  delete(job_id: string, options?: CallOptions): Promise<void>;
  /**
   * Each event once, in order, until the job is over; connections that break are made again. The
   * generator's own return value says how it ended; null = it was over before.
   */
  events(
    job_id: string,
    options?: EventOptions,
  ): AsyncGenerator<EventAnswer, JobEnd | null, undefined>;
  /**
   * The job once it is over. Throws what a callback throws, a `TimeoutError` (DOMException) after
   * `timeout_ms`, and an ApiError of status 404 when the job is deleted meanwhile.
   */
  wait(job_id: string, options?: WaitOptions): Promise<JobDetailAnswer>;
}

/** Schedules are named by their name or their schedule_id. */
export interface SchedulesClient {
  /** By name. */
  list(query?: ScheduleQuery, options?: CallOptions): Promise<ScheduleListAnswer>;
  /** With its newest `slots` rows of the ledger, 50 unless given. */
  get(
    id_or_name: string,
    options?: CallOptions & { slots?: number | undefined },
  ): Promise<ScheduleDetailAnswer>;
  create(schedule: ScheduleInput, options?: WriteOptions): Promise<ScheduleAnswer>;
  pause(id_or_name: string, options?: WriteOptions): Promise<ScheduleAnswer>;
  resume(id_or_name: string, options?: WriteOptions): Promise<ScheduleAnswer>;
  /** A job now, beside the planned times. */
  trigger(id_or_name: string, options?: WriteOptions): Promise<CreatedAnswer>;
  delete(id_or_name: string, options?: CallOptions): Promise<void>;
}

export interface Client {
  jobs: JobsClient;
  job_types: { list(options?: CallOptions): Promise<JobTypeListAnswer> };
  schedules: SchedulesClient;
  stats(options?: CallOptions): Promise<StatsAnswer>;
  /** Of the last `hours`, 1 to 720, 24 unless given. */
  timeline(options?: CallOptions & { hours?: number | undefined }): Promise<TimelineAnswer>;
  /** Sent once only; an unavailable store is an answer, too. */
  health(options?: CallOptions): Promise<HealthAnswer>;
}
