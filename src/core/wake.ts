// What an event from outside asks for: why we woke, and how much of the work this drain may take.
import * as z from 'zod';
import { InputError } from '../errors.ts';
import { priorityRanges } from './job.ts';
import { isObject } from './json.ts';
import { problemsOf, rule, show, textRule } from './rules.ts';
import { keptText } from './text.ts';
import type { DrainOptions, Trigger } from './trigger.ts';

/** An event, understood. What it does not say is left to the settings. */
export type Wake = Pick<Trigger, 'source' | 'id'> &
  Partial<Pick<DrainOptions, 'max_jobs' | 'job_types' | 'priority'>>;

/** By this key an input of our own is told from whatever else may come. */
const MARKER = 'cloud_jobs';

/** What a refusal shows people to send. */
const EXAMPLE_INPUT = `{"${MARKER}": "drain"}`;

const words = Object.keys(priorityRanges) as (keyof typeof priorityRanges)[];

// Built when it is first used: most functions that are loaded never do.
const inputSchema = z.lazy(() => {
  const fields = {
    [MARKER]: rule(z.literal('drain'), '"drain"'),
    id: textRule(200).optional(),
    time: rule(z.iso.datetime({ offset: true }), 'a time with its zone').optional(),
    max_jobs: rule(z.int().min(1), 'a whole number of 1 or more').optional(),
    job_types: rule(z.array(z.string()).min(1), 'a list of job types').optional(),
    priority: rule(z.enum(words), words.join(', ')).optional(),
  };

  return z.strictObject(fields, {
    error: (issue) =>
      issue.code === 'unrecognized_keys'
        ? `has ${issue.keys.map(show).join(', ')}; expected only ${Object.keys(fields).join(', ')}`
        : undefined,
  });
});

/** Whether `value` claims to be an input of ours. */
export const isInput = (value: unknown): value is Record<string, unknown> =>
  isObject(value) && Object.hasOwn(value, MARKER);

/**
 * The input that a person gives a schedule or sends by hand: `{"cloud_jobs": "drain"}`, with any of
 * `id`, `time`, `max_jobs`, `job_types`, `priority` (high, normal, low, all). Throws an InputError
 * that names every fault. Without an `id` of its own the input's `time`, else `id`, is the trigger's.
 */
export const readInput = (value: unknown, source: string, id: string | null): Wake => {
  const parsed = inputSchema.safeParse(value);
  if (!parsed.success) throw new InputError(problemsOf(parsed.error, 'event'), 'Event refused');
  const { max_jobs, job_types, priority, ...own } = parsed.data;
  return {
    source,
    id: own.id ?? own.time ?? id,
    ...(max_jobs !== undefined && { max_jobs }),
    ...(job_types !== undefined && { job_types }),
    ...(priority !== undefined && { priority: priorityRanges[priority] }),
  };
};

/** What a value looks like, for the person who wired the wrong thing to a function. */
export const shapeOf = (value: unknown): string => {
  if (value === undefined || value === null) return 'nothing';
  if (Array.isArray(value)) return 'a list';
  if (!isObject(value)) return `a ${typeof value}`;
  const keys = Object.keys(value);
  return keys.length === 0 ? 'an empty object' : `an object with ${keys.slice(0, 10).join(', ')}`;
};

/** For everything that is no schedule's event: `what` it looks like, and what would be understood. */
export const refuseEvent = (what: string, expected: string): never => {
  const message = `${keptText(what, 200)}; expected ${expected}, or ${EXAMPLE_INPUT}. Nothing was run.`;
  throw new InputError([{ path: '', message }], 'Event refused');
};
