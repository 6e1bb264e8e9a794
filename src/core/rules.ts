// Rules for values that people give, each with one sentence for whatever breaks it.
import * as z from 'zod';
import type { Problem } from '../errors.ts';
import { priorities, priorityBounds } from './job.ts';
import { isKept, keptText, UNKEPT_FAULT } from './text.ts';

/** What zod found wrong, each with its path; `before` is put in front of it. */
export const problemsOf = (error: z.ZodError | undefined, ...before: string[]): Problem[] =>
  (error?.issues ?? []).map(({ path, message }) => ({
    path: [...before, ...path].join('.'),
    message,
  }));

/** A value as it is named in a refusal. */
export const show = (value: unknown): string => {
  if (typeof value === 'string') return JSON.stringify(value.slice(0, 100));
  if (typeof value === 'object' && value !== null && !(value instanceof Date)) return 'an object';
  return keptText(String(value), 100);
};

/** What stands behind each rule: for those who describe it in another language. */
export const rulebook = z.registry<{
  /** a zod schema */
  schema: unknown;
  expected: string;
}>();

/** Accepts what `schema` accepts; anything else is named, with what is expected instead. */
export const rule = <T>(schema: z.ZodType<T>, expected: string) => {
  const made = z.unknown().transform((value, context): T => {
    const parsed = schema.safeParse(value);
    if (parsed.success) return parsed.data;
    const given = value === undefined ? 'is missing' : `${show(value)} cannot be used`;
    context.addIssue({ code: 'custom', message: `${given}; expected ${expected}` });
    return z.NEVER;
  });
  rulebook.add(made, { schema, expected });
  return made;
};

/** A text that every store keeps. */
const keptRule = (schema: z.ZodString, expected: string) =>
  rule(schema, expected).refine(isKept, UNKEPT_FAULT);

/** Not empty. */
export const textRule = (length: number) =>
  keptRule(z.string().trim().min(1).max(length), `a text of 1 to ${length} characters`);

/** As it was given, spaces and all. */
export const proseRule = (length: number) =>
  keptRule(z.string().max(length), `a text of at most ${length} characters`);

export const jobTypeRule = () => rule(z.string().trim().min(1).max(100), 'the name of a job type');

/** One of these words. */
export const wordRule = <Word extends string>(words: readonly [Word, ...Word[]]) =>
  rule(z.enum(words), `${words.slice(0, -1).join(', ')} or ${words.at(-1)}`);

/** A word for a priority becomes its number. */
export const priorityRule = () =>
  rule(
    z.union([
      z.enum(['low', 'normal', 'high']).transform((name): number => priorities[name]),
      z.number().int().min(priorityBounds.min).max(priorityBounds.max),
    ]),
    'low, normal, high or a whole number from -32768 to 32767',
  );

/** No delay, asked for by a job or by its code, is longer: 365 days. */
export const MAX_SECONDS = 365 * 24 * 60 * 60;

const seconds = z.number().min(0).max(MAX_SECONDS);

export const maxRetries = rule(
  z.number().int().min(0).max(1000),
  'a whole number from 0 to 1000',
).optional();
export const delaySeconds = rule(
  seconds,
  `a number of seconds from 0 to ${MAX_SECONDS}`,
).optional();
export const backoff = rule(z.enum(['exponential', 'fixed']), 'exponential or fixed').optional();
export const timeoutSeconds = rule(
  z.number().positive().max(604_800),
  'a number of seconds above 0, at most 604800',
).optional();

const throttleSchema = z.lazy(() =>
  z.object({
    key: textRule(200),
    seconds: rule(seconds, `a number of seconds from 0 to ${MAX_SECONDS}`),
  }),
);

/** Each fault of the arguments of `ctx.throttle`; none when they can be used. */
export const throttleFaults = (key: unknown, length: unknown): Problem[] =>
  problemsOf(throttleSchema.safeParse({ key, seconds: length }).error);
