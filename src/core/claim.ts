// What the drain asks of a store when it wants jobs, and what it hears: picks, released locks, the types
// that were left to an invocation with more time, what became of slots, and schedules to plan.
import type { JobStatus, Pick } from './job.ts';
import type { DecidedSlot, ShortPlan } from './schedule.ts';

/** Asks for up to `execution_ids.length` jobs. */
export interface ClaimRequest {
  instance_id: string;
  /** types this instance has code for; others are never touched */
  job_types: string[];
  /** chosen by the caller: asking again with the same ids answers the same picks */
  execution_ids: string[];
  lock_seconds: number;
  trigger: string;
  /** only jobs whose priority lies in this range, ends included */
  priority?: { min: number; max: number };
  /** absent: no type is left out */
  fits?: Fits;
}

/**
 * Leaves out the types that have needed more than `seconds` in more than `1 - share` of their recent
 * executions (`stretch_seconds` of ExecutionRecord). Types of which little is known are picked.
 */
export interface Fits {
  seconds: number;
  /** in (0, 1]: 0.95 asks for the 95th percentile */
  share: number;
}

/** A type that was left out, and what it was found to need. */
export interface TooLong {
  job_type: string;
  usual_seconds: number;
}

/** An execution whose lock had expired, and where its job went. */
export interface Released {
  job_id: string;
  name: string;
  execution_id: string;
  lock_epoch: number;
  instance_id: string;
  job_status: JobStatus;
}

export interface Claim {
  picks: Pick[];
  /** expired locks that this call released first */
  released: Released[];
  /**
   * seconds until the next job of these types or the next slot falls due; null = none known, or
   * something was picked
   */
  next_due_seconds: number | null;
  /** types with due jobs that were left out by `fits`; told when nothing was picked */
  too_long: TooLong[];
  /** due slots that this call decided upon before it picked */
  slots: DecidedSlot[];
  /** there were more due slots than one call decides upon */
  more_slots: boolean;
  /**
   * schedules to plan, the shortest first, a bounded number; slots that are due of one whose plan is
   * over wait for that
   */
  to_plan: ShortPlan[];
}
