// What is read of an earlier scheduler that kept cron schedules and their executions in a database:
// every value as this runner has it, and what could not be used.
import type { Problem } from '../errors.ts';
import type { PastExecution } from './history.ts';
import type { ScheduleStatus } from './schedule.ts';

export interface EarlierSchedule {
  /** its id there */
  earlier_id: string;
  /** its id here: the same however often it is imported */
  schedule_id: string;
  /** as it stands there; shown even when it is refused */
  name: string;
  status: ScheduleStatus;
  /** a ScheduleInput, not yet validated; its job type may be spelt in other cases than here */
  input: Record<string, unknown>;
  /** why it cannot be imported, whatever this instance knows; none = it may be tried */
  problems: Problem[];
}

export interface EarlierExecution {
  /** of the schedule, there */
  earlier_id: string;
  /** null = not over yet, as far as can be told: a later import brings it */
  past: PastExecution | null;
}

/** What nothing was made of, by table, row and column. */
export interface Unused {
  table: string;
  /** id of the row; null = the whole column or table */
  row: string | null;
  column: string | null;
  value: string | null;
  reason: string;
}

export interface EarlierSource {
  /** in words, without secrets */
  where: string;
  /** oldest first */
  schedules: EarlierSchedule[];
  /** Oldest first, a page at a time; those that cannot be used are left out and told of. */
  executions(): AsyncIterable<EarlierExecution[]>;
  /** The first of those, and how many there were; complete once all executions are read. */
  unused(): { first: Unused[]; count: number };
  close(): Promise<void>;
}
