// How the client reaches the API: address, key, one request after the other.
import { ApiError, refusalOf } from './error.ts';
import { resend } from './resend.ts';
import { createWatch, type Timers, type Watch } from './timers.ts';
import type { ClientOptions } from './types.ts';

/** Longer than the API itself waits for its store. */
const ANSWER_MS = 60_000;
const SENDINGS = 5;

export interface Call {
  method: 'GET' | 'POST' | 'DELETE';
  path: string;
  /** of what is undefined nothing is said */
  query?: Record<string, string | number | undefined>;
  headers?: Record<string, string>;
  /** sent as JSON; undefined = no body */
  body?: unknown;
  signal: AbortSignal | undefined;
  sendings?: number;
  /** a status of 400 or above that is an answer like any other */
  also?: number;
}

/** An answer whose body is still to be read, while the watch is kept. */
export interface Opened {
  response: Response;
  watch: Watch;
}

export interface Connection {
  timers: Timers;
  /** The body of the answer, from JSON; undefined when it is empty. */
  ask<Answer>(call: Call): Promise<Answer>;
  /** Who opens ends the watch. */
  open(call: Call): Promise<Opened>;
}

const SUCH_AS = 'such as http://localhost:8080';

const baseOf = (url: string): string => {
  if (url === '') {
    if (Reflect.get(globalThis, 'location')) return '';
    throw new TypeError(`createClient needs a url, ${SUCH_AS}, outside of a page.`);
  }
  try {
    const { href, protocol } = new URL(url);
    if (/^https?:$/.test(protocol)) return href.replace(/\/+$/, '');
  } catch {
    // said below, with the url itself
  }
  throw new TypeError(`${JSON.stringify(url)} is no url; expected one ${SUCH_AS}.`);
};

const queryOf = (query: Call['query'] = {}): string => {
  const params = new URLSearchParams();
  for (const [name, value] of Object.entries(query)) {
    if (value !== undefined) params.append(name, String(value));
  }
  const text = params.toString();
  return text && `?${text}`;
};

const unreachable = (what: string, late: boolean, cause: unknown): ApiError => {
  const why = late ? ` within ${ANSWER_MS / 1000} s` : '';
  const message = `${what} was not answered${why}.`;
  return new ApiError(message, { status: 0, code: 'unreachable', cause });
};

const fromJson = (what: string, { status }: Response, text: string): unknown => {
  if (text === '') return undefined;
  try {
    return JSON.parse(text);
  } catch (cause) {
    const message = `${what} was answered with something else than JSON.`;
    throw new ApiError(message, { status, code: 'answer_invalid', cause });
  }
};

/** Throws a TypeError for an address or a key that cannot be used. */
export const createConnection = (options: ClientOptions, timers: Timers): Connection => {
  const base = baseOf(options.url ?? '');
  const { api_key } = options;
  const own = new Headers(api_key === undefined ? {} : { 'x-api-key': api_key });
  // Called as a function of its own: a browser's must not belong to any other object.
  const send: typeof fetch = options.fetch ?? ((input, init) => globalThis.fetch(input, init));

  const requestOf = ({ method, headers, body }: Call): RequestInit => {
    const all = new Headers(own);
    for (const [name, value] of Object.entries(headers ?? {})) all.set(name, value);
    if (body !== undefined) all.set('content-type', 'application/json');
    const text = body === undefined ? null : JSON.stringify(body);
    // A redirect would take the key to whoever it leads to.
    return { method, headers: all, body: text, redirect: 'manual' };
  };

  const exchange = async <Answer>(
    call: Call,
    take: (opened: Opened, what: string, doubted: boolean) => Promise<Answer>,
  ): Promise<Answer> => {
    const { method, path, signal, sendings = SENDINGS } = call;
    const what = `${method} ${path}`;
    const request = requestOf(call);
    return resend({ timers, sendings, signal }, async (doubted) => {
      const watch = createWatch(timers, signal);
      watch.begin(ANSWER_MS);
      try {
        const url = `${base}${path}${queryOf(call.query)}`;
        const response = await send(url, { ...request, signal: watch.signal });
        return await take({ response, watch }, what, doubted);
      } catch (error) {
        const late = watch.signal.aborted;
        watch.end();
        if (signal?.aborted) throw signal.reason;
        throw error instanceof ApiError ? error : unreachable(what, late, error);
      }
    });
  };

  const read = async ({ response, watch }: Opened, what: string, call: Call, doubted: boolean) => {
    const { ok, status } = response;
    const gone = call.method === 'DELETE' && status === 404 && doubted;
    if (!ok && status !== call.also && !gone) throw await refusalOf(what, response);
    const text = await response.text();
    watch.end();
    return gone ? undefined : fromJson(what, response, text);
  };

  return {
    timers,
    ask: <Answer>(call: Call) =>
      exchange(
        call,
        (opened, what, doubted) => read(opened, what, call, doubted) as Promise<Answer>,
      ),
    open: (call) =>
      exchange(call, async (opened, what) => {
        if (!opened.response.ok) throw await refusalOf(what, opened.response);
        return opened;
      }),
  };
};
