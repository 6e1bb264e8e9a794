// What the SQL functions of sql/postgres answer, and how it becomes what the port promises.

import type { NotedAlert } from '../core/alert.ts';
import type { Claim } from '../core/claim.ts';
import type { ExecutionStatus, JobStatus } from '../core/job.ts';
import type { ScheduleDetail } from '../core/schedule_store.ts';
import type { Hold, JobDetail, Refusal } from '../core/store.ts';
import type { Inspection, Stats, Timeline } from '../core/upkeep.ts';
import { countStatuses, toExecution, toJob, toPick, toStep } from './rows.ts';
import { toDecidedSlot, toSchedule, toShortPlan, toSlotOutcome } from './schedule_rows.ts';

interface ClaimAnswer extends Omit<Claim, 'picks' | 'slots' | 'more_slots' | 'to_plan'> {
  picks: { execution_id: string; job: unknown }[];
  /** null = nothing of these, as nearly always */
  schedules: { slots: unknown[]; more_slots: boolean; to_plan: unknown[] } | null;
}

type AlertAnswer =
  | (Omit<Extract<NotedAlert, { since: Date }>, 'since'> & { since: string })
  | Extract<NotedAlert, { kind: 'slow' }>;

export interface RecordAnswer {
  job_statuses: (JobStatus | null)[];
  claim: ClaimAnswer | null;
  alerts: AlertAnswer[];
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
  schedule: { schedule_id: string; name: string; slot_at: string | null } | null;
}

export interface ScheduleAnswer {
  schedule: unknown;
  slots: unknown[];
  earlier: { schedule_id: string; created_at: string; deleted_at: string }[];
  now: string;
}

interface StatsAnswer {
  at: string;
  types: { job_type: string; status: JobStatus; count: number }[];
  executions: { status: ExecutionStatus; count: number; average_seconds: number }[];
  due: { count: number; oldest_seconds: number | null };
}

/** As the port promises it, with times in words. */
interface TimelineAnswer extends Pick<Timeline, 'bucket_seconds'> {
  at: string;
  since: string;
  executions: (Omit<Timeline['executions'][number], 'from'> & { from: string })[];
  slots: (Omit<Timeline['slots'][number], 'from'> & { from: string })[];
}

export type InspectAnswer = Omit<Inspection, 'store' | 'now'> & { now: string };

export const toClaim = (answer: unknown): Claim => {
  const { picks, schedules, ...claim } = answer as ClaimAnswer;
  return {
    ...claim,
    picks: picks.map(({ job, execution_id }) => toPick(job, execution_id)),
    slots: schedules?.slots.map(toDecidedSlot) ?? [],
    more_slots: schedules?.more_slots ?? false,
    to_plan: schedules?.to_plan.map(toShortPlan) ?? [],
  };
};

export const toAlert = (alert: AlertAnswer): NotedAlert =>
  alert.kind === 'slow' ? alert : { ...alert, since: new Date(alert.since) };

export const toHold = (answer: unknown): Hold => {
  const hold = answer as HoldAnswer;
  return hold.held ? { ...hold, lock_expires_at: new Date(hold.lock_expires_at) } : hold;
};

export const toDetail = ({
  job,
  executions,
  steps,
  depends_on,
  schedule,
}: DetailAnswer): JobDetail => ({
  job: toJob(job),
  executions: executions.map(toExecution),
  steps: steps.map(toStep),
  depends_on,
  schedule: schedule && {
    ...schedule,
    slot_at: schedule.slot_at === null ? null : new Date(schedule.slot_at),
  },
});

export const toScheduleDetail = (answer: ScheduleAnswer): ScheduleDetail => ({
  schedule: toSchedule(answer.schedule),
  slots: answer.slots.map(toSlotOutcome),
  earlier: answer.earlier.map(({ schedule_id, created_at, deleted_at }) => ({
    schedule_id,
    created_at: new Date(created_at),
    deleted_at: new Date(deleted_at),
  })),
  now: new Date(answer.now),
});

export const toStats = (answer: unknown): Stats => {
  const { at, types, ...stats } = answer as StatsAnswer;
  return { at: new Date(at), jobs: countStatuses(types), types, ...stats };
};

export const toTimeline = (answer: unknown): Timeline => {
  const { at, since, executions, slots, bucket_seconds } = answer as TimelineAnswer;
  return {
    at: new Date(at),
    bucket_seconds,
    since: new Date(since),
    executions: executions.map((part) => ({ ...part, from: new Date(part.from) })),
    slots: slots.map((part) => ({ ...part, from: new Date(part.from) })),
  };
};
