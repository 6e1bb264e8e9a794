// What is kept of an HTTP answer, and what its status means for the job.
import { type Json, toKeptJson } from '../../core/json.ts';
import { Discard, RetryLater } from '../../errors.ts';
import { retryAfterSeconds } from '../retry_after.ts';
import type { Mask } from './secrets.ts';
import type { Incoming } from './send.ts';

/** bytes of a body that are kept */
export const MAX_BODY_BYTES = 256 * 1024;
const BINARY = /[^\P{Cc}\t\n\r]/u;
/** may succeed when asked again */
const PASSING = new Set([408, 425, 429]);

const decode = (body: Buffer, cut: boolean): string | null => {
  try {
    // `stream` lets a character pass that was cut in two at the end.
    const text = new TextDecoder('utf-8', { fatal: true }).decode(body, { stream: cut });
    return BINARY.test(text) ? null : text;
  } catch {
    return null;
  }
};

const parsed = (text: string, mask: Mask): Json => {
  try {
    const reveal = (_key: string, value: unknown) =>
      typeof value === 'string' ? mask(value) : value;
    return toKeptJson(JSON.parse(text, reveal), 'body');
  } catch {
    return text;
  }
};

/** JSON as a value, other text as text, anything else as null; never with a secret in it. */
export const keptBody = (
  { body, headers, cut }: Incoming,
  mask: Mask,
): { body: Json; truncated: boolean } => {
  const decoded = decode(body, cut);
  const truncated = cut || body.length > MAX_BODY_BYTES;
  if (decoded === null) return { body: null, truncated };
  const masked = mask(decoded);
  // A secret may have been cut in two at the end, where masking does not know it.
  const safe = cut ? masked.slice(0, Math.max(0, masked.length - mask.longest)) : masked;
  const text = Buffer.from(safe).subarray(0, MAX_BODY_BYTES).toString();
  const isJson = /[/+]json\b/i.test(headers['content-type'] ?? '');
  return { body: isJson && !truncated ? parsed(text, mask) : text, truncated };
};

/** The answer's headers with every secret masked; cookies are credentials too and are left out. */
export const keptHeaders = ({ headers }: Incoming, mask: Mask): Record<string, string> => {
  const entries = Object.entries(headers).filter(([name]) => name !== 'set-cookie');
  return Object.fromEntries(entries.map(([name, value]) => [name, mask(String(value))]));
};

const isExpected = (status: number, expected: number | number[] | undefined): boolean => {
  if (expected === undefined) return status >= 200 && status <= 299;
  return Array.isArray(expected) ? expected.includes(status) : status === expected;
};

const expectedText = (expected: number | number[] | undefined): string =>
  expected === undefined ? '200 to 299' : String(expected).replaceAll(',', ', ');

/**
 * Throws unless the status is expected: RetryLater or an Error when another try may go better, else
 * Discard. A redirect is an answer like any other: following it could carry secrets elsewhere.
 */
export const checkStatus = (
  { status, headers }: Incoming,
  expected: number | number[] | undefined,
  what: string,
  mask: Mask,
): void => {
  if (isExpected(status, expected)) return;
  const location = status >= 300 && status < 400 ? headers.location : undefined;
  const redirect = location === undefined ? '' : ` to ${mask(location)}, which is not followed`;
  const sentence = `${what} answered ${status}${redirect}; expected ${expectedText(expected)}`;
  if (!PASSING.has(status) && status < 500) throw new Discard(sentence);
  const seconds = retryAfterSeconds(headers['retry-after'], headers.date);
  // A wait of nothing would ask again without end and without using a retry.
  if (seconds !== null && seconds >= 1) throw new RetryLater(seconds, sentence);
  throw new Error(sentence);
};
