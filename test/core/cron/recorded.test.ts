// Cron cases of other projects, recorded outside of this one; without them these tests are skipped,
// and the warning says so.
import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from '@jest/globals';
import { parseCron } from '../../../src/core/cron/expression.ts';
import { nextDue } from '../../../src/core/cron/next.ts';

const here = dirname(fileURLToPath(import.meta.url));
const file = join(here, '../../../../shared/data/cron/cron-cases.json');

/** End of the gap, both passes for a rhythm; either of the two fields of days. */
const PROFILE = 'cronos/or';

interface Case {
  id: string;
  group: string;
  expr: string;
  tz: string;
  from: string;
  inclusive: boolean;
  expected?: string[];
  not_at?: string;
  profiles: string[] | 'all';
}

interface Recorded {
  cases: Case[];
  invalid: { expr: string }[];
  match: {
    expr: string;
    at: Record<'minute' | 'hour' | 'dom' | 'month' | 'dow', number>;
    matches: boolean;
  }[];
  expand: { expr: string; minutes?: number[]; hours?: number[] }[];
}

const present = existsSync(file);
if (!present) console.warn(`skipped: there are no recorded cron cases at ${file}`);
const recorded: Recorded = present
  ? JSON.parse(readFileSync(file, 'utf8'))
  : { cases: [], invalid: [], match: [], expand: [] };

const groups = ['core', 'core-ext', 'dst-neutral'];
const cases = recorded.cases.filter(
  ({ group, profiles }) =>
    groups.includes(group) || (group !== 'library-specific' && profiles.includes(PROFILE)),
);

const iso = (at: number | null): string | null =>
  at === null ? null : new Date(at).toISOString().replace('.000', '');

(present ? describe : describe.skip)('recorded cases', () => {
  test('are most of those there are', () => {
    expect(cases.length).toBeGreaterThan(300);
  });

  test.each(cases)('$id: $expr in $tz', ({ expr, tz, from, inclusive, expected, not_at }) => {
    const expression = parseCron(expr);
    let at: number | null = Date.parse(from) - (inclusive ? 1000 : 0);
    if (not_at !== undefined) {
      expect(iso(nextDue(expression, tz, Date.parse(not_at) - 1000))).not.toBe(not_at);
    }
    if (expected?.length === 0) expect(nextDue(expression, tz, at)).toBeNull();
    for (const due of expected ?? []) {
      at = nextDue(expression, tz, at ?? 0);
      expect(iso(at)).toBe(due);
    }
  });

  test.each(recorded.invalid)('refuse $expr', ({ expr }) => {
    expect(() => parseCron(expr)).toThrow('schedule_expression');
  });

  test.each(recorded.match)('$expr at $at: $matches', ({ expr, at, matches }) => {
    const { minutes, hours, months, isDay } = parseCron(expr);
    const day = isDay({ day: at.dom, day_of_week: at.dow, days_in_month: 31 });
    const fits = [minutes.includes(at.minute), hours.includes(at.hour), months.has(at.month), day];
    expect(fits.every(Boolean)).toBe(matches);
  });

  test.each(recorded.expand)('$expr stands for its values', ({ expr, minutes, hours }) => {
    const expression = parseCron(expr);
    if (minutes) expect(expression.minutes).toEqual(minutes);
    if (hours) expect(expression.hours).toEqual(hours);
  });
});
