// Where the sentences are played: one process of a host on a database of its own, for all of them.
import { createHash } from 'node:crypto';
import { join } from 'node:path';
import { buffer } from 'node:stream/consumers';
import { expect } from '@jest/globals';
import * as z from 'zod';
import type { AnyDefinition } from '../../../src/core/definition.ts';
import type { Store } from '../../../src/core/store.ts';
import type { Tally } from '../../../src/core/tally.ts';
import type {
  CreatedAnswer,
  JobDetailAnswer,
  ProblemAnswer,
} from '../../../src/http/wire/answers.ts';
import { migrateSqlite } from '../../../src/stores/sqlite/migrate.ts';
import { openSqlite } from '../../../src/stores/sqlite/open.ts';
import { drainOn } from '../../support/drain.ts';
import { tempFolder } from '../../support/temp.ts';
import { checkerOf, type Description } from './described.ts';
import type { ApiHost, Received } from './hosts/host.ts';

export const WRITE_KEY = 'the-key-of-those-who-operate-all-this';
export const READ_KEY = 'the-key-of-those-who-only-look-at-it';
export const ORIGIN = 'https://app.example.com';

/** A plain key, and one of which only the hash is configured. */
const API_KEYS = `ops:write:${WRITE_KEY},viewer:read:sha256:${createHash('sha256').update(READ_KEY).digest('hex')}`;

/** Nothing drains it meanwhile. */
export const LATER = '2099-01-01T00:00:00Z';

export interface Wish {
  method?: string;
  /** null = none; the one that may write unless given */
  key?: string | null;
  json?: unknown;
  body?: string | Uint8Array;
  headers?: Record<string, string>;
}

/** Every sentence knows which body it looks into. */
export interface Answered<Body = ProblemAnswer> {
  status: number;
  headers: Headers;
  bytes: Buffer;
  text: string;
  json: Body;
}

export interface Stage {
  host: ApiHost;
  store: Store;
  /** As it comes. */
  send(path: string, wish?: Wish): Promise<Received>;
  /** Whole, and held against the description of the API. */
  ask<Body = ProblemAnswer>(path: string, wish?: Wish): Promise<Answered<Body>>;
  post<Body = ProblemAnswer>(path: string, json?: unknown, wish?: Wish): Promise<Answered<Body>>;
  /** A job that waits for long. */
  create(job?: object): Promise<CreatedAnswer>;
  /** A job as the API shows it. */
  show(job_id: string): Promise<JobDetailAnswer>;
  /** One drain, by a worker with code of its own for the type `maintenance`. */
  drain(run: AnyDefinition['run']): Promise<Tally>;
  close(): Promise<string>;
}

const headersOf = ({ key = WRITE_KEY, json, headers }: Wish): Headers => {
  const made = new Headers(headers);
  if (key !== null && !made.has('authorization')) made.set('x-api-key', key);
  if (json !== undefined && !made.has('content-type')) made.set('content-type', 'application/json');
  return made;
};

const bodyOf = ({ json, body }: Wish): Uint8Array | null => {
  const text = json === undefined ? body : JSON.stringify(json);
  return typeof text === 'string' ? Buffer.from(text) : (text ?? null);
};

const read = (text: string): unknown => {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
};

/** `more` is set in the process besides. */
export const openStage = async (
  host: ApiHost,
  more: Record<string, string> = {},
): Promise<Stage> => {
  const cwd = tempFolder();
  const path = join(cwd, 'jobs.db');
  await migrateSqlite(path);
  const store = await openSqlite(path);
  const DATABASE_URL = `sqlite:${path}`;
  const env = { DATABASE_URL, API_KEYS, CORS_ORIGINS: ORIGIN, JOB_INSTANCE_ID: 'server', ...more };
  const served = await host.start({ env, cwd });

  const send: Stage['send'] = (at, wish = {}) =>
    served.send(at, { method: wish.method ?? 'GET', headers: headersOf(wish), body: bodyOf(wish) });
  const whole = async <Body>(at: string, wish: Wish = {}): Promise<Answered<Body>> => {
    const { status, headers, body } = await send(at, wish);
    const bytes = await buffer(body);
    const text = bytes.toString();
    return { status, headers, bytes, text, json: read(text) as Body };
  };
  const { json: description } = await whole<Description>('/openapi.json');
  const faultsOf = checkerOf(description);

  const ask = async <Body>(at: string, wish: Wish = {}): Promise<Answered<Body>> => {
    const answer = await whole<Body>(at, wish);
    const { status, headers, json } = answer;
    const type = headers.get('content-type') ?? '';
    const [name = ''] = at.split('?');
    expect([at, faultsOf(wish.method ?? 'GET', name, status, type, json)]).toEqual([at, []]);
    return answer;
  };
  const post = <Body>(at: string, json?: unknown, wish?: Wish) =>
    ask<Body>(at, { method: 'POST', json, ...wish });
  return {
    host,
    store,
    send,
    ask,
    post,
    create: async (job) => {
      const given = { name: 'n', job_type: 'maintenance', config: {}, run_at: LATER, ...job };
      const { status, json } = await post<CreatedAnswer>('/api/v1/jobs', given);
      expect([status, json.created]).toEqual([201, true]);
      return json;
    },
    show: async (job_id) => (await ask<JobDetailAnswer>(`/api/v1/jobs/${job_id}`)).json,
    drain: (run) => {
      const config = z.looseObject({});
      return drainOn(store, [{ type: 'maintenance', config, run }], { instance_id: 'worker' });
    },
    close: async () => {
      const said = await served.stop();
      await store.close();
      return said;
    },
  };
};
