// Kinds of values that several settings share. Environment variables and flags arrive as text, values
// of config.yaml with their own type.
import * as z from 'zod';

export const numeric = z.union([
  z.number(),
  z
    .string()
    .regex(/^\s*[+-]?\d+(\.\d+)?\s*$/)
    .transform(Number),
]);

export const above0 = numeric.pipe(z.number().positive().max(1e9));

export const whole = numeric.pipe(z.int().min(1));

export const port = numeric.pipe(z.int().min(0).max(65_535));

const truths = { true: true, yes: true, on: true, '1': true };
const falsehoods = { false: false, no: false, off: false, '0': false };

export const truth = z.union([
  z.boolean(),
  z
    .string()
    .trim()
    .toLowerCase()
    .pipe(z.enum(Object.keys({ ...truths, ...falsehoods })))
    .transform((word) => Object.hasOwn(truths, word)),
]);

const variableName = z.string().regex(/^[A-Za-z_][A-Za-z0-9_]*$/);

/** A list, or a text with commas, whose empty parts count for nothing; anything else is its only part. */
export const listed = (value: unknown): unknown[] => {
  if (typeof value !== 'string') return Array.isArray(value) ? value : [value];
  return value.split(',').flatMap((part) => part.trim() || []);
};

/** Names of environment variables. */
export const names = z.unknown().transform(listed).pipe(z.array(variableName));
