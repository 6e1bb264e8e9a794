// What may be stored as JSON: checked by name and size before anything is written.
import { InputError } from '../errors.ts';
import { describeThrown } from './thrown.ts';

export type Json = string | number | boolean | null | Json[] | { [key: string]: Json };

/** A result, a step output or a config takes at most this many bytes of UTF-8. */
export const MAX_JSON_BYTES = 1024 * 1024;

const strict = (key: string, value: unknown): unknown => {
  const refuse = (what: string): never => {
    throw new TypeError(`${key === '' ? 'the value' : `"${key}"`} is ${what}`);
  };
  if (typeof value === 'bigint') refuse('a BigInt');
  if (typeof value === 'function') refuse('a function');
  if (typeof value === 'symbol') refuse('a symbol');
  if (typeof value === 'number' && !Number.isFinite(value)) refuse(String(value));
  return value;
};

/**
 * The value as JSON text of at most 1 MiB; `undefined` becomes `null`, a Date its ISO text.
 * Throws an InputError naming `what` and the offending key: nothing that JSON cannot hold is
 * dropped in silence, except properties that are `undefined`.
 */
export const toJsonText = (value: unknown, what: string): string => {
  let text: string;
  try {
    text = JSON.stringify(value ?? null, strict);
  } catch (error) {
    const [reason] = describeThrown(error).message.split('\n');
    throw new InputError([{ path: what, message: `is not JSON: ${reason}` }]);
  }
  const bytes = new TextEncoder().encode(text).length;
  if (bytes > MAX_JSON_BYTES) {
    const message = `is ${bytes} bytes of JSON; at most ${MAX_JSON_BYTES} (1 MiB) are kept`;
    throw new InputError([{ path: what, message }]);
  }
  return text;
};

/** The value as it will read back from the store: what a first run sees equals what a replay sees. */
export const toJson = (value: unknown, what: string): Json => JSON.parse(toJsonText(value, what));
