// Names of imported schedules: unlike here, two of them could have the same name there.
import type { Problem } from '../errors.ts';
import { show } from './rules.ts';
import type { ScheduleStore } from './schedule_store.ts';
import { keptText } from './text.ts';

const LONGEST = 200;

/** The first is as it was; the second of a name has ` (2)` behind it. */
export const numbered = (name: string, count: number): string => {
  if (count === 1) return name;
  const number = ` (${count})`;
  return `${keptText(name, LONGEST - number.length)}${number}`;
};

/** Whether `name` is what `numbered` makes of `wanted`, whatever the number. */
export const isNumbered = (name: string, wanted: string): boolean => {
  const count = Number(/ \(([1-9]\d{0,8})\)$/.exec(name)?.[1] ?? 1);
  return name === wanted || (count > 1 && name === numbered(wanted, count));
};

/** What one of them may not take from another. */
export interface Taken {
  /** ids of all that are to be imported */
  own: Set<string>;
  /** by name, the id of who has it; in a dry run nobody else knows */
  names: Map<string, string>;
}

/** Null where someone else's schedule has the name: it may well be the same, made by hand. */
export const freeName = async (
  wanted: string,
  { own, names }: Taken,
  store: Pick<ScheduleStore, 'getSchedule'>,
): Promise<string | null> => {
  for (let count = 1; ; count += 1) {
    const name = numbered(wanted, count);
    const holder = names.get(name) ?? (await store.getSchedule(name, 0))?.schedule.schedule_id;
    if (holder === undefined) return name;
    if (count === 1 && !own.has(holder)) return null;
  }
};

export const nameTaken = (name: string): Problem => ({
  path: 'name',
  message: `${show(name)} is the name of another schedule here, which was not imported; expected a name of its own, or none here that has it`,
});
