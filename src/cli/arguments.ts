// Words of the command line turned into values; each refusal names the word and what is expected.
import { InvalidArgumentError } from 'commander';
import * as z from 'zod';
import { JOB_ID, priorities, priorityBounds } from '../core/job.ts';
import { InputError, type Problem } from '../errors.ts';

const refuse = (expected: string): never => {
  throw new InvalidArgumentError(`Expected ${expected}.`);
};

const wholeText = /^-?\d{1,15}$/;

/** A whole number of at least `least`; `noun` completes the sentence of a refusal. */
export const wholeFrom =
  (least: number, noun = 'a whole number') =>
  (word: string): number => {
    const value = Number(word);
    return wholeText.test(word) && value >= least
      ? value
      : refuse(`${noun} of ${least} or more, e.g. ${Math.max(least, 3)}`);
  };

/** Seconds above 0, fractions allowed. */
export const seconds = (word: string): number => {
  const value = Number(word);
  return /^\d+(\.\d+)?$/.test(word) && value > 0 ? value : refuse('a number of seconds above 0');
};

/** `low`, `normal`, `high` or a whole number from -32768 to 32767. */
export const priority = (word: string): number => {
  const named = Object.entries(priorities).find(([name]) => name === word);
  if (named) return named[1];
  const value = Number(word);
  const { min, max } = priorityBounds;
  return wholeText.test(word) && value >= min && value <= max
    ? value
    : refuse('low, normal, high or a whole number from -32768 to 32767');
};

/** When a job may start: a moment, or a length of time from now by the store's clock. */
export type RunAt = { at: Date } | { after_seconds: number };

const zoned = z.union([
  z.iso.datetime({ offset: true }),
  z.iso.datetime({ offset: true, precision: -1 }),
]);
const sizes = { s: 1, m: 60, h: 3_600, d: 86_400 };

/** `+90s`, `+10m`, `+2h`, `+1d`, or an ISO date-time that names its zone. */
export const runAt = (word: string): RunAt => {
  const relative = /^\+(\d{1,9})([smhd])$/.exec(word);
  if (relative) {
    const size = sizes[relative[2] as keyof typeof sizes];
    return { after_seconds: Number(relative[1]) * size };
  }
  if (zoned.safeParse(word).success) return { at: new Date(word) };
  if (zoned.safeParse(`${word}Z`).success) {
    return refuse(`a time zone at the end: ${word}Z for UTC, or e.g. ${word}+02:00`);
  }
  return refuse('a date-time such as 2026-12-24T18:00Z, or +90s, +10m, +2h, +1d from now');
};

/** The whole id of a job. Throws an InputError on anything that cannot be one. */
export const jobId = (word: string): string => {
  if (JOB_ID.test(word)) return word;
  const message = `"${word}" is no job id; expected a whole id as \`cloud-jobs list\` shows it`;
  throw new InputError([{ path: 'job-id', message }]);
};

/** Gathers ids of an option that may be given several times. */
export const jobIds = (word: string, before: string[] | undefined): string[] =>
  several(jobId(word), before);

/** Gathers an option that may be given several times. */
export const several = (word: string, before: string[] | undefined): string[] => [
  ...(before ?? []),
  word,
];

const parseValue = (text: string): unknown => {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
};

/**
 * `key=value` words as an object. A value that reads as JSON is that JSON, any other is text. Keys
 * are taken as they are: a dot has no meaning. Throws an InputError that lists every fault.
 */
export const keyValues = (words: string[]): Record<string, unknown> => {
  const entries: [string, unknown][] = [];
  const problems: Problem[] = [];
  for (const word of words) {
    const at = word.indexOf('=');
    const key = word.slice(0, at);
    if (at < 1) {
      const message = `"${word}" is not key=value, e.g. max_papers=5 or 'keywords=["agents"]'`;
      problems.push({ path: '--job-config', message });
    } else if (entries.some(([known]) => known === key)) {
      problems.push({ path: '--job-config', message: `"${key}" is given twice` });
    } else {
      entries.push([key, parseValue(word.slice(at + 1))]);
    }
  }
  if (problems.length > 0) throw new InputError(problems);
  return Object.fromEntries(entries);
};
