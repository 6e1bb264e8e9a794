// Importing schedules of an earlier scheduler, one after the other: each is created, is here already, or
// is refused with every reason. Those that are here stay as they are, so it may be done again.
import { ConflictError, type Problem } from '../errors.ts';
import { fieldOf, readEntry } from './apply_entry.ts';
import { nextTime } from './cron/rule.ts';
import type { Registry } from './definition.ts';
import type { EarlierSchedule } from './earlier.ts';
import type { Emit } from './events.ts';
import { freeName, isNumbered, nameTaken, type Taken } from './import_name.ts';
import { show } from './rules.ts';
import type { Schedule, ScheduleFields } from './schedule.ts';
import type { ScheduleStore } from './schedule_store.ts';
import { saveSchedules } from './schedules.ts';
import type { UpkeepStore } from './store.ts';

/**
 * `present`: imported before · `deleted_there`: not wanted there any more, so not imported ·
 * `deleted_here`: imported before and deleted since, so not imported again
 */
export type ImportAction = 'created' | 'present' | 'deleted_there' | 'deleted_here' | 'refused';

export interface ImportedSchedule {
  action: ImportAction;
  /** its id there */
  earlier_id: string;
  schedule_id: string;
  /** as it stands there */
  earlier_name: string;
  /** here; that of a created one has a number behind it where another of them has the name */
  name: string;
  /** here; of one that is not here, there */
  status: Schedule['status'];
  /** of a created one */
  rule: Pick<Schedule, 'job_type' | 'schedule_expression' | 'timezone'> | null;
  /** of a created one that is active: when it is due next */
  next_execution: Date | null;
  /** of a refused one */
  problems: Problem[];
}

export interface ImportDeps {
  store: ScheduleStore & Pick<UpkeepStore, 'inspect'>;
  registry: Registry;
  emit: Emit;
}

const told = (
  { earlier_id, schedule_id, name, status }: EarlierSchedule,
  action: ImportAction,
  more: Partial<ImportedSchedule> = {},
): ImportedSchedule => {
  const nothing = { rule: null, next_execution: null, problems: [] };
  return { action, earlier_id, schedule_id, earlier_name: name, name, status, ...nothing, ...more };
};

const refused = (earlier: EarlierSchedule, ...problems: Problem[]): ImportedSchedule =>
  told(earlier, 'refused', { problems });

/** Ids that count up are the same in every database: one of another name is another schedule. */
const asItIsHere = (earlier: EarlierSchedule, { name, status }: Schedule): ImportedSchedule => {
  if (!isNumbered(name, earlier.name.trim())) {
    const message = `${show(earlier.earlier_id)} is that of ${show(name)}, which was imported before; expected another id, or that name`;
    return refused(earlier, { path: 'id', message });
  }
  return told(earlier, status === 'deleted' ? 'deleted_here' : 'present', { name, status });
};

/** The earlier scheduler did not mind how its types were spelt. */
const withKnownType = (input: EarlierSchedule['input'], { types }: Registry) => {
  const spelt = String(input.job_type).toLowerCase();
  return types.includes(spelt) ? { ...input, job_type: spelt } : input;
};

/** With every default filled in, or everything that is wrong with it. */
const prepare = async (
  { input, problems }: EarlierSchedule,
  registry: Registry,
): Promise<{ fields: ScheduleFields; problems: [] } | { fields: null; problems: Problem[] }> => {
  const { value, faults } = await readEntry(withKnownType(input, registry), registry);
  if (value !== null && problems.length === 0) return { fields: value.fields, problems: [] };
  // What could not be read there was given a value that need not fit.
  const more = faults.filter((fault) => !problems.some(({ path }) => path === fieldOf(fault)));
  return { fields: null, problems: [...problems, ...more] };
};

const idTaken = ({ earlier_id }: EarlierSchedule): Problem => ({
  path: 'id',
  message: `${show(earlier_id)} is that of another row, too; expected an id of its own`,
});

interface Manner {
  /** the store's clock */
  now: Date;
  dry_run: boolean;
}

/** Throws ConflictError: someone wrote it, or gave its name away, in this very moment. */
const importOne = async (
  earlier: EarlierSchedule,
  taken: Taken,
  { now, dry_run }: Manner,
  deps: ImportDeps,
): Promise<ImportedSchedule> => {
  const { store, registry, emit } = deps;
  const { schedule_id, status } = earlier;
  const here = (await store.getSchedule(schedule_id, 0))?.schedule;
  if (here?.schedule_id === schedule_id) return asItIsHere(earlier, here);
  if (status === 'deleted') return told(earlier, 'deleted_there');
  const { fields: wanted, problems } = await prepare(earlier, registry);
  if (wanted === null) return refused(earlier, ...problems);
  const name = await freeName(wanted.name, taken, store);
  if (name === null) return refused(earlier, nameTaken(wanted.name));
  const fields = { ...wanted, name };
  const write = { ...fields, schedule_id, revision: null, status, applied: false };
  const [saved] = dry_run ? [] : await saveSchedules([write], { store, emit });
  taken.names.set(name, schedule_id);
  const { job_type, schedule_expression, timezone } = fields;
  return told(earlier, 'created', {
    name,
    rule: { job_type, schedule_expression, timezone },
    next_execution: status === 'active' ? nextTime(fields, saved?.updated_at ?? now) : null,
  });
};

const TRIES = 3;

/** Looks again at what someone else did in the meantime: the same import, perhaps. */
const insist = async (
  earlier: EarlierSchedule,
  taken: Taken,
  manner: Manner,
  deps: ImportDeps,
): Promise<ImportedSchedule> => {
  for (let left = TRIES; ; left -= 1) {
    try {
      return await importOne(earlier, taken, manner, deps);
    } catch (error) {
      if (!(error instanceof ConflictError)) throw error;
      if (left === 1) return refused(earlier, { path: '', message: error.message });
    }
  }
};

/**
 * Those of a source, in its order. What runs on start-up makes no job now: it is not new. Dying here
 * leaves some created, which are `present` when it is done again. A dry run writes nothing.
 */
export const importSchedules = async (
  schedules: EarlierSchedule[],
  dry_run: boolean,
  deps: ImportDeps,
): Promise<ImportedSchedule[]> => {
  const { now } = await deps.store.inspect();
  const own = new Set(schedules.map(({ schedule_id }) => schedule_id));
  const taken: Taken = { own, names: new Map() };
  const ids = new Set<string>();
  const imported: ImportedSchedule[] = [];
  for (const earlier of schedules) {
    const { earlier_id, schedule_id } = earlier;
    const doubled = earlier_id !== '' && ids.has(schedule_id);
    ids.add(schedule_id);
    imported.push(
      doubled
        ? refused(earlier, idTaken(earlier))
        : await insist(earlier, taken, { now, dry_run }, deps),
    );
  }
  return imported;
};
