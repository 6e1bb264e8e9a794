// When a cron expression falls due, found the slow way: minute by minute, by what the clocks show.
import { expect } from '@jest/globals';
import type { CronExpression } from '../../../src/core/cron/expression.ts';

export const MINUTE = 60_000;
/** No zone sets its clocks back by more than this. */
const LONGEST_OVERLAP = 26 * 60;

const formats = new Map<string, Intl.DateTimeFormat>();

/** What the clocks of a zone show, to the minute, as ms as if it were UTC. A reading of its own. */
const wallOf = (zone: string, at: number): number => {
  const format =
    formats.get(zone) ??
    new Intl.DateTimeFormat('sv-SE', { timeZone: zone, dateStyle: 'short', timeStyle: 'short' });
  formats.set(zone, format);
  return Date.parse(`${format.format(at).replace(' ', 'T')}:00Z`);
};

const matches = (expression: CronExpression, wall: number): boolean => {
  const date = new Date(wall);
  const days_in_month = new Date(
    Date.UTC(date.getUTCFullYear(), date.getUTCMonth() + 1, 0),
  ).getUTCDate();
  const day = { day: date.getUTCDate(), day_of_week: date.getUTCDay(), days_in_month };
  return (
    expression.minutes.includes(date.getUTCMinutes()) &&
    expression.hours.includes(date.getUTCHours()) &&
    expression.months.has(date.getUTCMonth() + 1) &&
    expression.isDay(day)
  );
};

/** Every moment in (from, from + minutes] at which it is due. */
export const dueBetween = (
  expression: CronExpression,
  zone: string,
  from: number,
  minutes: number,
): number[] => {
  expect(from % MINUTE).toBe(0);
  const shown = new Set<number>();
  const due: number[] = [];
  let before = wallOf(zone, from - (LONGEST_OVERLAP + 1) * MINUTE);
  for (let minute = -LONGEST_OVERLAP; minute <= minutes; minute += 1) {
    const at = from + minute * MINUTE;
    const wall = wallOf(zone, at);
    let fits = matches(expression, wall) && (expression.is_interval || !shown.has(wall));
    for (let skipped = before + MINUTE; skipped < wall; skipped += MINUTE) {
      fits ||= matches(expression, skipped);
    }
    if (fits && minute > 0) due.push(at);
    shown.add(wall);
    before = wall;
  }
  return due;
};
