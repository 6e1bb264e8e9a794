// The difference between a file of schedules and those in the store, exact to the field.
import type { WantedSchedule } from './apply_entry.ts';
import { isObject, type Json } from './json.ts';
import { type Schedule, type ScheduleFields, scheduleFields } from './schedule.ts';
import type { ScheduleWrite } from './schedule_store.ts';

export interface FieldChange {
  field: keyof ScheduleFields | 'status';
  from: Json;
  to: Json;
}

/** `adopted`: made by hand, and as the file has it but for that. */
export type ChangeAction = 'created' | 'changed' | 'adopted' | 'deleted';

export interface ScheduleChange {
  action: ChangeAction;
  name: string;
  /** null = it is to be created, and has none yet */
  schedule_id: string | null;
  job_type: string;
  schedule_expression: string;
  timezone: string;
  /** as it will be; that of a deleted one as it was */
  status: Schedule['status'];
  /** from now on it is the file's; `--prune` may delete it once the file has it no more */
  adopted: boolean;
  /** of a changed one */
  fields: FieldChange[];
  /** of one that will be active: when it is due next */
  next_execution: Date | null;
}

/** A change with what is written for it; null = it is deleted. */
export interface PlannedChange {
  change: ScheduleChange;
  write: Omit<ScheduleWrite, 'schedule_id'> | null;
  /** as it was read; null = it is created */
  schedule: Schedule | null;
}

export interface Difference {
  /** in the order of the file, then those that are deleted, by name */
  planned: PlannedChange[];
  unchanged: number;
  /** names of those in the file that a person paused: they stay so */
  paused: string[];
  /** names of those that a file made, that are not in this one, and that stay */
  left: string[];
}

const compared = scheduleFields.filter((field) => field !== 'name');

/** Whether two values are the same JSON, whatever the order of their keys. */
export const isSameJson = (one: Json | undefined, other: Json | undefined): boolean => {
  if (Array.isArray(one) && Array.isArray(other)) {
    return one.length === other.length && one.every((item, at) => isSameJson(item, other[at]));
  }
  if (!isObject(one) || !isObject(other)) return one === other;
  const keys = Object.keys(one);
  return (
    keys.length === Object.keys(other).length &&
    keys.every((key) => Object.hasOwn(other, key) && isSameJson(one[key], other[key]))
  );
};

const fieldChanges = (schedule: Schedule, { fields, status }: WantedSchedule): FieldChange[] => {
  const changes: FieldChange[] = compared
    .map((field) => ({ field, from: schedule[field], to: fields[field] }))
    .filter(({ from, to }) => !isSameJson(from, to));
  // Who paused it wanted it so, whatever a file says.
  if (schedule.status !== 'paused' && schedule.status !== status) {
    changes.push({ field: 'status', from: schedule.status, to: status });
  }
  return changes;
};

const toldOf = ({ name, job_type, schedule_expression, timezone }: ScheduleFields) => ({
  name,
  job_type,
  schedule_expression,
  timezone,
  next_execution: null,
});

const creation = ({ fields, status }: WantedSchedule): PlannedChange => ({
  change: {
    action: 'created',
    schedule_id: null,
    status,
    adopted: false,
    fields: [],
    ...toldOf(fields),
  },
  write: { ...fields, revision: null, status, applied: true },
  schedule: null,
});

/** Null when it is as it is wanted. */
const alteration = (schedule: Schedule, wanted: WantedSchedule): PlannedChange | null => {
  const fields = fieldChanges(schedule, wanted);
  if (fields.length === 0 && schedule.applied) return null;
  const { schedule_id, revision } = schedule;
  const paused = schedule.status === 'paused';
  return {
    change: {
      action: fields.length === 0 ? 'adopted' : 'changed',
      schedule_id,
      status: paused ? 'paused' : wanted.status,
      adopted: !schedule.applied,
      fields,
      ...toldOf(wanted.fields),
    },
    write: { ...wanted.fields, revision, status: paused ? null : wanted.status, applied: true },
    schedule,
  };
};

const deletion = (schedule: Schedule): PlannedChange => {
  const { schedule_id, status } = schedule;
  const told = { action: 'deleted', schedule_id, status, adopted: false, fields: [] } as const;
  return { change: { ...told, fields: [], ...toldOf(schedule) }, write: null, schedule };
};

/** `schedules`: all in the store that are not deleted. With `prune`, those a file made once go. */
export const differenceOf = (
  wanted: WantedSchedule[],
  schedules: Schedule[],
  prune: boolean,
): Difference => {
  const byName = new Map(schedules.map((schedule) => [schedule.name, schedule]));
  const pairs = wanted.map((one) => ({ one, schedule: byName.get(one.fields.name) }));
  const written = pairs
    .map(({ one, schedule }) =>
      schedule === undefined ? creation(one) : alteration(schedule, one),
    )
    .filter((planned) => planned !== null);
  const named = new Set(wanted.map(({ fields }) => fields.name));
  const rest = schedules.filter(({ name, applied }) => applied && !named.has(name));
  return {
    planned: [...written, ...(prune ? rest.map(deletion) : [])],
    unchanged: wanted.length - written.length,
    paused: pairs
      .filter(({ schedule }) => schedule?.status === 'paused')
      .map(({ one }) => one.fields.name),
    left: prune ? [] : rest.map(({ name }) => name),
  };
};

/** Whether they change the same: a plan that was written in between is no matter. */
export const isSameDifference = (one: Difference, other: Difference): boolean =>
  JSON.stringify(one.planned.map(({ change }) => change)) ===
  JSON.stringify(other.planned.map(({ change }) => change));
