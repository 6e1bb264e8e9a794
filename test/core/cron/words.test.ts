// A rule in words says what the rule does: read back by one who knows no cron, it falls due at the same times.
import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import type { Day } from '../../../src/core/cron/days.ts';
import { type CronExpression, parseCron } from '../../../src/core/cron/expression.ts';
import { ruleInWords } from '../../../src/core/cron/words.ts';
import { InputError } from '../../../src/errors.ts';
import { type Read, readRule } from './words_reader.ts';

const upTo = (from: number, to: number): number[] =>
  Array.from({ length: to - from + 1 }, (_, index) => from + index);

/** Every day that a calendar can show. */
const days: Day[] = [28, 29, 30, 31].flatMap((days_in_month) =>
  upTo(1, days_in_month).flatMap((day) =>
    upTo(0, 6).map((day_of_week) => ({ day, day_of_week, days_in_month })),
  ),
);

/** The first time of day, and the first day, of which they think otherwise. */
const firstDifference = (expression: CronExpression, read: Read): string | null => {
  for (const hour of upTo(0, 23)) {
    for (const minute of upTo(0, 59)) {
      const due = expression.hours.includes(hour) && expression.minutes.includes(minute);
      if (read.isTime(hour, minute) !== due) return `${hour}:${minute} is due: ${due}`;
    }
  }
  for (const month of upTo(1, 12)) {
    for (const day of days) {
      const due = expression.months.has(month) && expression.isDay(day);
      if (read.isDay(day, month) !== due) return `${JSON.stringify({ ...day, month })}: ${due}`;
    }
  }
  return null;
};

const told = (text: string) => {
  const words = ruleInWords(text);
  return { text, words, difference: firstDifference(parseCron(text), readRule(words)) };
};

const number = (min: number, max: number) => fc.integer({ min, max });

const field = (min: number, max: number, ...special: fc.Arbitrary<string>[]) => {
  const value = number(min, max).map(String);
  const any = fc.constantFrom('*', '?');
  const range = fc.tuple(number(min, max), number(min, max)).map(([a, b]) => `${a}-${b}`);
  const stepped = fc
    .tuple(fc.oneof(any, value, range), number(1, max - min))
    .map(([from, step]) => `${from}/${step}`);
  const part = fc.oneof(value, range, stepped, ...special);
  const parts = fc.array(part, { minLength: 1, maxLength: 4 }).map((each) => each.join(','));
  return fc.oneof(any, value, range, stepped, parts);
};

const lastDays = number(0, 30).map((before) => (before === 0 ? 'L' : `l-${before}`));
const weekdays = fc.constantFrom(...'SUN mon TUE wed THU fri SAT 0 1 2 3 4 5 6 7'.split(' '));
const nthWeekdays = fc
  .tuple(weekdays, fc.constantFrom('#1', '#2', '#3', '#4', '#5', 'L', 'l'))
  .map(([day, nth]) => `${day}${nth}`);

const expressions = fc
  .tuple(
    field(0, 59),
    field(0, 23),
    field(1, 31, lastDays),
    field(1, 12, fc.constantFrom('NOV-FEB', 'mar')),
    field(0, 7, weekdays, nthWeekdays),
  )
  .map((fields) => fields.join(' '));

describe('a rule in words', () => {
  test('falls due when the rule does, however the rule is written', () => {
    fc.assert(
      fc.property(expressions, (text) => {
        expect(told(text)).toMatchObject({ difference: null });
      }),
      { numRuns: 1500 },
    );
  });

  test('says what each nickname stands for', () => {
    const refusal = (): string => {
      try {
        parseCron('@');
      } catch (error) {
        if (error instanceof InputError) return error.message;
      }
      throw new Error('"@" was taken for a nickname');
    };
    const nicknames = refusal().match(/@\w+/g) ?? [];
    expect(nicknames).toEqual(expect.arrayContaining(['@yearly', '@weekly', '@every_minute']));
    for (const text of [...nicknames, '@WEEKLY']) {
      expect(told(text)).toMatchObject({ difference: null });
    }
  });

  test.each([
    ['0 9 * * *', 'at 09:00 every day'],
    ['0 9 * * 1-5', 'at 09:00 on Monday to Friday'],
    ['30 9,17 * 3 *', 'at 09:30 and 17:30 every day in March'],
    ['* * * * *', 'every minute'],
    ['*/15 * * * *', 'every 15 minutes'],
    ['*/30 * * 3 *', 'every 30 minutes in March'],
    ['5/15 * * * *', 'every 15 minutes from minute 5 to 50 of every hour'],
    ['*/7 * * * *', 'every 7 minutes from minute 0 to 56 of every hour'],
    ['*/45 * * * *', 'at minutes 0 and 45 of every hour'],
    ['*/15 9-17 * * 1-5', 'every 15 minutes from 09:00 to 17:45 on Monday to Friday'],
    [
      '*/15 22-2 * * MON',
      'every 15 minutes from 00:00 to 02:45 and from 22:00 to 23:45 on Mondays',
    ],
    ['5/15 */8 * * *', 'every 15 minutes from minute 5 to 50 of hours 0, 8 and 16 every day'],
    ['0 */5 * * *', 'every 5 hours from 00:00 to 20:00 every day'],
    ['15 * * * *', 'at minute 15 of every hour'],
    ['@yearly', 'at 00:00 on the 1st of January'],
    ['0 9 * * 0-7', 'at 09:00 every day'],
    ['0 9 * * FRI-MON', 'at 09:00 on Mondays and Friday to Sunday'],
    ['0 9 ? * SUN', 'at 09:00 on Sundays'],
    ['0 9 13 * FRI', 'at 09:00 on the 13th of the month, and also on Fridays'],
    ['0 9 */1 * FRI', 'at 09:00 every day'],
    ['0 9 */2 * *', 'at 09:00 on every 2nd day from the 1st to the 31st of the month'],
    ['0 9 1,L * *', 'at 09:00 on the 1st and the last day of the month'],
    ['0 9 L-3 2 *', 'at 09:00 on the 3rd day before the last day of February'],
    ['0 9 * * 5L', 'at 09:00 on the last Friday of the month'],
    ['0 9 * JUN-AUG 5#2', 'at 09:00 on the 2nd Friday of June to August'],
    ['0 9 31 NOV-FEB ?', 'at 09:00 on the 31st of January, February, November and December'],
  ])('%s is %s', (text, words) => {
    expect(ruleInWords(text)).toBe(words);
    expect(told(text)).toMatchObject({ difference: null });
  });

  test('of what is no rule is refused as the rule is', () => {
    expect(() => ruleInWords('0 24 * * *')).toThrow(
      'schedule_expression: hour "24" cannot be used; expected 0 to 23',
    );
  });
});
