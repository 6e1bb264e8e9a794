// Cron expressions: what they say, and what is said of those that say nothing.
import { describe, expect, test } from '@jest/globals';
import { parseCron } from '../../../src/core/cron/expression.ts';
import { nextDue } from '../../../src/core/cron/next.ts';
import { InputError } from '../../../src/errors.ts';

/** The next times after `from`, in UTC unless another zone is given. */
const next = (text: string, from: string, count = 1, zone = 'UTC'): (string | null)[] => {
  const found: (string | null)[] = [];
  for (let at: number | null = Date.parse(from); found.length < count && at !== null; ) {
    at = nextDue(parseCron(text), zone, at);
    found.push(at === null ? null : new Date(at).toISOString().slice(0, 16));
  }
  return found;
};

describe('a field', () => {
  test.each([
    ['7', [7]],
    ['07,5,7', [5, 7]],
    ['10-13', [10, 11, 12, 13]],
    ['58-1', [0, 1, 58, 59]],
    ['*/20', [0, 20, 40]],
    ['5/20', [5, 25, 45]],
    ['50-10/7', [4, 50, 57]],
    ['?/30', [0, 30]],
  ])('of minutes %s stands for %j', (field, minutes) => {
    expect(parseCron(`${field} * * * *`).minutes).toEqual(minutes);
  });

  test.each([
    ['SUN', ['2031-06-01']],
    ['0', ['2031-06-01']],
    ['7', ['2031-06-01']],
    ['fri-Sun', ['2031-06-01', '2031-06-06', '2031-06-07', '2031-06-08']],
    ['5-7', ['2031-06-01', '2031-06-06', '2031-06-07']],
    ['7-1', ['2031-06-01', '2031-06-02', '2031-06-08']],
    ['7-7', ['2031-06-01', '2031-06-08']],
    ['sat-mon', ['2031-06-01', '2031-06-02', '2031-06-07']],
    ['tue/2', ['2031-06-03', '2031-06-05', '2031-06-07', '2031-06-10']],
  ])('of weekdays %s falls on %j', (field, days) => {
    // 1 June 2031 is a Sunday.
    const found = next(`0 0 * * ${field}`, '2031-05-31T00:00Z', days.length);
    expect(found.map((at) => at?.slice(0, 10))).toEqual(days);
  });

  test('of months goes by name or number, and over the end of the year', () => {
    expect([...parseCron('0 0 1 nov-FEB,6 *').months].sort((a, b) => a - b)).toEqual([
      1, 2, 6, 11, 12,
    ]);
  });
});

describe('days', () => {
  test('fit when either field says so, if both do', () => {
    const found = next('0 0 13 * FRI', '2031-06-01T00:00Z', 4);
    expect(found.map((at) => at?.slice(8, 10))).toEqual(['06', '13', '20', '27']);
  });

  test('may be the last of the month, or some days before it', () => {
    expect(next('0 0 L * *', '2032-01-31T00:00Z', 2)).toEqual([
      '2032-02-29T00:00',
      '2032-03-31T00:00',
    ]);
    expect(next('0 0 L-2,1 * *', '2031-02-25T00:00Z', 3)).toEqual([
      '2031-02-26T00:00',
      '2031-03-01T00:00',
      '2031-03-29T00:00',
    ]);
  });

  test('may be the nth of a weekday, or the last one', () => {
    expect(next('0 0 * * FRI#2', '2031-06-01T00:00Z', 2)).toEqual([
      '2031-06-13T00:00',
      '2031-07-11T00:00',
    ]);
    expect(next('0 0 * * 1#5', '2031-06-01T00:00Z', 2)).toEqual([
      '2031-06-30T00:00',
      '2031-09-29T00:00',
    ]);
    expect(next('0 0 * * SUNL', '2031-06-01T00:00Z', 2)).toEqual([
      '2031-06-29T00:00',
      '2031-07-27T00:00',
    ]);
  });

  test('that never come are never due', () => {
    expect(next('0 0 30 2 *', '2031-01-01T00:00Z')).toEqual([null]);
    expect(next('0 0 29 2 *', '2097-01-01T00:00Z')).toEqual(['2104-02-29T00:00']);
  });
});

