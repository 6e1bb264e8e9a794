// API keys as people write them down, `NAME:SCOPE:KEY`; only their hash is kept. What is wrong with
// them is told by the place of the entry: any part of a mistyped one may be the key itself.
import { createHash } from 'node:crypto';
import * as z from 'zod';
import type { ApiKey } from '../http/keys.ts';
import { listed } from './kinds.ts';

const NAME = /^[A-Za-z0-9_.-]{1,100}$/;
/** What fits into a header of HTTP, without the signs that stand between keys. */
const KEY = /^[\x21-\x2b\x2d-\x39\x3b-\x7e]{20,}$/;
const SHA256 = /^[0-9a-f]{64}$/i;

const form =
  'NAME:SCOPE:KEY, where SCOPE is read or write and KEY has 20 characters or more, or is sha256: and 64 hexadecimal digits';

const hashIn = (words: string[]): string | null => {
  const [key = '', hash = ''] = words;
  if (words.length === 2 && key === 'sha256') return SHA256.test(hash) ? hash.toLowerCase() : null;
  if (words.length !== 1 || !KEY.test(key)) return null;
  return createHash('sha256').update(key).digest('hex');
};

/** What is wrong with the entry, or the key. */
const readEntry = (entry: unknown): ApiKey | string => {
  const [name = '', scope = '', ...rest] = typeof entry === 'string' ? entry.trim().split(':') : [];
  if (!NAME.test(name) || rest.length === 0) return `is not ${form}`;
  if (scope !== 'read' && scope !== 'write') return 'has a scope that is neither read nor write';
  const sha256 = hashIn(rest);
  if (sha256 !== null) return { name, scope, sha256 };
  return 'has a key of less than 20 characters, or with a blank, comma or colon in it, or a hash that is not 64 hexadecimal digits; `cloud-jobs api-key NAME` makes one';
};

/** What is wrong with an entry beside those before it. */
const twinOf = (before: (ApiKey | string)[], { name, sha256 }: ApiKey): string | undefined => {
  const find = (same: (key: ApiKey) => boolean) =>
    before.findIndex((key) => typeof key !== 'string' && same(key)) + 1;
  const [named, hashed] = [find((key) => key.name === name), find((key) => key.sha256 === sha256)];
  if (named > 0) return `has the name of entry ${named}`;
  return hashed > 0 ? `has the key of entry ${hashed}: give each its own` : undefined;
};

/** The keys, or a sentence that says what is wrong with each entry that cannot be used. */
const readKeys = (value: unknown): ApiKey[] | string => {
  const read = listed(value).map(readEntry);
  const faults = read.flatMap((entry, index) => {
    const fault = typeof entry === 'string' ? entry : twinOf(read.slice(0, index), entry);
    return fault === undefined ? [] : [`entry ${index + 1} of ${read.length} ${fault}`];
  });
  return faults.length > 0 ? faults.join('; ') : (read as ApiKey[]);
};

/** What API_KEYS may be. */
export const keysFault = (value: unknown): string | undefined => {
  const read = readKeys(value);
  return typeof read === 'string' ? read : undefined;
};

export const keys = z.unknown().transform((value, context): ApiKey[] => {
  const read = readKeys(value);
  if (typeof read !== 'string') return read;
  context.addIssue(read);
  return z.NEVER;
});
