// API keys: named, scoped, known only by their hash, compared in constant time.
import { createHash, timingSafeEqual } from 'node:crypto';

export interface ApiKey {
  /** the `actor` of whatever is done with it */
  name: string;
  /** `write` may read as well */
  scope: 'read' | 'write';
  /** SHA-256, 64 hexadecimal digits: keys are long and random, so that a slow hash would add nothing */
  sha256: string;
}

const hashOf = (text: string): Buffer => createHash('sha256').update(text).digest();

/** The key that was presented; null = none of them. Looks at all, whichever it is. */
export const findKey = (keys: readonly ApiKey[], presented: string): ApiKey | null => {
  const given = hashOf(presented);
  let found: ApiKey | null = null;
  for (const key of keys) {
    if (timingSafeEqual(Buffer.from(key.sha256, 'hex'), given)) found = key;
  }
  return found;
};