describe('when the clocks are set', () => {
  test('forward, a fixed time in the gap is due at its end', () => {
    expect(next('30 2 * * *', '2031-03-29T12:00Z', 2, 'Europe/Berlin')).toEqual([
      '2031-03-30T01:00',
      '2031-03-31T00:30',
    ]);
  });

  test('back, a fixed time is due once, a rhythm in both passes', () => {
    expect(next('30 2 * * *', '2031-10-25T12:00Z', 2, 'Europe/Berlin')).toEqual([
      '2031-10-26T00:30',
      '2031-10-27T01:30',
    ]);
    expect(next('*/30 * * * *', '2031-10-26T00:00Z', 4, 'Europe/Berlin')).toEqual([
      '2031-10-26T00:30',
      '2031-10-26T01:00',
      '2031-10-26T01:30',
      '2031-10-26T02:00',
    ]);
  });

  test('by a whole day, a day that did not exist is made up for at its end', () => {
    expect(next('0 12 30 12 *', '2011-12-29T00:00Z', 1, 'Pacific/Apia')).toEqual([
      '2011-12-30T10:00',
    ]);
  });
});

describe('what cannot be used is refused with the field, the value and what is expected', () => {
  test.each([
    [
      '',
      '"" has 1 field; expected five (minute, hour, day of month, month, day of week) or a nickname such as @daily',
    ],
    ['* * * *', 'has 4 fields; expected five'],
    ['* * * * * *', 'has 6 fields; expected five'],
    ['@often', '"@often" is no nickname; expected one of @yearly, @annually, @monthly'],
    ['60 * * * *', 'minute "60" cannot be used; expected 0 to 59'],
    ['* 24 * * *', 'hour "24" cannot be used; expected 0 to 23'],
    ['* * 0 * *', 'day of month "0" cannot be used; expected 1 to 31'],
    ['* * * 13 *', 'month "13" cannot be used; expected 1 to 12 or JAN to DEC'],
    [
      '* * * * 8',
      'day of week "8" cannot be used; expected 0 to 7 (0 and 7 are Sunday) or SUN to SAT',
    ],
    ['*/0 * * * *', 'minute step "0" cannot be used; expected 1 to 60'],
    ['*/61 * * * *', 'minute step "61" cannot be used; expected 1 to 60'],
    ['1/2/3 * * * *', 'minute "1/2/3" is no value, range or step'],
    ['1-2-3 * * * *', 'minute "1-2-3" is no range; expected FROM-TO'],
    ['1,,2 * * * *', 'minute "" is no value, range or step'],
    ['-1 * * * *', 'minute "" cannot be used'],
    ['1.5 * * * *', 'minute "1.5" cannot be used'],
    ['* * L-31 * *', 'day of month "L-31" cannot be used; expected L-1 to L-30'],
    ['* * * * 1#6', 'day of week "1#6" cannot be used; expected #1 to #5'],
    ['* * * * L', 'day of week "L" cannot be used'],
  ])('%j', (text, message) => {
    expect(() => parseCron(text)).toThrow(InputError);
    expect(() => parseCron(text)).toThrow(message);
  });

  test('all fields at once', () => {
    expect(() => parseCron('61 25 * * *')).toThrow(
      'schedule_expression: minute "61" cannot be used; expected 0 to 59; hour "25" cannot be used; expected 0 to 23',
    );
  });

  test.each(['Europe/Berln', '', '+01:00', 'local', 'EST5EDT4'])('the time zone %j', (zone) => {
    expect(() => nextDue(parseCron('* * * * *'), zone, 0)).toThrow(
      `timezone: ${JSON.stringify(zone)} is no time zone; expected a name such as UTC or Europe/Berlin`,
    );
  });
});

test('nicknames stand for five fields, in any case', () => {
  expect(next('@Daily', '2031-06-01T05:00Z')).toEqual(['2031-06-02T00:00']);
  expect(next('@hourly', '2031-06-01T05:00Z')).toEqual(['2031-06-01T06:00']);
  expect(next('@weekly', '2031-06-01T05:00Z')).toEqual(['2031-06-08T00:00']);
  expect(parseCron('  @YEARLY ').text).toBe('@YEARLY');
});
