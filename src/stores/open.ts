// URL → store: the one place that knows which stores there are.
import type { Store } from '../core/store.ts';
import { SettingsError } from '../errors.ts';
import { type Migrated, migrateSqlite, printSqliteSchema } from './migrate.ts';
import { openSqlite } from './sqlite/open.ts';

const SQLITE_URL = /^sqlite:(?:\/\/)?(.+)$/;

/** The file of `sqlite:PATH`. Throws SettingsError for any other URL. */
const sqlitePath = (database_url: string): string => {
  const path = SQLITE_URL.exec(database_url)?.[1];
  if (path !== undefined && !path.startsWith(':')) return path;
  const message = 'names no store this version has; expected sqlite:PATH';
  throw new SettingsError([{ path: 'DATABASE_URL', message }]);
};

/** Waits a second at most for other processes; who may wait longer asks again (core/resend.ts). */
export const openStore = (database_url: string): Promise<Store> =>
  openSqlite(sqlitePath(database_url), { wait_ms: 1000 });

/** Creates or upgrades the tables; safe to run again and by many at once. */
export const migrateStore = (database_url: string): Promise<Migrated> =>
  migrateSqlite(sqlitePath(database_url));

/** The SQL of all tables, as text. */
export const printSchema = (database_url: string): string => {
  sqlitePath(database_url);
  return printSqliteSchema();
};
