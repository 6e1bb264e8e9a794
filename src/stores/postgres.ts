// The Postgres store's carrier: calls through the `pg` driver, and what its errors mean. One round
// trip a call; nothing is needed from the session: safe behind PgBouncer in transaction mode.
import type pg from 'pg';
import type { ClientBase, ClientConfig, DatabaseError, PoolConfig, QueryConfig } from 'pg';
import type { Store } from '../core/store.ts';
import { isError } from '../core/thrown.ts';
import { RunnerError, StoreRefusedError, StoreUnavailableError } from '../errors.ts';
import { type Argument, type CarrierOptions, functionStore } from './functions.ts';
import { preparing } from './postgres/prepared.ts';
import { explainFault } from './sqlstate.ts';

const CONNECT_WITHIN_MS = 10_000;
const ANSWER_WITHIN_MS = 30_000;
const VACUUM_WITHIN_MS = 60 * 60 * 1000;

/** `Postgres database DB at HOST`, without user and password. */
export const placeOf = (url: string): string => {
  const { hostname, port, pathname } = new URL(url);
  const database = decodeURIComponent(pathname.slice(1)) || 'postgres';
  return `Postgres database ${database} at ${hostname || 'localhost'}${port && `:${port}`}`;
};

/** Loaded where it is used: nobody with another store pays for the driver. */
const loadDriver = async () => (await import('pg')).default;

export const connectTo = (url: string): PoolConfig => ({
  connectionString: url,
  connectionTimeoutMillis: CONNECT_WITHIN_MS,
  keepAlive: true,
  application_name: 'cloud-jobs',
});

/**
 * Where neither the address nor the environment has a password, a server that asks for one refuses:
 * the driver would only stumble over the missing text.
 */
export const refuseWithoutPassword = (client: ClientBase, url: string): void => {
  const asked = client as ClientBase & { password: unknown };
  asked.password ??= () => {
    throw new StoreRefusedError(`${placeOf(url)} asks for a password, and the address has none.`);
  };
};

/** What the driver threw, in the runner's own words. */
export const explainDriver = (error: unknown, where: string): unknown => {
  if (!isError(error) || error instanceof RunnerError) return error;
  // Only what the server said has a severity; all else is the connection.
  if ('severity' in error) {
    const { code = '', message, detail = null } = error as DatabaseError;
    return explainFault({ code, message, detail }, where, error);
  }
  const why = error.message || ('code' in error ? String(error.code) : error.name);
  return new StoreUnavailableError(`${where} cannot be reached: ${why}`, { cause: error });
};

const toParameter = (argument: Argument): unknown =>
  typeof argument === 'object' && argument !== null && 'json' in argument
    ? JSON.stringify(argument.json)
    : argument;

const callText = (name: string, names: string[]): string =>
  `SELECT public.${name}(${names.map((key, i) => `"${key}" => $${i + 1}`).join(', ')}) AS answer`;

const TABLES = [
  'cloud_jobs',
  'cloud_job_executions',
  'cloud_job_steps',
  'cloud_job_events',
  'cloud_job_schedules',
  'cloud_job_slots',
  'papers',
];

// What @types/pg leaves out.
type Timed = QueryConfig & { query_timeout?: number };
type Wired = ClientBase & { connection: { stream: { destroy(): void } } };

/** A pool that does not wait, once it is ended, for connections that nobody waits for any more. */
const createPool = (driver: typeof pg, config: PoolConfig, url: string) => {
  const busy = new Set<ClientBase>();
  class Tracked extends driver.Client {
    constructor(given: ClientConfig) {
      super(given);
      refuseWithoutPassword(this, url);
      busy.add(this);
      this.once('end', () => busy.delete(this));
    }
  }
  const pool = new driver.Pool({ ...config, Client: Tracked as never });
  pool.on('acquire', (client) => busy.add(client));
  pool.on('release', (_error, client) => busy.delete(client));
  // A connection that breaks while nobody uses it: the next call opens another one.
  pool.on('error', () => undefined);
  const close = async () => {
    const ended = pool.end();
    for (const client of busy) (client as Wired).connection.stream.destroy();
    await ended;
  };
  return { pool, close };
};

/**
 * Opens the database; the first call connects. Throws nothing itself: a server that cannot be
 * reached, or has no tables, is told of by the first call.
 */
export const openPostgres = async (
  url: string,
  { answer_within_ms = ANSWER_WITHIN_MS }: CarrierOptions = {},
): Promise<Store> => {
  const where = placeOf(url);
  const driver = await loadDriver();
  const config = {
    ...connectTo(url),
    // A drain calls one after the other; heartbeats and job code may come between.
    max: 4,
    connectionTimeoutMillis: Math.min(CONNECT_WITHIN_MS, answer_within_ms),
    query_timeout: answer_within_ms,
    idleTimeoutMillis: 30_000,
    allowExitOnIdle: true,
  };
  const { pool, close } = createPool(driver, config, url);
  const prepared = preparing((statement) => pool.query(statement));
  const explained = <Answer>(answer: Promise<Answer>): Promise<Answer> =>
    answer.catch((error: unknown) => {
      throw explainDriver(error, where);
    });
  return functionStore({
    where,
    call: async (name, args) => {
      const text = callText(name, Object.keys(args));
      const { rows } = await explained(prepared(text, Object.values(args).map(toParameter)));
      return rows[0]?.answer ?? null;
    },
    vacuum: async () => {
      const text = `VACUUM (ANALYZE) ${TABLES.map((table) => `public.${table}`).join(', ')}`;
      const statement: Timed = { text, query_timeout: VACUUM_WITHIN_MS };
      await explained(pool.query(statement));
    },
    close,
  });
};
