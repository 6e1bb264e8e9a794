// Requests that may be repeated: by their key, ids of what they create come out the same each time
// (https://datatracker.ietf.org/doc/draft-ietf-httpapi-idempotency-key-header/).
import { createHash } from 'node:crypto';
import { show } from '../core/rules.ts';
import { InputError, RequestError } from '../errors.ts';

export interface Idempotency {
  key: string;
  /** of everything that was sent: a key stands for one request only */
  request: string;
}

const KEY = /^[\x21-\x7e]{1,255}$/;

const hashOf = (...parts: string[]): string =>
  createHash('sha256').update(JSON.stringify(parts)).digest('hex');

/**
 * `path` with its parameters; null = the request has no key. Throws an InputError for one that cannot be
 * used.
 */
export const readIdempotency = (
  headers: Headers,
  path: string,
  body: string,
): Idempotency | null => {
  const key = headers.get('idempotency-key');
  if (key === null) return null;
  if (KEY.test(key)) return { key, request: hashOf(path, body) };
  const message = `${show(key)} cannot be used; expected 1 to 255 visible characters`;
  throw new InputError([{ path: 'Idempotency-Key', message }]);
};

/** A UUID (version 8, of its maker's own making) that the same caller gets for the same key and path. */
export const idFor = ({ key }: Idempotency, actor: string | null, path: string): string => {
  const hex = hashOf(actor ?? '', path, key);
  const variant = ((Number.parseInt(hex[16] as string, 16) & 3) | 8).toString(16);
  const parts = [hex.slice(0, 8), hex.slice(8, 12), `8${hex.slice(13, 16)}`];
  return [...parts, `${variant}${hex.slice(17, 20)}`, hex.slice(20, 32)].join('-');
};

export const keyReused = ({ key }: Idempotency): RequestError =>
  new RequestError(
    'idempotency_key_reused',
    `The Idempotency-Key ${show(key)} was used for another request; use a new one for a new request.`,
  );
