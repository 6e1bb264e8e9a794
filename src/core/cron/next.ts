// The next time a cron expression falls due in a time zone.
import type { CronExpression } from './expression.ts';
import { momentsOf, offsetOf, setBackAfter } from './zone.ts';

const MINUTE = 60_000;
const DAY = 24 * 60 * MINUTE;
/** An expression that fits no day in so many years fits none: 29 February on a given weekday is rarest. */
const YEARS = 50;

const firstAbove = (values: readonly number[], least: number): number | undefined =>
  values.find((value) => value >= least);

const fitsDay = (expression: CronExpression, midnight: Date): boolean => {
  const [year, month] = [midnight.getUTCFullYear(), midnight.getUTCMonth()];
  if (!expression.months.has(month + 1)) return false;
  return expression.isDay({
    day: midnight.getUTCDate(),
    day_of_week: midnight.getUTCDay(),
    days_in_month: new Date(Date.UTC(year, month + 1, 0)).getUTCDate(),
  });
};

/** The first wall-clock minute above `after` that fits (both ms as if UTC); null = none. */
const nextOnTheWall = (expression: CronExpression, after: number): number | null => {
  const { minutes, hours } = expression;
  const start = Math.floor(after / MINUTE) * MINUTE + MINUTE;
  const today = Math.floor(start / DAY) * DAY;
  for (let midnight = today; midnight < today + YEARS * 366 * DAY; midnight += DAY) {
    if (!fitsDay(expression, new Date(midnight))) continue;
    const least = midnight === today ? Math.floor((start - midnight) / MINUTE) : 0;
    const hour = Math.floor(least / 60);
    const minute = hours.includes(hour) ? firstAbove(minutes, least % 60) : undefined;
    if (minute !== undefined) return midnight + (hour * 60 + minute) * MINUTE;
    const later = firstAbove(hours, hours.includes(hour) || least % 60 > 0 ? hour + 1 : hour);
    if (later !== undefined) return midnight + (later * 60 + (minutes[0] ?? 0)) * MINUTE;
  }
  return null;
};

/**
 * The first moment after `after` (ms since 1970) at which the expression falls due in `zone`; null =
 * never. Where the clocks are set forward, what fell into the gap is due at its end. Where they are
 * set back, a fixed time is due once, the first time, and a rhythm in both passes.
 */
export const nextDue = (expression: CronExpression, zone: string, after: number): number | null => {
  const offset = offsetOf(zone);
  const found: number[] = [];
  if (expression.is_interval) {
    const back = setBackAfter(offset, after);
    const again = back === null ? null : nextOnTheWall(expression, back.to - 1);
    if (back && again !== null && again < back.from) found.push(back.at + again - back.to);
  }
  let wall: number | null = after + offset(after);
  while (wall !== null) {
    wall = nextOnTheWall(expression, wall);
    if (wall === null) break;
    const { moments, gap_end } = momentsOf(offset, wall);
    const due = gap_end === null ? moments.slice(0, expression.is_interval ? 2 : 1) : [gap_end];
    const later = due.filter((at) => at > after);
    if (later.length > 0) {
      found.push(...later);
      break;
    }
  }
  return found.length === 0 ? null : Math.min(...found);
};
