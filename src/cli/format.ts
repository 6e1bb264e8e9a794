// How values read to people: text that cannot steer the terminal, ages, lengths of time, statuses.
import { stripVTControlCharacters } from 'node:util';
import type { Colors } from 'picocolors/types.js';

/** One line of at most `width` characters, without control characters whoever wrote it. */
export const oneLine = (text: string, width = 200): string => {
  const plain = stripVTControlCharacters(text)
    .replace(/[\p{Cc}\u2028\u2029\s]+/gu, ' ')
    .trim();
  const letters = [...plain];
  return letters.length > width ? `${letters.slice(0, width - 1).join('')}…` : plain;
};

const units: [string, number][] = [
  ['d', 86_400],
  ['h', 3_600],
  ['min', 60],
];

/** `8 ms`, `1.42 s`, `12 s`, `3 min 20 s`, `2 h 5 min`, `4 d 3 h`. */
export const duration = (seconds: number): string => {
  if (seconds < 1) return `${Math.round(Math.max(0, seconds) * 1000)} ms`;
  if (seconds < 10) return `${Number(seconds.toFixed(2))} s`;
  const whole = Math.round(seconds);
  const at = units.findIndex(([, size]) => whole >= size);
  const unit = units[at];
  if (!unit) return `${whole} s`;
  const [name, size] = unit;
  const [lesserName, lesserSize] = units[at + 1] ?? ['s', 1];
  const rest = Math.floor((whole % size) / lesserSize);
  return `${Math.floor(whole / size)} ${name}${rest > 0 ? ` ${rest} ${lesserName}` : ''}`;
};

/** `now`, `12 s ago`, `in 3 min`: one unit, for tables. */
export const age = (date: Date, today: Date): string => {
  const seconds = Math.round((date.getTime() - today.getTime()) / 1000);
  if (Math.abs(seconds) < 1) return 'now';
  const [name, size] = units.find(([, unit]) => Math.abs(seconds) >= unit) ?? ['s', 1];
  const length = `${Math.floor(Math.abs(seconds) / size)} ${name}`;
  return seconds > 0 ? `in ${length}` : `${length} ago`;
};

/** `2026-11-21 22:40:03 UTC` */
export const moment = (date: Date): string =>
  `${date.toISOString().slice(0, 19).replace('T', ' ')} UTC`;

/** `1 job`, `2 jobs` */
export const count = (amount: number, noun: string): string =>
  `${amount} ${noun}${amount === 1 ? '' : 's'}`;

const colors: Record<string, 'green' | 'red' | 'yellow' | 'cyan' | 'dim'> = {
  success: 'green',
  active: 'green',
  fired: 'green',
  failed: 'red',
  timeout: 'red',
  missed: 'red',
  lost: 'yellow',
  yielded: 'yellow',
  blocked: 'yellow',
  paused: 'yellow',
  skipped: 'yellow',
  replaced: 'yellow',
  locked: 'cyan',
  running: 'cyan',
  cancelled: 'dim',
  disabled: 'dim',
  inactive: 'dim',
  deleted: 'dim',
};

/** The word of a status, of a job, an execution, a schedule or a slot, in its colour. */
export const statusWord = (paint: Colors, status: string): string => {
  const color = colors[status];
  return color === undefined ? status : paint[color](status);
};
