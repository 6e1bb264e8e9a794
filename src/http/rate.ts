// How many requests may come in a minute: counted in this process, per key, or per address.
import { RateLimiterMemory, type RateLimiterRes } from 'rate-limiter-flexible';
import { RequestError } from '../errors.ts';

const MINUTE = 60;

/** Of one address: far more than a person mistypes, far less than it takes to guess. */
const BAD_KEYS = 30;

const refusal = (what: string, { msBeforeNext }: RateLimiterRes): RequestError => {
  const seconds = String(Math.max(1, Math.ceil(msBeforeNext / 1000)));
  const message = `Too many ${what}; try again in ${seconds} s.`;
  return new RequestError('too_many_requests', message, { 'retry-after': seconds });
};

export interface Rates {
  /** Counts a request; throws a RequestError when there are too many. */
  request(of: string): Promise<void>;
  /** Counts a wrong key, or none; the same. */
  badKey(address: string | null): Promise<void>;
}

const groupsOf = (part: string): number[] =>
  part === '' ? [] : part.split(':').map((group) => Number.parseInt(group, 16));

/** Addresses of IPv6 are handed out by the 64 bits: whoever has one has them all. */
const neighbourhood = (address: string): string => {
  if (!address.includes(':')) return address;
  const [before = '', after] = address.split('::');
  const [first, last] = [groupsOf(before), groupsOf(after ?? '')];
  const zeros = after === undefined ? 0 : 8 - first.length - last.length;
  return [...first, ...Array<number>(zeros).fill(0), ...last].slice(0, 4).join(':');
};

export const createRates = (requests_per_minute: number): Rates => {
  const requests = new RateLimiterMemory({ points: requests_per_minute, duration: MINUTE });
  const badKeys = new RateLimiterMemory({ points: BAD_KEYS, duration: MINUTE });
  const count = async (limiter: RateLimiterMemory, key: string, what: string) => {
    await limiter.consume(key).catch((over: RateLimiterRes | Error) => {
      throw over instanceof Error ? over : refusal(what, over);
    });
  };
  return {
    request: (of) => count(requests, of, 'requests'),
    badKey: (address) =>
      count(badKeys, neighbourhood(address ?? 'unknown'), 'wrong keys from your address'),
  };
};
