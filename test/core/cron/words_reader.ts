// Reads a rule in words back: which minutes, hours and days it speaks of. It knows no cron.
import type { Day } from '../../../src/core/cron/days.ts';

export interface Read {
  isTime(hour: number, minute: number): boolean;
  isDay(day: Day, month: number): boolean;
}

const MONTHS = [
  ...['january', 'february', 'march', 'april', 'may', 'june', 'july', 'august'],
  ...['september', 'october', 'november', 'december'],
];
const WEEKDAYS = ['sunday', 'monday', 'tuesday', 'wednesday', 'thursday', 'friday', 'saturday'];

const fail = (words: string): never => {
  throw new Error(`these words say nothing: ${words}`);
};

const upTo = (from: number, to: number, step = 1): number[] =>
  Array.from({ length: Math.floor((to - from) / step) + 1 }, (_, index) => from + index * step);

/** `a, b to c and d`; a week may begin with any day. */
const list = (words: string, read: (word: string) => number, cycle?: number): Set<number> =>
  new Set(
    words.split(/, | and /).flatMap((part) => {
      const [from, to] = part.split(' to ').map(read) as [number, number?];
      if (to === undefined) return [from];
      return upTo(from, from > to && cycle ? to + cycle : to).map((at) =>
        cycle ? at % cycle : at,
      );
    }),
  );

const number = (word: string): number =>
  /^\d+(st|nd|rd|th)?$/.test(word) ? Number.parseInt(word, 10) : fail(word);
const named = (names: string[]) => (word: string) => {
  const at = names.indexOf(word.toLowerCase().replace(/days$/, 'day'));
  return at < 0 ? fail(word) : at;
};
const clock = (word: string): number => {
  const [, hour, minute] = /^(\d\d):(\d\d)$/.exec(word) ?? fail(word);
  return Number(hour) * 60 + Number(minute);
};

const hours = (words: string): Set<number> =>
  words === 'every hour' ? new Set(upTo(0, 23)) : list(words.replace(/^hours? /, ''), number);

const readTimes = (words: string): Set<number> => {
  const at = /^at (\d\d:.*)$/.exec(words);
  if (at) return list(at[1]!, clock);
  const listed = /^at minutes? (.*?) of (.*)$/.exec(words);
  if (listed) {
    const minutes = [...list(listed[1]!, number)];
    return new Set([...hours(listed[2]!)].flatMap((hour) => minutes.map((m) => hour * 60 + m)));
  }
  const [, count, noun, rest = ''] =
    /^every (?:(\d+) )?(minute|hour)s?(?: (.*))?$/.exec(words) ?? fail(words);
  const step = Number(count ?? 1) * (noun === 'hour' ? 60 : 1);
  if (rest === '') return new Set(upTo(0, 24 * 60 - 1, step));
  const within = /^(?:from minute (\d+) to (\d+) )?of (.*)$/.exec(rest);
  if (within) {
    const minutes = upTo(Number(within[1] ?? 0), Number(within[2] ?? 59), step);
    return new Set([...hours(within[3]!)].flatMap((hour) => minutes.map((m) => hour * 60 + m)));
  }
  return new Set(
    rest.split(' and ').flatMap((span) => {
      const [, from, to] = /^from (\S+) to (\S+)$/.exec(span) ?? fail(span);
      return upTo(clock(from!), clock(to!), step);
    }),
  );
};

type Test = (day: Day, month: number) => boolean;

const months = (words: string): Set<number> =>
  words === 'the month'
    ? new Set(upTo(1, 12))
    : new Set([...list(words, named(MONTHS))].map((month) => month + 1));

const dayOfMonth = (words: string): ((day: Day) => boolean) => {
  if (words === 'the last day') return ({ day, days_in_month }) => day === days_in_month;
  const before = /^the (\S+) day before the last day$/.exec(words);
  if (before) return ({ day, days_in_month }) => day === days_in_month - number(before[1]!);
  const step = /^every (\S+) day from the (\S+) to the (\S+)$/.exec(words);
  if (step) {
    const [by, from, to] = step.slice(1).map(number) as [number, number, number];
    const days = new Set(upTo(from, to, by));
    return ({ day }) => days.has(day);
  }
  const nth = /^the (\S+) ([A-Z]\w+day)$/.exec(words);
  if (nth) {
    const weekday = named(WEEKDAYS)(nth[2]!);
    if (nth[1] === 'last')
      return ({ day, day_of_week, days_in_month }) =>
        day_of_week === weekday && day + 7 > days_in_month;
    const week = number(nth[1]!);
    return ({ day, day_of_week }) =>
      day_of_week === weekday && day > (week - 1) * 7 && day <= week * 7;
  }
  const days = list(words.replace(/^the /, ''), number);
  return ({ day }) => days.has(day);
};

const readDays = (words: string): Test => {
  const tests = words.split(', and also ').map((phrase): Test => {
    const of = /^on (.*(?:the|every) .*) of (.*)$/.exec(phrase);
    if (of) {
      const days = of[1]!.split(/ and (?=the|every)/).map(dayOfMonth);
      const chosen = months(of[2]!);
      return (day, month) => chosen.has(month) && days.some((fits) => fits(day));
    }
    const [, on, inside] = /^(?:on (.*?)|every day)?(?: ?in (.*))?$/.exec(phrase) ?? fail(phrase);
    const weekdays = on === undefined ? null : list(on, named(WEEKDAYS), 7);
    const chosen = months(inside ?? 'the month');
    return ({ day_of_week }, month) => chosen.has(month) && (weekdays?.has(day_of_week) ?? true);
  });
  return (day, month) => tests.some((fits) => fits(day, month));
};

export const readRule = (words: string): Read => {
  const [, times, days = ''] = /^(.*?)(?: (on .*|every day.*|in .*))?$/.exec(words) ?? fail(words);
  const set = readTimes(times!);
  return { isTime: (hour, minute) => set.has(hour * 60 + minute), isDay: readDays(days) };
};
