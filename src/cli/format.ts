// How values read to people: text that cannot steer the terminal, ages, lengths of time, statuses.
import { stripVTControlCharacters } from 'node:util';
import type { Colors } from 'picocolors/types.js';
import { fromNow } from '../core/lengths.ts';

/** One line of at most `width` characters, without control characters whoever wrote it. */
export const oneLine = (text: string, width = 200): string => {
  const plain = stripVTControlCharacters(text)
    .replace(/[\p{Cc}\u2028\u2029\s]+/gu, ' ')
    .trim();
  const letters = [...plain];
  return letters.length > width ? `${letters.slice(0, width - 1).join('')}…` : plain;
};

/** `now`, `12 s ago`, `in 3 min`: one unit, for tables. */
export const age = (date: Date, today: Date): string => fromNow(date.getTime() - today.getTime());

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
