// What a drain did: a count per outcome, why it stopped, and each execution in short.
import type { ExecutionStatus, JobStatus, Pick } from './job.ts';
import type { Json } from './json.ts';
import type { Outcome } from './outcome.ts';
import type { RecordedExecution } from './record.ts';
import type { DecidedSlot } from './schedule.ts';

/** One execution of a drain, as people are told of it. */
export interface ExecutionSummary {
  job_id: string;
  name: string;
  job_type: string;
  execution_id: string;
  lock_epoch: number;
  status: ExecutionStatus;
  /** null when the lock was lost: then someone else decides */
  job_status: JobStatus | null;
  duration_seconds: number;
  /** null when it is over 4 KiB: `show` has it whole */
  result: Json;
  error_message: string | null;
  retry_in_seconds: number | null;
}

export interface Tally {
  picked: number;
  outcomes: Partial<Record<ExecutionStatus, number>>;
  /** expired locks of other executions that were released on the way */
  released: number;
  /** due slots of schedules, and what was decided of them */
  slots: Partial<Record<DecidedSlot['status'], number>>;
  /** `too_long`: what is due needs more time than is left */
  stopped: 'empty' | 'limit' | 'deadline' | 'interrupted' | 'too_long';
  duration_seconds: number;
  /** seconds until the next job that would fit, or the next slot, falls due, when it found none */
  next_due_seconds: number | null;
  /** the first 1,000 executions */
  executions: ExecutionSummary[];
}

/** Executions kept in the tally; a drain may do many more. */
const KEPT_EXECUTIONS = 1000;

export const emptyTally = (): Tally => ({
  picked: 0,
  outcomes: {},
  released: 0,
  slots: {},
  stopped: 'empty',
  duration_seconds: 0,
  next_due_seconds: null,
  executions: [],
});

/** A tally is kept in memory and printed whole: it holds no result of any size. */
const KEPT_RESULT_LENGTH = 4096;

const small = (result: Json): Json =>
  JSON.stringify(result).length <= KEPT_RESULT_LENGTH ? result : null;

/** `duration_seconds` as measured by this instance. */
export const summarise = (
  { job, fence }: Pick,
  outcome: Outcome,
  { verdict, job_status }: RecordedExecution,
  duration_seconds: number,
): ExecutionSummary => {
  const { job_id, name, job_type } = job;
  const { execution_id, lock_epoch } = fence;
  const of = { job_id, name, job_type, execution_id, lock_epoch, duration_seconds };
  if (verdict === null) {
    const reason =
      outcome.status === 'lost' ? outcome.reason : 'the lock was lost before recording';
    const nothing = { job_status: null, result: null, retry_in_seconds: null };
    return { ...of, ...nothing, status: 'lost', error_message: reason };
  }
  const { status, result, error, delay_seconds } = verdict;
  const retry_in_seconds = job_status === 'waiting' ? delay_seconds : null;
  return {
    ...of,
    status,
    job_status,
    result: small(result),
    error_message: error?.message ?? null,
    retry_in_seconds,
  };
};

export const count = (tally: Tally, summary: ExecutionSummary): void => {
  tally.picked += 1;
  tally.outcomes[summary.status] = (tally.outcomes[summary.status] ?? 0) + 1;
  if (tally.executions.length < KEPT_EXECUTIONS) tally.executions.push(summary);
};
