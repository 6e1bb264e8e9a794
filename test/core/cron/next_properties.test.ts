// The next due time against a search minute by minute, over all time zones this Node knows.
import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { parseCron } from '../../../src/core/cron/expression.ts';
import { nextDue } from '../../../src/core/cron/next.ts';
import { offsetOf, settingBetween } from '../../../src/core/cron/zone.ts';
import { dueBetween, MINUTE } from './oracle.ts';

const zones = Intl.supportedValuesOf('timeZone');
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

const number = (min: number, max: number) => fc.integer({ min, max });

/** A field that is mostly open, so that something falls due within days. */
const field = (min: number, max: number, open: number) => {
  const value = number(min, max).map(String);
  const range = fc.tuple(number(min, max), number(min, max)).map(([a, b]) => `${a}-${b}`);
  const stepped = fc
    .tuple(fc.oneof(fc.constant('*'), value, range), number(1, Math.ceil((max - min) / 2)))
    .map(([from, step]) => `${from}/${step}`);
  const list = fc.array(fc.oneof(value, range), { minLength: 1, maxLength: 3 }).map(String);
  return fc.oneof({ weight: open, arbitrary: fc.constant('*') }, value, stepped, list);
};

const expressions = fc
  .tuple(field(0, 59, 1), field(0, 23, 2), field(1, 31, 12), field(1, 12, 20), field(0, 7, 12))
  .map((fields) => fields.join(' '));

/** Half of the moments lie around one at which the clocks are set. */
const moments = fc
  .tuple(fc.constantFrom(...zones), number(1975, 2037), number(0, 365 * 24 * 60), fc.boolean())
  .map(([zone, year, minute, near]) => {
    const at = Date.UTC(year, 0, 1) + minute * MINUTE;
    const set = near ? settingBetween(offsetOf(zone), at, at + 180 * DAY) : null;
    const from = set === null ? at : set - (minute % (30 * 60)) * MINUTE;
    return { zone, from: Math.floor(from / MINUTE) * MINUTE };
  });

describe('the next due time', () => {
  test('is what a search minute by minute finds, in every zone, around every change of clocks', () => {
    const minutes = 36 * 60;
    fc.assert(
      fc.property(moments, expressions, ({ zone, from }, text) => {
        const expression = parseCron(text);
        const due = dueBetween(expression, zone, from, minutes);
        const found: number[] = [];
        const until = from + minutes * MINUTE;
        for (let at = nextDue(expression, zone, from); at !== null && at <= until; ) {
          found.push(at);
          at = nextDue(expression, zone, at);
        }
        expect({ text, zone, from, found }).toEqual({ text, zone, from, found: due });
      }),
      { numRuns: 80 },
    );
  });

  test('lies ahead, and from any moment before it, it is the same', () => {
    fc.assert(
      fc.property(moments, expressions, fc.nat(), ({ zone, from }, text, part) => {
        const expression = parseCron(text);
        const next = nextDue(expression, zone, from);
        if (next === null) return;
        expect(next).toBeGreaterThan(from);
        const between = from + (part % (next - from));
        expect(nextDue(expression, zone, between)).toBe(next);
      }),
      { numRuns: 300 },
    );
  });
});
