// What may be stored as JSON: checked by name and size before anything is written.
import { InputError } from '../errors.ts';
import { isKept, UNKEPT_FAULT } from './text.ts';
import { describeThrown } from './thrown.ts';

export type Json = string | number | boolean | null | Json[] | { [key: string]: Json };

/** A result, a step output or a config takes at most this many bytes of UTF-8. */
export const MAX_JSON_BYTES = 1024 * 1024;

/** SQLite takes no more than 1000 levels, and nobody means to nest that far. */
export const MAX_DEPTH = 500;

/** JSON.stringify makes `{}` of these, whatever is in them. */
const HOLLOW = /^\[object (Map|Set|WeakMap|WeakSet|Promise|Error|RegExp)\]$/;

const kindOf = (value: unknown): string | null => {
  if (typeof value === 'bigint') return 'a BigInt';
  if (typeof value === 'function') return 'a function';
  if (typeof value === 'symbol') return 'a symbol';
  if (typeof value === 'number' && !Number.isFinite(value)) return String(value);
  const [, tag] = HOLLOW.exec(Object.prototype.toString.call(value)) ?? [];
  if (tag !== undefined) return tag === 'Error' ? 'an Error' : `a ${tag}`;
  return value instanceof Date && Number.isNaN(value.getTime()) ? 'an invalid Date' : null;
};

// `this` holds the value as it was before its own toJSON was asked.
function strict(this: unknown, key: string, value: unknown): unknown {
  const before = typeof this === 'object' && this !== null ? Reflect.get(this, key) : value;
  const kind = kindOf(value) ?? (before instanceof Date ? kindOf(before) : null);
  if (kind !== null) throw new TypeError(`${key === '' ? 'the value' : `"${key}"`} is ${kind}`);
  return value;
}

/** Levels of arrays and objects in JSON text. */
export const depthOf = (text: string): number => {
  let [depth, deepest, quoted] = [0, 0, false];
  for (let at = 0; at < text.length; at += 1) {
    const character = text[at];
    if (character === '"') quoted = !quoted;
    else if (quoted) at += character === '\\' ? 1 : 0;
    else if (character === '[' || character === '{') deepest = Math.max(deepest, ++depth);
    else if (character === ']' || character === '}') depth -= 1;
  }
  return deepest;
};

// Each escape whole, so that an escaped backslash before `u0000` is not taken for a NUL.
const ESCAPES = /\\(?:u[0-9a-f]{4}|.)/g;
// JSON.stringify escapes half a surrogate pair, and leaves a whole one alone.
const UNKEPT = /^\\u(?:0000|d[89a-f])/;

/** Where the value holds text that no store keeps. */
const placeOfUnkept = (text: string): string => {
  let place = '';
  JSON.parse(text, (key, value) => {
    if (!isKept(key)) place = `the key ${JSON.stringify(key)}`;
    else if (typeof value === 'string' && !isKept(value)) {
      place = key === '' ? 'the value' : `"${key}"`;
    }
    return value;
  });
  return place;
};

const refuse = (path: string, message: string): never => {
  throw new InputError([{ path, message }]);
};

const jsonTextOf = (value: unknown, what: string): string => {
  let text = 'null';
  try {
    text = JSON.stringify(value ?? null, strict) ?? 'null';
  } catch (error) {
    const [reason] = describeThrown(error).message.split('\n');
    refuse(what, `is not JSON: ${reason}`);
  }
  const bytes = new TextEncoder().encode(text).length;
  if (bytes > MAX_JSON_BYTES) {
    refuse(what, `is ${bytes} bytes of JSON; at most ${MAX_JSON_BYTES} (1 MiB) are kept`);
  }
  if (depthOf(text) > MAX_DEPTH) refuse(what, `is nested deeper than ${MAX_DEPTH} levels`);
  return text;
};

/**
 * The value as JSON text of at most 1 MiB and 500 levels; `undefined` becomes `null`, a Date its ISO
 * text. Throws an InputError naming `what` and the offending key: nothing that cannot be kept is
 * dropped in silence, except properties that are `undefined`.
 */
export const toJsonText = (value: unknown, what: string): string => {
  const text = jsonTextOf(value, what);
  if (text.match(ESCAPES)?.some((mark) => UNKEPT.test(mark))) {
    refuse(what, `${placeOfUnkept(text)} ${UNKEPT_FAULT}`);
  }
  return text;
};

/** The value as it will read back from the store: what a first run sees equals what a replay sees. */
export const toJson = (value: unknown, what: string): Json => JSON.parse(toJsonText(value, what));

/** The same, with U+FFFD in place of the characters that no store keeps: for what is not to fail. */
export const toKeptJson = (value: unknown, what: string): Json => {
  const mend = (mark: string) => (UNKEPT.test(mark) ? '\\ufffd' : mark);
  return JSON.parse(jsonTextOf(value, what).replace(ESCAPES, mend));
};

/** An object that is no list. */
export const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
