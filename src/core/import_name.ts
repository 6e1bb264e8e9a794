// Names of imported schedules: unlike here, two of them could have the same name there.
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
