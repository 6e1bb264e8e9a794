// The Postgres store on a database of its own, with a clock that stands still until a test moves it.
import { afterAll } from '@jest/globals';
import pg from 'pg';
import type { Store } from '../../src/core/store.ts';
import { migratePostgres } from '../../src/stores/postgres/migrate.ts';
import { openPostgres } from '../../src/stores/postgres.ts';
import { newDatabase } from './postgres.ts';
import type { Database, Template } from './servers/database.ts';
import { query } from './servers/postgres.ts';
import { START } from './start.ts';

/** Migrated and empty, as `init` leaves it. */
export const migrated: Template = { name: 'migrated', fill: migratePostgres };

/** The same, but its time is what a row says. */
export const clocked: Template = {
  name: 'clocked',
  fill: async (url) => {
    await migratePostgres(url);
    await query(
      url,
      'CREATE TABLE cloud_job_test_clock (at timestamptz NOT NULL)',
      `INSERT INTO cloud_job_test_clock VALUES ('${START.toISOString()}')`,
      'GRANT SELECT ON cloud_job_test_clock TO service_role',
      `CREATE OR REPLACE FUNCTION cloud_job_clock() RETURNS timestamptz
       LANGUAGE sql STABLE AS 'SELECT at FROM public.cloud_job_test_clock'`,
    );
  },
};

// Not TRUNCATE: that makes new files for all tables, which takes longer than most tests.
export const emptyTables = `
  DO $$
  DECLARE
    it text;
  BEGIN
    FOR it IN SELECT tablename FROM pg_tables WHERE schemaname = 'public'
      AND tablename NOT IN ('cloud_job_test_clock', 'cloud_job_migrations')
    LOOP
      EXECUTE format('DELETE FROM %I', it);
    END LOOP;
  END
  $$`;

const desks = new Map<string, Promise<pg.Client>>();

afterAll(async () => {
  for (const desk of desks.values()) await (await desk).end();
});

const openDesk = async (url: string): Promise<pg.Client> => {
  const desk = new pg.Client({ connectionString: url });
  // Its database may be dropped first.
  desk.on('error', () => undefined);
  await desk.connect();
  return desk;
};

/** The test's own connection, kept: to connect takes longer than most tests. */
const deskOf = (url: string): Promise<pg.Client> => {
  const desk = desks.get(url) ?? openDesk(url);
  desks.set(url, desk);
  return desk;
};

/** Fresh data in a database made from `clocked`; `openStore` gives another handle on it. */
export const clockedData = async ({ url }: Database, openStore: () => Promise<Store>) => {
  const desk = await deskOf(url);
  await desk.query(emptyTables);
  const setClock = async (now: Date) => {
    await desk.query('UPDATE cloud_job_test_clock SET at = $1', [now]);
  };
  await setClock(START);
  const handles: Store[] = [];
  return {
    open: async () => {
      const store = await openStore();
      handles.push(store);
      return store;
    },
    advance: async (seconds: number) => {
      await desk.query('UPDATE cloud_job_test_clock SET at = at + make_interval(secs => $1)', [
        seconds,
      ]);
    },
    setClock,
    close: async () => {
      for (const store of handles.splice(0)) await store.close();
    },
  };
};

let database: Promise<Database> | undefined;

/** One database a test file, emptied each time. */
export const postgresData = async () => {
  database ??= newDatabase(clocked);
  const there = await database;
  return clockedData(there, () => openPostgres(there.url));
};
