// The app from its sources on a SQLite file of its own, asked without any network between.
import { createHash } from 'node:crypto';
import { join } from 'node:path';
import * as z from 'zod';
import { systemClock } from '../../src/clock.ts';
import { type AnyDefinition, defineJob } from '../../src/core/definition.ts';
import { createHttpApp } from '../../src/http/app.ts';
import type { HttpDeps, Peer } from '../../src/http/deps.ts';
import type { ApiKey } from '../../src/http/keys.ts';
import type { ProblemAnswer } from '../../src/http/wire/answers.ts';
import { newId } from '../../src/ids.ts';
import type { LogEvent } from '../../src/log.ts';
import { openRunner, type Runner } from '../../src/runner.ts';
import { loadSettings } from '../../src/settings.ts';
import { tempFolder } from '../support/temp.ts';

export const WRITE_KEY = 'the-key-of-the-people-who-operate-it';
export const READ_KEY = 'the-key-of-those-who-only-look-at-it';

const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex');

export const keys: ApiKey[] = [
  { name: 'ops', scope: 'write', sha256: sha256(WRITE_KEY) },
  { name: 'grafana', scope: 'read', sha256: sha256(READ_KEY) },
];

/** A type that counts to `to` in steps, and one that takes anything. */
const types: AnyDefinition[] = [
  defineJob({
    type: 'count',
    config: z.strictObject({ to: z.int().min(0).max(1000).default(3) }),
    run: async (ctx) => {
      for (let at = 1; at <= ctx.config.to; at += 1) {
        await ctx.step(`to ${at}`, () => at);
        await ctx.progress((100 * at) / ctx.config.to, `at ${at}`);
      }
      return { counted: ctx.config.to };
    },
  }),
  defineJob({ type: 'demo', config: z.looseObject({}), run: () => null }),
];

export interface Answered {
  status: number;
  headers: Headers;
  text: string;
  /** of a problem, or of any other answer of JSON */
  json: Record<string, unknown> & Partial<ProblemAnswer>;
}

export interface Wish extends Omit<RequestInit, 'body'> {
  /** null = none is sent; the one that may write unless given */
  key?: string | null;
  /** sent as JSON */
  json?: unknown;
  body?: string | Uint8Array<ArrayBuffer> | ReadableStream<Uint8Array>;
  peer?: Partial<Peer>;
  origin?: string;
}

export interface HttpWorld {
  runner: Runner;
  logged: LogEvent[];
  ask(path: string, wish?: Wish): Promise<Answered>;
  post(path: string, json: unknown, wish?: Wish): Promise<Answered>;
  /** as it comes, for streams */
  fetch(path: string, wish?: Wish): Promise<Response>;
  close(): Promise<void>;
}

const parsed = (text: string): Answered['json'] => {
  try {
    return JSON.parse(text);
  } catch {
    return {};
  }
};

const requestOf = (path: string, { key = WRITE_KEY, json, peer: _, origin, ...init }: Wish) => {
  const headers = new Headers(init.headers);
  if (key !== null) headers.set('x-api-key', key);
  if (json !== undefined && !headers.has('content-type')) {
    headers.set('content-type', 'application/json');
  }
  const body = json === undefined ? init.body : JSON.stringify(json);
  const url = `${origin ?? 'http://localhost:8080'}${path}`;
  return new Request(url, {
    ...init,
    headers,
    ...(body !== undefined && { body, duplex: 'half' }),
  } as RequestInit);
};

export const httpWorld = async (more: Partial<HttpDeps> = {}): Promise<HttpWorld> => {
  const folder = tempFolder();
  const env = { DATABASE_URL: `sqlite:${join(folder, 'jobs.db')}`, JOB_INSTANCE_ID: 'tester' };
  const settings = await loadSettings({ env, cwd: folder });
  const runner = await openRunner({ settings, jobs: types, init: true });
  const logged: LogEvent[] = [];
  const stop = new AbortController();
  const app = createHttpApp({
    runner,
    version: '1.2.3',
    store_kind: 'sqlite',
    keys,
    rate_limit: 1_000_000,
    trusted_proxies: 0,
    cors_origins: [],
    clock: systemClock,
    newId,
    log: (event) => logged.push(event),
    metrics: { content_type: 'text/plain', text: async () => 'up 1\n' },
    assets: { get: async () => undefined },
    stop: stop.signal,
    ...more,
  });
  const fetch: HttpWorld['fetch'] = async (path, wish = {}) =>
    app.fetch(requestOf(path, wish), { address: '127.0.0.1', streams: true, ...wish.peer });
  const ask: HttpWorld['ask'] = async (path, wish) => {
    const response = await fetch(path, wish);
    const text = await response.text();
    return { status: response.status, headers: response.headers, text, json: parsed(text) };
  };
  return {
    runner,
    logged,
    fetch,
    ask,
    post: (path, json, wish) => ask(path, { method: 'POST', json, ...wish }),
    close: async () => {
      stop.abort();
      await runner.close();
    },
  };
};
