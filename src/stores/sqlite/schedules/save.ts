// Saving: schedules are created and changed, all of a call or none, and twice is the same as once.
import { isDeepStrictEqual } from 'node:util';
import type { Rule, Schedule } from '../../../core/schedule.ts';
import type { SavedSchedules, ScheduleWrite } from '../../../core/schedule_store.ts';
import type { Database, Params } from '../database.ts';
import { findSchedule, findScheduleByName } from './read.ts';
import { changeRule, setActive, setAside, stay } from './standing.ts';

type Refused = NonNullable<SavedSchedules['refused']>;

/** Carries the reason out of a transaction that is rolled back on purpose. */
class Refusal {
  readonly refused: Refused;

  constructor(name: string, reason: Refused['reason']) {
    this.refused = { name, reason };
  }
}

const RULE = [
  'schedule_expression',
  'timezone',
  'missed',
  'starting_deadline_seconds',
] as const satisfies (keyof Rule)[];

const COLUMNS = [
  ...RULE,
  'name',
  'job_type',
  'config',
  'description',
  'priority',
  'max_retries',
  'retry_delay_seconds',
  'retry_backoff',
  'timeout_seconds',
  'unique_key',
  'concurrency_policy',
  'run_on_startup',
  'applied',
] as const satisfies (keyof ScheduleWrite)[];

const CREATE = `
  INSERT INTO cloud_job_schedules (
    schedule_id, status, planned_until, plan_at, created_at, updated_at, ${COLUMNS.join(', ')})
  VALUES (
    :schedule_id, :status, :now, :plan_at, :now, :now, ${COLUMNS.map((it) => `:${it}`).join(', ')})`;

const CHANGE = `
  UPDATE cloud_job_schedules SET ${COLUMNS.map((it) => `${it} = :${it}`).join(', ')}
  WHERE schedule_id = :schedule_id`;

const columnsOf = (write: ScheduleWrite): Params => ({
  ...(Object.fromEntries(COLUMNS.map((column) => [column, write[column]])) as Params),
  config: JSON.stringify(write.config),
  run_on_startup: write.run_on_startup ? 1 : 0,
  applied: write.applied ? 1 : 0,
});

/** Two values are the same when they would be kept as the same JSON, whatever the order of their keys. */
const isSame = (one: unknown, other: unknown): boolean =>
  isDeepStrictEqual(one, JSON.parse(JSON.stringify(other)));

const hasAll = (schedule: Schedule, write: ScheduleWrite, columns: typeof COLUMNS | typeof RULE) =>
  columns.every((column) => isSame(schedule[column], write[column]));

const create = (database: Database, now: string, write: ScheduleWrite): void => {
  const { schedule_id } = write;
  const status = write.status ?? 'active';
  const plan_at = status === 'active' ? now : null;
  database.run(CREATE, { ...columnsOf(write), schedule_id, status, plan_at, now });
};

const change = (
  database: Database,
  now: string,
  schedule: Schedule,
  write: ScheduleWrite,
): void => {
  const { schedule_id } = write;
  database.run(CHANGE, { ...columnsOf(write), schedule_id });
  const status = write.status ?? schedule.status;
  if (status === 'inactive' && schedule.status !== 'inactive') {
    setAside(database, now, schedule, 'inactive');
  } else if (status === 'active' && schedule.status !== 'active') {
    setActive(database, now, schedule);
  } else if (status === 'active' && !hasAll(schedule, write, RULE)) {
    changeRule(database, now, schedule);
  } else {
    stay(database, now, schedule);
  }
};

/** A creation that is sent again leaves alone what became of its schedule since, but for its fields. */
const isThere = (schedule: Schedule, write: ScheduleWrite): boolean => {
  const { revision, status } = write;
  const asked = revision === null || status === null || status === schedule.status;
  return schedule.status !== 'deleted' && asked && hasAll(schedule, write, COLUMNS);
};

const save = (database: Database, now: string, write: ScheduleWrite): void => {
  const { schedule_id, name, revision } = write;
  const schedule = findSchedule(database, schedule_id);
  if (schedule !== undefined && isThere(schedule, write)) return;
  const current = schedule?.status === 'deleted' ? undefined : schedule?.revision;
  const readAs = schedule === undefined && revision === null ? null : current;
  if (readAs !== revision) throw new Refusal(name, 'changed');
  const holder = findScheduleByName(database, name);
  if (holder !== undefined && holder.schedule_id !== schedule_id) {
    throw new Refusal(name, 'name_taken');
  }
  if (schedule === undefined) create(database, now, write);
  else change(database, now, schedule, write);
};

export const saveSchedules = async (
  database: Database,
  writes: ScheduleWrite[],
): Promise<SavedSchedules> => {
  try {
    return await database.write((now) => {
      for (const write of writes) save(database, now, write);
      const saved = writes.map(({ schedule_id }) => findSchedule(database, schedule_id));
      return { schedules: saved.filter((schedule) => schedule !== undefined), refused: null };
    });
  } catch (thrown) {
    if (thrown instanceof Refusal) return { schedules: [], refused: thrown.refused };
    throw thrown;
  }
};
