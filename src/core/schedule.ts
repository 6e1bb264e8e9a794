// The glossary of schedules: a cron rule with the job it makes, and the ledger of its slots, one row for
// each nominal time (or for a range of them) that says what became of it and why.
import type { AskedFields, Job, JobStatus } from './job.ts';

/**
 * `active`    its times make jobs
 * `inactive`  put aside by a file (`apply`) · `paused` by a person: a later `apply` leaves it so
 * `deleted`   gone, and its name free; its ledger is kept until maintenance deletes it
 */
export const scheduleStatuses = ['active', 'inactive', 'paused', 'deleted'] as const;
export type ScheduleStatus = (typeof scheduleStatuses)[number];

/** Of the times that went by while nothing ran: only the latest is made up for, all are, or none is. */
export const missedPolicies = ['latest', 'all', 'skip'] as const;
export type MissedPolicy = (typeof missedPolicies)[number];

/**
 * What a time does while an earlier job of its schedule is waiting or running: makes another, is
 * skipped, or cancels the earlier one and makes another.
 */
export const concurrencyPolicies = ['allow', 'forbid', 'replace'] as const;
export type ConcurrencyPolicy = (typeof concurrencyPolicies)[number];

/** When a schedule falls due, and what is made up for. */
export interface Rule {
  /** five fields or a nickname */
  schedule_expression: string;
  /** a name of the tz database */
  timezone: string;
  missed: MissedPolicy;
  /** a time is not made up for after so many seconds; null = as `missed` has it */
  starting_deadline_seconds: number | null;
}

/** What a person or a file says of a schedule and of the jobs it makes, every default filled in. */
export interface ScheduleFields extends Rule, Pick<Job, AskedFields> {
  /** unique among schedules that are not deleted; its jobs have the same name */
  name: string;
  concurrency_policy: ConcurrencyPolicy;
  /** a job is also made when the schedule is created, and whenever `work` starts */
  run_on_startup: boolean;
}

/** Their names, in the order in which people are told of them. */
export const scheduleFields = Object.keys({
  name: true,
  job_type: true,
  schedule_expression: true,
  timezone: true,
  config: true,
  description: true,
  priority: true,
  max_retries: true,
  retry_delay_seconds: true,
  retry_backoff: true,
  timeout_seconds: true,
  unique_key: true,
  missed: true,
  starting_deadline_seconds: true,
  concurrency_policy: true,
  run_on_startup: true,
} satisfies Record<keyof ScheduleFields, true>) as (keyof ScheduleFields)[];

export interface Schedule extends ScheduleFields {
  /** chosen by the creator */
  schedule_id: string;
  status: ScheduleStatus;
  /** last written by `apply`, whose `--prune` may delete it */
  applied: boolean;
  /** grows with each change of the rule, the status or the plan: a plan made from an older one is not written */
  revision: number;
  /** every nominal time up to here stands in the ledger; null = no more will ever come */
  planned_until: Date | null;
  /** when more is to be planned; null = it is not active, or nothing will come */
  plan_at: Date | null;
  /** set when it becomes active again: until when it was not, and which status it had */
  idle_until: Date | null;
  idle_reason: 'paused' | 'inactive' | null;
  created_at: Date;
  updated_at: Date;
  /** when it last made a job */
  last_execution: Date | null;
  /** its next planned time */
  next_execution: Date | null;
}

/** `replaced`: it made a job, which was told to stop for that of a later time. */
export const slotStatuses = ['planned', 'fired', 'skipped', 'missed', 'replaced'] as const;
export type SlotStatus = (typeof slotStatuses)[number];

/** Why a slot is what it is, as people read it. */
export const slotReasons = {
  due: 'its time had come',
  imported: 'ran in the system it was imported from',
  still_running: 'an earlier job of the schedule was not finished',
  unique_key: 'an unfinished job had its unique key',
  paused: 'the schedule was paused',
  inactive: 'the schedule was inactive',
  deleted: 'the schedule was deleted',
  changed: 'the rule was changed before',
  refused: 'its job could not be made: the log of the database says why',
  too_late: 'nothing woke in time: its starting deadline was over',
  superseded: 'nothing woke in time: a later time was made up for',
  too_many: 'nothing woke in time: more were missed than are made up for',
  later_slot: 'a later time took its place, and its job was told to stop',
} as const;
export type SlotReason = keyof typeof slotReasons;

/** One nominal time of a schedule, or all from `slot_at` to `until_at`. */
export interface Slot {
  schedule_id: string;
  slot_at: Date;
  /** the last of them; null = one time only */
  until_at: Date | null;
  /** how many nominal times; null = more than were counted */
  times: number | null;
  status: SlotStatus;
  /** null while planned */
  reason: SlotReason | null;
  /** the job it made, or the one that stood in its way */
  job_id: string | null;
  /** when it became what it is; null while planned */
  decided_at: Date | null;
}

/** A slot that a pick decided upon. */
export interface DecidedSlot {
  schedule_id: string;
  name: string;
  slot_at: Date;
  status: Exclude<SlotStatus, 'planned'>;
  reason: SlotReason;
  job_id: string | null;
}

/** A schedule whose plan is short, with all that is needed to plan more. */
export interface ShortPlan
  extends Rule,
    Pick<Schedule, 'schedule_id' | 'revision' | 'planned_until' | 'idle_until' | 'idle_reason'> {
  /** the store's clock */
  now: Date;
}

/** A range of nominal times of which no job is made. */
export interface Gone {
  slot_at: Date;
  /** the last of them; null = there is one only */
  until_at: Date | null;
  times: number | null;
  status: 'skipped' | 'missed';
  reason: SlotReason;
}

/** What a planner found, to be written if the schedule still has this revision. */
export interface SchedulePlan {
  schedule_id: string;
  revision: number;
  /** `late_after`: from then on it is not made up for; null = it always is */
  slots: { slot_at: Date; late_after: Date | null }[];
  gone: Gone[];
  planned_until: Date | null;
  plan_at: Date | null;
}

/** What a person may ask of a schedule, from which statuses, and where it leads. */
export const scheduleMoves = {
  pause: { from: ['active'], to: 'paused' },
  resume: { from: ['paused', 'inactive'], to: 'active' },
  delete: { from: ['active', 'inactive', 'paused'], to: 'deleted' },
} as const satisfies Record<string, { from: readonly ScheduleStatus[]; to: ScheduleStatus }>;
export type ScheduleMove = keyof typeof scheduleMoves;

/** A slot with what became of its job; null = it made none, or the job is deleted. */
export interface SlotOutcome extends Slot {
  job_status: JobStatus | null;
}

/** The id of the job of a slot: the same however often the slot is planned anew. */
export const jobIdOf = (schedule_id: string, slot_at: Date): string =>
  `${schedule_id}:${slot_at.toISOString().slice(0, 16)}Z`;
