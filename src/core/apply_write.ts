// Carrying out what a file of schedules wants: first all that is created and changed, then what is deleted.
import { ConflictError } from '../errors.ts';
import { type Difference, isSameDifference, type PlannedChange } from './apply_difference.ts';
import { planShort, shortOf } from './planning.ts';
import type { Schedule } from './schedule.ts';
import type { ScheduleWrite } from './schedule_store.ts';
import {
  changedMeanwhile,
  getSchedule,
  moveSchedule,
  type ScheduleDeps,
  saveSchedules,
} from './schedules.ts';

/** Plans that others write meanwhile are no reason to give up at once, nor to try for ever. */
const TRIES = 5;

const someoneElse = (before: Difference, after: Difference): ConflictError => {
  const words = ({ planned }: Difference) =>
    new Map(planned.map(({ change }) => [change.name, JSON.stringify(change)]));
  const [one, other] = [words(before), words(after)];
  const name = [...one.keys(), ...other.keys()].find((it) => one.get(it) !== other.get(it));
  return changedMeanwhile(name ?? '');
};

const shortIn = ({ planned }: Difference, now: Date) =>
  planned.flatMap(({ schedule, write }) =>
    schedule === null || write === null ? [] : shortOf(schedule, now),
  );

const writesOf = (planned: PlannedChange[], idOf: (name: string) => string): ScheduleWrite[] =>
  planned.flatMap(({ change: { name }, write, schedule }) =>
    write === null ? [] : [{ ...write, schedule_id: schedule?.schedule_id ?? idOf(name) }],
  );

/**
 * Creates and changes, all or none, and answers them. Whoever plans on meanwhile gives a schedule
 * another revision: it is read again, and written if the difference is still the same. Throws a
 * ConflictError when it is not. `now`: the store's clock, after the first difference was read.
 */
export const writeDifference = async (
  first: Difference,
  now: Date,
  read: () => Promise<Difference>,
  { store, emit, newId }: ScheduleDeps,
): Promise<Schedule[]> => {
  const ids = new Map(first.planned.map(({ change }) => [change.name, newId()]));
  const idOf = (name: string) => ids.get(name) ?? newId();
  let current = first;
  const readAgain = async () => {
    const again = await read();
    if (!isSameDifference(current, again)) throw someoneElse(current, again);
    current = again;
  };
  for (let left = TRIES; ; left -= 1) {
    const short = shortIn(current, now);
    if (short.length > 0) {
      // What went by until now belongs to the rule and the status they had then.
      await planShort(short, store, emit);
      await readAgain();
    }
    try {
      return await saveSchedules(writesOf(current.planned, idOf), { store, emit });
    } catch (error) {
      if (!(error instanceof ConflictError) || left === 1) throw error;
      await readAgain();
    }
  }
};

/** Deletes what the difference deletes, one after the other. */
export const deleteRest = async ({ planned }: Difference, deps: ScheduleDeps): Promise<void> => {
  for (const { write, schedule } of planned) {
    if (write !== null || schedule === null) continue;
    try {
      await moveSchedule(schedule.schedule_id, 'delete', deps);
    } catch (error) {
      if (!(error instanceof ConflictError)) throw error;
      const { schedule: present } = await getSchedule(schedule.schedule_id, deps.store);
      // Someone else did it meanwhile: it is gone, as it was to be.
      if (present.status !== 'deleted') throw error;
    }
  }
};
