// The port: what the runner asks of persistence. The promises written here are the contract that
// every store passes (test/store/contract). Every method is one transaction, may be sent again with
// the same arguments after a lost answer, and throws StoreUnavailableError when the store cannot be
// reached. Only the store's clock decides; callers pass lengths of time, never moments they measured.
import type { AlertPolicy, AlertStore, NotedAlert } from './alert.ts';
import type { Claim, ClaimRequest, Released } from './claim.ts';
import type { HistoryStore } from './history.ts';
import type {
  AskedFields,
  Execution,
  ExecutionStatus,
  Fence,
  Job,
  JobEvent,
  JobStatus,
  Move,
  Progress,
  Step,
} from './job.ts';
import type { Json } from './json.ts';
import type { Paper } from './paper.ts';
import type { ScheduleStore } from './schedule_store.ts';
import type { ErrorRecord } from './thrown.ts';
import type {
  Inspection,
  PruneCounts,
  PruneRequest,
  Stats,
  Timeline,
  TimelineRequest,
} from './upkeep.ts';

export interface LogEntry {
  level: 'debug' | 'info' | 'warn' | 'error';
  message: string;
  fields?: Json;
}

/** What came of an execution, with the policy already decided: the store only compares and sets. */
export interface ExecutionRecord {
  fence: Fence;
  status: Exclude<ExecutionStatus, 'running' | 'lost'>;
  /** where the job goes; `waiting` turns to `cancelled` when a cancel was asked meanwhile */
  job_status: 'success' | 'failed' | 'cancelled' | 'waiting';
  /** for `waiting`: how long until it may be picked again */
  delay_seconds: number;
  retry_used: boolean;
  /**
   * The longest time its code went on without finishing a step: what an invocation must have left
   * for a job of this type to get on. Kept per type, the last twenty; null = nothing was learned.
   * One under a second counts for twenty, for only one in twenty of those is told.
   */
  stretch_seconds: number | null;
  result: Json;
  error: ErrorRecord | null;
  logs: LogEntry[];
  /** null = nobody is to be told of anything, and nothing is counted */
  alert: AlertPolicy | null;
}

export interface Recorded {
  /**
   * One word per record, in order. `recorded`: written, by this call or by an earlier sending of it.
   * `lost`: the lock had expired or someone else holds the job; nothing was changed.
   */
  verdicts: ('recorded' | 'lost')[];
  /** where each job went: a cancel may have come between; null when lost */
  job_statuses: (JobStatus | null)[];
  /** the answer to `next`; null when none was asked for */
  claim: Claim | null;
  /** of the records that asked for it, in any order; each is answered by one call only */
  alerts: NotedAlert[];
}

/** Whether the writer still holds the lock; when not, its write changed nothing. */
export type Hold =
  | { held: true; lock_expires_at: Date; cancel_requested: boolean }
  | { held: false };

export type StepWrite =
  | { name: string; step_order: number; status: 'running' }
  | { name: string; step_order: number; status: 'success'; output: Json }
  | { name: string; step_order: number; status: 'failed'; detail: string };

type GivenFields = AskedFields | 'job_id' | 'name' | 'actor' | 'source_ip' | 'metadata';

/** A job as it is created: every default already filled in. */
export interface NewJob extends Pick<Job, GivenFields> {
  /** null = now, by the store's clock */
  run_at: Date | null;
  depends_on: string[];
}

export interface CreatedJob {
  job_id: string;
  status: JobStatus;
  /** false: a job with this id, or an unfinished one with this unique_key, was there already */
  created: boolean;
}

/**
 * Why a move was not made: the job's status does not allow it, another unfinished job has its
 * `unique_key`, or other jobs depend on a success it has not had.
 */
export type Refusal = 'status' | 'unique_key_taken' | 'needed';

/** `moved: false` left the job as it is. */
export type Moved = { moved: boolean; job: Job; reason: Refusal | null };

export interface JobFilter {
  status?: JobStatus;
  job_type?: string;
  /** only those created before this job: for reading on; none when that job is gone */
  before?: string;
  limit: number;
}

