// One question to arXiv over HTTP, and what its answer means for the job.
import { Discard } from '../../errors.ts';
import { retryAfterSeconds } from '../retry_after.ts';
import { type Feed, parseFeed } from './feed.ts';

export interface PageRequest {
  api_url: string;
  search_query: string;
  start: number;
  max_results: number;
}

/** `busy`: arXiv asks to be left alone for a while; null = it did not say for how long. */
export type Answer =
  | { kind: 'feed'; feed: Feed }
  | { kind: 'busy'; status: number; retry_after_seconds: number | null };

const MAX_BYTES = 16 * 1024 * 1024;
const TIMEOUT_MS = 60_000;
/** how arXiv and its edge turn callers away; their bodies are plain text */
const BUSY = new Set([406, 429, 503]);

const addressOf = ({ api_url, search_query, start, max_results }: PageRequest): URL => {
  const url = new URL(api_url);
  url.searchParams.set('search_query', search_query);
  url.searchParams.set('start', String(start));
  url.searchParams.set('max_results', String(max_results));
  url.searchParams.set('sortBy', 'submittedDate');
  url.searchParams.set('sortOrder', 'descending');
  return url;
};

interface Received {
  status: number;
  headers: Headers;
  /** null = larger than we take */
  text: string | null;
}

const boundedText = async (response: Response): Promise<string | null> => {
  const decoder = new TextDecoder();
  let text = '';
  let bytes = 0;
  for await (const chunk of response.body ?? []) {
    bytes += chunk.byteLength;
    // Leaving the loop closes the connection.
    if (bytes > MAX_BYTES) return null;
    text += decoder.decode(chunk, { stream: true });
  }
  return text + decoder.decode();
};

const receive = async (
  request: PageRequest,
  signal: AbortSignal,
  timeoutMs: number,
): Promise<Received> => {
  const abort = new AbortController();
  const onAbort = () => abort.abort(signal.reason);
  signal.addEventListener('abort', onAbort, { once: true });
  const tooLate = new Error(`arXiv did not answer within ${timeoutMs / 1000} seconds`);
  const timer = setTimeout(() => abort.abort(tooLate), timeoutMs);
  const headers = { 'user-agent': 'cloud-jobs paper_fetch' };
  try {
    const response = await fetch(addressOf(request), { signal: abort.signal, headers });
    const text = await boundedText(response);
    return { status: response.status, headers: response.headers, text };
  } catch (cause) {
    if (abort.signal.aborted) throw abort.signal.reason;
    const message = `arXiv could not be reached, or broke off, at ${request.api_url}`;
    throw new Error(message, { cause });
  } finally {
    clearTimeout(timer);
    signal.removeEventListener('abort', onAbort);
  }
};

const readFeed = (text: string): { feed: Feed } | { fault: string } => {
  try {
    return { feed: parseFeed(text) };
  } catch (error) {
    return { fault: error instanceof Error ? error.message : String(error) };
  }
};

/**
 * Asks once. Throws Discard when asking again cannot help, the signal's reason when it is aborted,
 * and an Error for all that may pass: no connection, no answer within a minute, HTTP 5xx, a broken
 * feed.
 */
export const askArxiv = async (
  request: PageRequest,
  signal: AbortSignal,
  timeoutMs = TIMEOUT_MS,
): Promise<Answer> => {
  signal.throwIfAborted();
  const { status, headers, text } = await receive(request, signal, timeoutMs);
  if (BUSY.has(status)) {
    const retry_after_seconds = retryAfterSeconds(headers.get('retry-after'), headers.get('date'));
    return { kind: 'busy', status, retry_after_seconds };
  }
  const read = text === null ? { fault: `it is over ${MAX_BYTES} bytes` } : readFeed(text);
  // The entry decides, not the status: errors were seen with 200 as well as with 400.
  if ('feed' in read && read.feed.error !== null) {
    throw new Discard(`arXiv refused the query: ${read.feed.error}`);
  }
  if (status >= 400 && status < 500) throw new Discard(`arXiv answered HTTP ${status}`);
  if (status !== 200) throw new Error(`arXiv answered HTTP ${status}`);
  if ('fault' in read) throw new Error(`arXiv's answer is not a feed: ${read.fault}`);
  return { kind: 'feed', feed: read.feed };
};
