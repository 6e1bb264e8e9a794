// The part of the port that schedules need; the promises are those of core/store.ts.
import type { JobStatus } from './job.ts';
import type {
  Schedule,
  ScheduleFields,
  ScheduleMove,
  SchedulePlan,
  ScheduleStatus,
  SlotOutcome,
} from './schedule.ts';

export interface ScheduleWrite extends ScheduleFields {
  schedule_id: string;
  /** as it was read; null = it is created */
  revision: number | null;
  /** null = as it is; `active` for a new one. `paused` only for one that is created so. */
  status: 'active' | 'inactive' | 'paused' | null;
  applied: boolean;
}

export interface SavedSchedules {
  /** in the order of the writes; none when refused */
  schedules: Schedule[];
  /**
   * Why nothing was written: another schedule has the name, or this one is not any more as it was read.
   */
  refused: { name: string; reason: 'name_taken' | 'changed' } | null;
}

export interface ScheduleMoved {
  /** false: its status does not allow it, or is there already */
  moved: boolean;
  schedule: Schedule;
}

export interface ScheduleTrigger {
  schedule_id: string;
  /** of the job to be made */
  job_id: string;
  actor: string | null;
  /** from which address it was asked for; null unless given */
  source_ip?: string | null;
  /** makes none while an earlier job of the schedule is not finished */
  only_if_idle: boolean;
}

export interface Triggered {
  /** the job that was made, or stood in the way; null: the schedule is deleted */
  job_id: string | null;
  status: JobStatus | null;
  created: boolean;
}

export interface ScheduleFilter {
  /** those of every status but `deleted` unless given */
  status?: ScheduleStatus;
  /** only those that run on start-up */
  run_on_startup?: true;
  /** only those with a name above this one: for reading on */
  after?: string;
  limit: number;
}

export interface ScheduleDetail {
  schedule: Schedule;
  /** newest nominal time first, planned ones among them */
  slots: SlotOutcome[];
  /** deleted schedules of the same name, newest first, ten at most */
  earlier: { schedule_id: string; created_at: Date; deleted_at: Date }[];
  /** the store's clock */
  now: Date;
}

export interface ScheduleStore {
  /**
   * Writes plans; one whose schedule has another revision by now is left out, as is one whose schedule
   * someone else is writing. A nominal time that is in the ledger stays as it is, unless it was skipped
   * because the rule was changed: then the plan counts, and what lies within a range of `gone` is taken
   * out. Of a schedule that is not active only a plan without slots is written. Answers how many were.
   */
  planSchedules(plans: SchedulePlan[]): Promise<number>;
  /**
   * Creates and changes schedules, all or none. Where the rule changes, planned times that have not
   * come yet are skipped, and more are to be planned at once; the same when it becomes active. When it
   * becomes inactive, they are taken out, and those that are due are skipped. A schedule that is already
   * as the write has it stays as it is.
   */
  saveSchedules(writes: ScheduleWrite[]): Promise<SavedSchedules>;
  /**
   * Carries out a move of core/schedule.ts; null = no such schedule. Pausing takes planned times out
   * and skips those that are due; deleting skips both.
   */
  moveSchedule(schedule_id: string, move: ScheduleMove): Promise<ScheduleMoved | null>;
  /** Makes a job now, beside the planned times, whatever the status; null = no such schedule. */
  triggerSchedule(trigger: ScheduleTrigger): Promise<Triggered | null>;
  /** By id, or by the name of one that is not deleted; with its newest `slots` rows of the ledger. */
  getSchedule(id_or_name: string, slots: number): Promise<ScheduleDetail | null>;
  /** By name, then by creation. */
  listSchedules(filter: ScheduleFilter): Promise<Schedule[]>;
}
