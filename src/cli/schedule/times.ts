// When a schedule falls due, as its clocks show it.
import { parseCron } from '../../core/cron/expression.ts';
import { nextDue } from '../../core/cron/next.ts';
import { ruleInWords } from '../../core/cron/words.ts';
import { offsetOf } from '../../core/cron/zone.ts';
import type { Rule } from '../../core/schedule.ts';
import { InputError, type Problem } from '../../errors.ts';

const WEEKDAYS = ['Sun', 'Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat'];
const MINUTE = 60_000;

/** `Mon 2026-11-23 09:00`, as the clocks show it that are `offset` ms ahead of UTC. */
const wall = (at: Date, offset: number): string => {
  const local = new Date(at.getTime() + offset);
  const text = local.toISOString().slice(0, 16).replace('T', ' ');
  return `${WEEKDAYS[local.getUTCDay()]} ${text}`;
};

/** `+05:30` */
const fromUtc = (offset: number): string => {
  const minutes = Math.round(Math.abs(offset) / MINUTE);
  const two = (value: number) => String(value).padStart(2, '0');
  return `${offset < 0 ? '-' : '+'}${two(Math.floor(minutes / 60))}:${two(minutes % 60)}`;
};

export interface ZoneTimes {
  /** `Mon 2026-11-23 09:00 +01:00`: where clocks are set back, an hour is told from the one before */
  local(at: Date): string;
  utc(at: Date): string;
  /** its clocks always show UTC */
  is_utc: boolean;
}

/** A zone that nobody knows is shown as UTC. */
export const zoneTimes = (zone: string): ZoneTimes => {
  const utc = (at: Date) => wall(at, 0);
  const known = readRule({ schedule_expression: '@daily', timezone: zone }).faults.length === 0;
  if (!known || zone === 'UTC') return { local: (at) => `${utc(at)} UTC`, utc, is_utc: true };
  const offset = offsetOf(zone);
  const local = (at: Date) => {
    const ahead = offset(at.getTime());
    return `${wall(at, ahead)} ${fromUtc(ahead)}`;
  };
  return { local, utc, is_utc: false };
};

export interface ReadRule {
  /** null = it cannot be read */
  words: string | null;
  faults: Problem[];
  /** the first `count` times after a moment; fewer when no more will come */
  next(after: Date, count: number): Date[];
}

const faultsOf = (read: () => unknown): Problem[] => {
  try {
    read();
    return [];
  } catch (error) {
    if (error instanceof InputError) return error.problems;
    throw error;
  }
};

/** Someone may have written the row by hand: then `faults` say what is wrong with it. */
export const readRule = ({
  schedule_expression,
  timezone,
}: Pick<Rule, 'schedule_expression' | 'timezone'>): ReadRule => {
  const wrong = faultsOf(() => parseCron(schedule_expression));
  const faults = [...wrong, ...faultsOf(() => offsetOf(timezone))];
  const next = (after: Date, count: number): Date[] => {
    const times: Date[] = [];
    if (faults.length > 0) return times;
    const expression = parseCron(schedule_expression);
    for (let at = nextDue(expression, timezone, after.getTime()); at !== null; ) {
      times.push(new Date(at));
      at = times.length < count ? nextDue(expression, timezone, at) : null;
    }
    return times;
  };
  return { words: wrong.length > 0 ? null : ruleInWords(schedule_expression), faults, next };
};
