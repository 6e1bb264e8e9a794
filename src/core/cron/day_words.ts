// The days and months of a cron rule in words.
import { fieldRules, parseField } from './fields.ts';
import { evenStep, listed, ordinal } from './lists.ts';

const monthNames =
  'January February March April May June July August September October November December'.split(
    ' ',
  );
/** Monday is first here, that no list tears a weekend. */
const weekdayNames = 'Monday Tuesday Wednesday Thursday Friday Saturday Sunday'.split(' ');

/** So many days at an even step are told by the step. */
const LEAST_STEPS = 5;

/** `words`: what a field chooses, in one or two phrases; `all`: it leaves out no day. */
interface Chosen {
  words: string[];
  all: boolean;
}

interface Months {
  /** `the month`, `March`, `June to August` */
  of: string;
  /** ` in March`; empty when it is any month */
  inside: string;
}

const monthsOf = (months: ReadonlySet<number>): Months => {
  if (months.size === 12) return { of: 'the month', inside: '' };
  const ascending = [...months].sort((a, b) => a - b);
  const names = listed(ascending, (month) => monthNames[month - 1] ?? '');
  return { of: names, inside: ` in ${names}` };
};

/** Those parts of a field that `special` fits, and the values of all others. */
const split = (
  text: string,
  special: RegExp,
  rule: typeof fieldRules.day_of_month | typeof fieldRules.day_of_week,
): { special: string[]; values: number[] } => {
  const parts = text.split(',');
  const plain = parts.filter((part) => !special.test(part));
  return {
    special: parts.filter((part) => special.test(part)),
    values: plain.length === 0 ? [] : parseField(plain.join(','), rule),
  };
};

const listedDays = (days: readonly number[]): string => {
  const step = evenStep(days, LEAST_STEPS);
  if (step === null || step === 1) return `the ${listed(days, ordinal)}`;
  const [from = 1, to = 1] = [days[0], days.at(-1)];
  return `every ${ordinal(step)} day from the ${ordinal(from)} to the ${ordinal(to)}`;
};

const lastDay = (before: number): string =>
  before === 0 ? 'the last day' : `the ${ordinal(before)} day before the last day`;

const together = (days: string[], months: Months): string[] =>
  days.length === 0 ? [] : [`on ${days.join(' and ')} of ${months.of}`];

const daysOfMonth = (text: string, months: Months): Chosen => {
  const { special, values } = split(text, /^L/i, fieldRules.day_of_month);
  const before = [...new Set(special.map((part) => Number(part.slice(2))))].sort((a, b) => b - a);
  const days = [...(values.length === 0 ? [] : [listedDays(values)]), ...before.map(lastDay)];
  return { words: together(days, months), all: values.length === 31 };
};

/** cron counts from Sunday. */
const weekdayOf = (day_of_week: number): number => (day_of_week + 6) % 7;
const weekdayName = (index: number): string => weekdayNames[index] ?? '';

const nthWeekday = (part: string): string => {
  const [name = '', nth] = part.split('#');
  const [value = 0] = parseField(
    nth === undefined ? name.slice(0, -1) : name,
    fieldRules.day_of_week,
  );
  const which = nth === undefined ? 'last' : ordinal(Number(nth));
  return `the ${which} ${weekdayName(weekdayOf(value))}`;
};

const daysOfWeek = (text: string, months: Months): Chosen => {
  const { special, values } = split(text, /#|.L$/i, fieldRules.day_of_week);
  const days = values.map(weekdayOf).sort((a, b) => a - b);
  const every = listed(days, weekdayName, (day) => `${weekdayName(day)}s`);
  const words = [
    ...(days.length === 0 ? [] : [`on ${every}${months.inside}`]),
    ...together([...new Set(special.map(nthWeekday))], months),
  ];
  return { words, all: days.length === 7 };
};

const isAny = (text: string): boolean => text === '*' || text === '?';

/**
 * `on Monday to Friday`, `on the 13th of March, and also on Fridays in March`, `in March`; empty =
 * any day. Where both fields say something, a day that either of them chooses is meant.
 */
export const daysInWords = (
  day_of_month: string,
  day_of_week: string,
  months: ReadonlySet<number>,
): string => {
  const inMonths = monthsOf(months);
  const chosen = [
    ...(isAny(day_of_month) ? [] : [daysOfMonth(day_of_month, inMonths)]),
    ...(isAny(day_of_week) ? [] : [daysOfWeek(day_of_week, inMonths)]),
  ];
  if (chosen.length === 0 || chosen.some(({ all }) => all)) return inMonths.inside.trimStart();
  return chosen.flatMap(({ words }) => words).join(', and also ');
};
