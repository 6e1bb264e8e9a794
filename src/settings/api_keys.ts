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

/** The keys, or a sentence that says what is wrong with them. */
const readKeys = (value: unknown): ApiKey[] | string => {
  const entries = listed(value);
  const keys: ApiKey[] = [];
  for (const [index, entry] of entries.entries()) {
    const read = readEntry(entry);
    const own = `entry ${index + 1} of ${entries.length}`;
    if (typeof read === 'string') return `${own} ${read}`;
    const name = keys.findIndex((key) => key.name === read.name);
    if (name >= 0) return `${own} has the name of entry ${name + 1}`;
    const hash = keys.findIndex((key) => key.sha256 === read.sha256);
    if (hash >= 0) return `${own} has the key of entry ${hash + 1}: give each its own`;
    keys.push(read);
  }
  return keys;
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
