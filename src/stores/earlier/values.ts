// Texts of a database as values: moments, numbers, yes or no, JSON. Undefined = the text is none.
import type { Json } from '../../core/json.ts';

const ISO =
  /^(\d{4})-(\d\d)-(\d\d)(?:[T ](\d\d):(\d\d)(?::(\d\d)(?:[.,](\d{1,9}))?)?)?\s*(Z|UTC|([+-])(\d\d)(?::?(\d\d))?)?$/i;

/** Between 1970 and 9999, which all stores keep. */
const within = (time: number): Date | undefined =>
  time >= 0 && time < 253_402_300_800_000 ? new Date(time) : undefined;

/** Seconds or milliseconds since 1970; ten digits are seconds until the year 2286. */
const ofEpoch = (text: string): Date | undefined => {
  const value = Number(text);
  return within(Math.floor(value < 100_000_000_000 ? value * 1000 : value));
};

/**
 * A date and time as Python, SQLite and Postgres write them, or a number since 1970. Without a zone it
 * is UTC: that was the earlier scheduler's clock. What is finer than milliseconds is cut off.
 */
export const momentOf = (text: string): Date | undefined => {
  if (/^\d{9,14}(\.\d+)?$/.test(text)) return ofEpoch(text);
  const parts = ISO.exec(text.trim());
  if (parts === null) return undefined;
  const [, year, month, day, hour = '0', minute = '0', second = '0', fraction = '0'] = parts;
  const [, , , , , , , , , sign, hours = '0', minutes = '0'] = parts;
  const given = [year, month, day, hour, minute, second].map(Number) as [number, ...number[]];
  const [y, m = 0, ...rest] = given;
  const local = new Date(Date.UTC(y, m - 1, ...rest));
  const read = [
    local.getUTCFullYear(),
    local.getUTCMonth() + 1,
    local.getUTCDate(),
    local.getUTCHours(),
    local.getUTCMinutes(),
    local.getUTCSeconds(),
  ];
  // 30 February would become 2 March.
  if (read.some((value, at) => value !== given[at])) return undefined;
  const offset = (Number(hours) * 60 + Number(minutes)) * (sign === '-' ? -60_000 : 60_000);
  return within(local.getTime() + Math.floor(Number(`0.${fraction}`) * 1000) - offset);
};

export const numberOf = (text: string): number | undefined => {
  const value = Number(text);
  return text.trim() !== '' && Number.isFinite(value) ? value : undefined;
};

export const flagOf = (text: string): boolean | undefined => {
  const word = text.trim().toLowerCase();
  if (['1', 'true', 't', 'yes', 'y', 'on'].includes(word)) return true;
  return ['0', 'false', 'f', 'no', 'n', 'off'].includes(word) ? false : undefined;
};

const parsed = (text: string): Json | undefined => {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
};

/** JSON, also where a program wrote its text into a JSON column, so that it is packed twice. */
export const jsonOf = (text: string): Json | undefined => {
  const once = parsed(text);
  return typeof once === 'string' && /^\s*[[{]/.test(once) ? (parsed(once) ?? once) : once;
};

/** `JobStatus.ACTIVE`, `Active` and `active` are one word, as are `timed-out` and `timed_out`. */
export const wordOf = (text: string): string =>
  (text.trim().split('.').at(-1) ?? '').toLowerCase().replace(/[\s-]+/g, '_');