export interface JobDetail {
  job: Job;
  executions: Execution[];
  steps: Step[];
  depends_on: { job_id: string; name: string; status: JobStatus }[];
  /** which schedule made it, and for which nominal time; null = none, or for none */
  schedule: { schedule_id: string; name: string; slot_at: Date | null } | null;
}

/** Called by the drain. */
export interface DrainStore {
  /**
   * Releases expired locks and fires due slots (both bounded), then picks due jobs of the given types:
   * priority first, then `run_at`, then creation. Each pick adds one to the job's `lock_epoch` and
   * opens one execution. A slot is decided upon once, whoever and however many call.
   */
  claimJobs(request: ClaimRequest): Promise<Claim>;
  /** Ends executions, unblocks dependents of successes, and answers `next`: all in one transaction. */
  recordExecutions(records: ExecutionRecord[], next?: ClaimRequest): Promise<Recorded>;
  /** What claimJobs would answer now; changes nothing. */
  previewClaim(request: ClaimRequest): Promise<Claim>;
}

export interface Turn {
  taken: boolean;
  wait_seconds: number;
}

/** Called while code runs. Every write is fenced. */
export interface RunStore {
  /**
   * The lock now ends no earlier than `lock_seconds` from now; keeps the log entries. Sent again
   * after a lost answer it keeps them twice: a line too many is better than one too few.
   */
  heartbeat(fence: Fence, lock_seconds: number, logs: LogEntry[]): Promise<Hold>;
  /** Creates or overwrites the step of that name. A step that is `success` stays as it is. */
  saveStep(fence: Fence, step: StepWrite): Promise<Hold>;
  saveProgress(fence: Fence, progress: Progress): Promise<Hold>;
  listSteps(job_id: string): Promise<Step[]>;
  /**
   * Takes the next free turn of a limiter shared by all instances and keeps it busy for `seconds`
   * after it begins, unless it begins `longest_wait_seconds` from now or later: such a turn is left
   * to others. Answers how many seconds there are until it. 0 `seconds` only asks.
   */
  takeTurn(key: string, seconds: number, longest_wait_seconds?: number): Promise<Turn>;
}

/** Called by people and programs that create, steer and watch jobs. */
export interface JobStore {
  /** All or none. A missing dependency is refused with an InputError that names it. */
  createJobs(jobs: NewJob[]): Promise<CreatedJob[]>;
  /** Carries out a move of core/job.ts; null = no such job. */
  moveJob(job_id: string, move: Move): Promise<Moved | null>;
  /** Removes a job and all its rows, unless it is locked, or is no success and others depend on it. */
  deleteJob(job_id: string): Promise<Moved | null>;
  getJob(job_id: string): Promise<JobDetail | null>;
  /** Newest first. */
  listJobs(filter: JobFilter): Promise<Job[]>;
  /** Events with an id above `after`, oldest first. */
  listEvents(job_id: string, after: number, limit: number): Promise<JobEvent[]>;
  stats(): Promise<Stats>;
  /** What ended lately, and what became of slots, counted in parts of equal length. */
  timeline(request: TimelineRequest): Promise<Timeline>;
}

/** Called by upkeep: `unlock`, `maintenance`, `doctor`. */
export interface UpkeepStore {
  /** Releases up to `limit` expired locks now, of any type. */
  releaseExpired(limit: number): Promise<Released[]>;
  prune(request: PruneRequest): Promise<PruneCounts>;
  /** Gives freed space back to the system. */
  vacuum(): Promise<void>;
  inspect(): Promise<Inspection>;
}

/** Called by `paper_fetch`. */
export interface PaperStore {
  /**
   * Keeps one row per paper, that of its newest version. `added` counts the papers whose first
   * sight was by `job_id`, so that saving a page twice counts the same.
   */
  savePapers(job_id: string, papers: Paper[]): Promise<{ added: number }>;
  /** The kept rows of these arXiv ids, in the order of the ids. */
  getPapers(arxiv_ids: string[]): Promise<Paper[]>;
}

export interface Store
  extends DrainStore,
    RunStore,
    JobStore,
    ScheduleStore,
    AlertStore,
    HistoryStore,
    UpkeepStore,
    PaperStore {
  close(): Promise<void>;
}
