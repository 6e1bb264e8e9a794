// Time zones by `Intl` alone: how far a zone's clocks are from UTC, and when they are set.
import { InputError } from '../../errors.ts';

/** Milliseconds from UTC to the local time of a zone at a moment (ms since 1970). */
export type Offset = (at: number) => number;

/** Milliseconds; no zone has ever set its clocks by more than a day, nor twice within this time. */
const REACH = 26 * 60 * 60 * 1000;

const formatterOf = (zone: string): Intl.DateTimeFormat =>
  new Intl.DateTimeFormat('en-US', {
    timeZone: zone,
    calendar: 'iso8601',
    numberingSystem: 'latn',
    hourCycle: 'h23',
    era: 'short',
    year: 'numeric',
    month: 'numeric',
    day: 'numeric',
    hour: 'numeric',
    minute: 'numeric',
    second: 'numeric',
  });

const offsets = new Map<string, Offset>();

/** Since this moment no zone has set its clocks but at a quarter of an hour, as UTC counts them. */
const BY_QUARTERS = Date.UTC(2000, 0, 1);
const QUARTER = 15 * 60 * 1000;
const MOST_REMEMBERED = 5000;

/** Asking `Intl` is dear, and a rule of every minute asks for the same quarters again and again. */
const remembering = (offset: Offset): Offset => {
  const known = new Map<number, number>();
  return (at) => {
    if (at < BY_QUARTERS) return offset(at);
    const quarter = Math.floor(at / QUARTER);
    const found = known.get(quarter) ?? offset(at);
    if (known.size >= MOST_REMEMBERED) known.clear();
    known.set(quarter, found);
    return found;
  };
};

/** Throws an InputError for what is no zone of the tz database. */
export const offsetOf = (zone: string, path = 'timezone'): Offset => {
  const known = offsets.get(zone);
  if (known) return known;
  let format: Intl.DateTimeFormat;
  try {
    if (!/^[A-Za-z]/.test(zone)) throw new RangeError(zone);
    format = formatterOf(zone);
  } catch {
    const message = `${JSON.stringify(zone.slice(0, 100))} is no time zone; expected a name such as UTC or Europe/Berlin`;
    throw new InputError([{ path, message }]);
  }
  const asked: Offset = (at) => {
    const seconds = Math.floor(at / 1000) * 1000;
    const parts: Record<string, string> = {};
    for (const { type, value } of format.formatToParts(seconds)) parts[type] = value;
    const { year, month, day, hour, minute, second } = parts;
    return (
      Date.UTC(
        Number(year),
        Number(month) - 1,
        Number(day),
        Number(hour),
        Number(minute),
        Number(second),
      ) - seconds
    );
  };
  const offset = zone === 'UTC' ? () => 0 : remembering(asked);
  offsets.set(zone, offset);
  return offset;
};

/** The moment in (from, to] at which the clocks are set, if they are not the same at both ends. */
export const settingBetween = (offset: Offset, from: number, to: number): number | null => {
  const before = offset(from);
  if (before === offset(to)) return null;
  let [low, high] = [from, to];
  while (high - low > 1000) {
    const middle = Math.floor((low + high) / 2000) * 1000;
    if (middle <= low || middle >= high) break;
    if (offset(middle) === before) low = middle;
    else high = middle;
  }
  return high;
};

/**
 * The moments at which the clocks show `local` (ms, as if it were UTC), ascending: one, two where they
 * were set back, none where they were set forward: then `gap_end` is the moment that was done.
 */
export const momentsOf = (
  offset: Offset,
  local: number,
): { moments: number[]; gap_end: number | null } => {
  const around = new Set([offset(local - REACH), offset(local + REACH)]);
  for (const one of [...around]) around.add(offset(local - one));
  const moments = [...around].map((one) => local - one).filter((at) => at + offset(at) === local);
  if (moments.length > 0)
    return { moments: [...new Set(moments)].sort((a, b) => a - b), gap_end: null };
  const [least, most] = [Math.min(...around), Math.max(...around)];
  return { moments: [], gap_end: settingBetween(offset, local - most, local - least) };
};

/** When the clocks are next set back, within a day or so after `at`. */
export const setBackAfter = (
  offset: Offset,
  at: number,
): { at: number; from: number; to: number } | null => {
  const setting = settingBetween(offset, at, at + REACH);
  if (setting === null) return null;
  const [from, to] = [offset(setting - 1000), offset(setting)];
  return to < from ? { at: setting, from: setting + from, to: setting + to } : null;
};
