// Values that stand in addresses, where everything is text.
import * as z from 'zod';
import { rule } from '../core/rules.ts';

const digits = z
  .string()
  .regex(/^\d{1,15}$/)
  .transform(Number);

/** A whole number within bounds. */
export const wholeIn = (least: number, most: number) =>
  rule(digits.pipe(z.int().min(least).max(most)), `a whole number from ${least} to ${most}`);

export const textIn = (length: number) =>
  rule(z.string().min(1).max(length), `a text of 1 to ${length} characters`);
