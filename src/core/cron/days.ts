// The two fields that choose days: lists of values, the last day of a month, the nth of a weekday.
import { FieldFault, fieldRules, parseField } from './fields.ts';

/** A day of a month; it counts from 1, day_of_week from Sunday = 0. */
export interface Day {
  day: number;
  day_of_week: number;
  days_in_month: number;
}

type Test = (day: Day) => boolean;

const anyOf =
  (tests: Test[]): Test =>
  (day) =>
    tests.some((test) => test(day));

const listed = (
  parts: string[],
  rule: typeof fieldRules.day_of_month | typeof fieldRules.day_of_week,
  of: (day: Day) => number,
): Test[] => {
  if (parts.length === 0) return [];
  const values = new Set(parseField(parts.join(','), rule));
  return [(day) => values.has(of(day))];
};

const LAST = /^L(?:-(\d{1,2}))?$/i;

/** `L` the last day of the month, `L-3` three days before it. */
const lastDay = (part: string): Test => {
  const before = Number(LAST.exec(part)?.[1] ?? 0);
  if (before > 30)
    throw new FieldFault(`${JSON.stringify(part)} cannot be used; expected L-1 to L-30`);
  return ({ day, days_in_month }) => day === days_in_month - before;
};

const parseDayOfMonth = (text: string): Test => {
  const parts = text.split(',');
  const last = parts.filter((part) => LAST.test(part));
  const rest = parts.filter((part) => !LAST.test(part));
  return anyOf([...last.map(lastDay), ...listed(rest, fieldRules.day_of_month, ({ day }) => day)]);
};

const NTH = /^([a-z]{3}|\d)(?:#(\d)|L)$/i;

/** `FRI#2` the second Friday, `FRIL` the last one. */
const nthWeekday = (part: string): Test => {
  const [, name = '', nth] = NTH.exec(part) ?? [];
  const [weekday] = parseField(name, fieldRules.day_of_week);
  if (nth === undefined) {
    return ({ day, day_of_week, days_in_month }) =>
      day_of_week === weekday && day > days_in_month - 7;
  }
  const week = Number(nth);
  if (week < 1 || week > 5)
    throw new FieldFault(`${JSON.stringify(part)} cannot be used; expected #1 to #5`);
  return ({ day, day_of_week }) => day_of_week === weekday && Math.ceil(day / 7) === week;
};

const parseDayOfWeek = (text: string): Test => {
  const parts = text.split(',');
  const nth = parts.filter((part) => NTH.test(part));
  const rest = parts.filter((part) => !NTH.test(part));
  return anyOf([
    ...nth.map(nthWeekday),
    ...listed(rest, fieldRules.day_of_week, ({ day_of_week }) => day_of_week),
  ]);
};

const isAny = (text: string): boolean => text === '*' || text === '?';

export const dayFields = { day_of_month: parseDayOfMonth, day_of_week: parseDayOfWeek };

/** When both fields say something a day fits if either does, as POSIX has it; else both must. */
export const chooseDays = (
  day_of_month: { text: string; test: Test },
  day_of_week: { text: string; test: Test },
): Test => {
  if (isAny(day_of_month.text)) return day_of_week.test;
  if (isAny(day_of_week.text)) return day_of_month.test;
  return anyOf([day_of_month.test, day_of_week.test]);
};
