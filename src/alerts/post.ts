// One message to one address: a POST of JSON within a bounded time, sent once more where that may help.
// What is thrown names the host alone, for the rest of the address is a secret.
import { setTimeout as sleep } from 'node:timers/promises';

export interface Address {
  /** without user and password, which `fetch` refuses and shows in its error */
  url: string;
  host: string;
  authorization: string | null;
}

export const addressOf = (text: string): Address => {
  const url = new URL(text);
  const { username, password, host } = url;
  url.username = '';
  url.password = '';
  const who = [username, password].map(decodeURIComponent).join(':');
  const authorization = who === ':' ? null : `Basic ${Buffer.from(who).toString('base64')}`;
  return { url: url.href, host, authorization };
};

/** Before the second sending, unless the answer asks for longer. */
const PAUSE_MS = 500;

/** Why a sending did not get through, and after how long another one may. */
interface Refusal {
  reason: string;
  /** null = never */
  again_ms: number | null;
}

/** `Retry-After` in seconds or as a date; what cannot be read asks for nothing. */
const askedMs = (retryAfter: string | null): number => {
  if (retryAfter === null) return 0;
  const seconds = Number(retryAfter);
  const ms = Number.isNaN(seconds) ? Date.parse(retryAfter) - Date.now() : seconds * 1000;
  return Number.isNaN(ms) ? 0 : ms;
};

const refusalOf = ({ status, headers }: Response): Refusal => {
  const elsewhere = status >= 300 && status < 400 ? '; redirects are not followed' : '';
  const reason = `answered ${status}${elsewhere}`;
  if (status !== 429 && status < 500) return { reason, again_ms: null };
  return { reason, again_ms: Math.max(PAUSE_MS, askedMs(headers.get('retry-after'))) };
};

/** Only the code of what went wrong: the words of some errors hold the address. */
const networkFault = (error: unknown): string => {
  const { cause } = error as { cause?: { code?: unknown } };
  return typeof cause?.code === 'string' ? cause.code : 'no connection';
};

/** Null = it got through. Rejects with the signal's reason once it is aborted. */
const sendOnce = async (
  { url, authorization }: Address,
  body: string,
  signal: AbortSignal,
): Promise<Refusal | null> => {
  const who = authorization === null ? {} : { authorization };
  const headers = { 'content-type': 'application/json', 'user-agent': 'cloud-jobs', ...who };
  try {
    const how = { method: 'POST', redirect: 'manual', headers, body, signal } as const;
    const response = await fetch(url, how);
    // The status says it all: the rest of the answer, however long, is not read.
    response.body?.cancel().catch(() => undefined);
    return response.ok ? null : refusalOf(response);
  } catch (error) {
    signal.throwIfAborted();
    return { reason: `cannot be reached (${networkFault(error)})`, again_ms: PAUSE_MS };
  }
};

const sendTwice = async (address: Address, body: string, signal: AbortSignal, ends: number) => {
  const first = await sendOnce(address, body, signal);
  if (first === null || first.again_ms === null) return first;
  if (performance.now() + first.again_ms >= ends) return first;
  await sleep(first.again_ms, undefined, { signal });
  return sendOnce(address, body, signal);
};

/** Rejects when no sending of at most two was answered by 2xx within the time. */
export const post = async (address: Address, body: string, within_ms: number): Promise<void> => {
  const { host } = address;
  if (within_ms <= 0) throw new Error(`there was no time left to tell ${host}`);
  const late = new Error(`${host} did not answer within ${Math.round(within_ms) / 1000} s`);
  const stop = new AbortController();
  const timer = setTimeout(() => stop.abort(late), within_ms);
  try {
    const ends = performance.now() + within_ms;
    const refusal = await sendTwice(address, body, stop.signal, ends);
    if (refusal !== null) throw new Error(`${host} ${refusal.reason}`);
  } catch (error) {
    throw stop.signal.aborted ? late : error;
  } finally {
    clearTimeout(timer);
  }
};
