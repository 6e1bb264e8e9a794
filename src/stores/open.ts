// Settings → store: the one place that knows which stores there are. Each is loaded when it is asked
// for, so that nobody waits for the driver of another one.
import type { Store } from '../core/store.ts';
import { SettingsError } from '../errors.ts';
import type { Migrated } from './sql_files.ts';

/** The settings that say where jobs are kept; without a `database_url`, in the Supabase project. */
export interface Place {
  /** `sqlite:PATH` or `postgres://…` */
  database_url: string | null;
  supabase_url: string | null;
  supabase_service_role_key: string | null;
  supabase_anon_key: string | null;
  /** the project's own `postgres://…` */
  supabase_db_url: string | null;
}

type Kind =
  | { store: 'sqlite'; path: string }
  | { store: 'postgres'; url: string }
  | { store: 'supabase'; url: string; key: string; database: string | null };

const SQLITE_URL = /^sqlite:(?:\/\/)?(.+)$/;
const POSTGRES_URL = /^postgres(?:ql)?:/i;

/** Throws a SettingsError for a place that names no store of this version. */
const kindOf = (place: Place): Kind => {
  const { database_url, supabase_url } = place;
  const path = SQLITE_URL.exec(database_url ?? '')?.[1];
  if (path !== undefined && !path.startsWith(':')) return { store: 'sqlite', path };
  if (database_url !== null && POSTGRES_URL.test(database_url)) {
    return { store: 'postgres', url: database_url };
  }
  const key = place.supabase_service_role_key ?? place.supabase_anon_key;
  if (database_url === null && supabase_url !== null && key !== null) {
    return { store: 'supabase', url: supabase_url, key, database: place.supabase_db_url };
  }
  const message = 'names no store this version has; expected sqlite:PATH or postgres://…';
  throw new SettingsError([{ path: 'DATABASE_URL', message }]);
};

/**
 * SQLite waits a second at most for other processes; who may wait longer asks again
 * (core/resend.ts). Postgres and Supabase connect when they are first called.
 */
export const openStore = async (place: Place): Promise<Store> => {
  const kind = kindOf(place);
  if (kind.store === 'sqlite') {
    const { openSqlite } = await import('./sqlite/open.ts');
    return openSqlite(kind.path, { wait_ms: 1000 });
  }
  if (kind.store === 'postgres') return (await import('./postgres.ts')).openPostgres(kind.url);
  return (await import('./supabase.ts')).openSupabase(kind.url, kind.key);
};

/** A Supabase project takes statements only over its database. */
const databaseOf = (kind: Exclude<Kind, { store: 'sqlite' }>): string => {
  const url = kind.store === 'postgres' ? kind.url : kind.database;
  if (url !== null) return url;
  const message =
    'is needed to make tables in a Supabase project: set it to the address of its database (Connect, in the dashboard), or paste what `cloud-jobs init --print` gives into the SQL editor';
  throw new SettingsError([{ path: 'SUPABASE_DB_URL', message }]);
};

/** Creates or upgrades the tables; safe to run again and by many at once. `where` has no secrets. */
export const migrateStore = async (place: Place): Promise<Migrated & { where: string }> => {
  const kind = kindOf(place);
  if (kind.store === 'sqlite') {
    const { migrateSqlite } = await import('./sqlite/migrate.ts');
    return { ...(await migrateSqlite(kind.path)), where: `sqlite:${kind.path}` };
  }
  const url = databaseOf(kind);
  const { migratePostgres } = await import('./postgres/migrate.ts');
  const { placeOf } = await import('./postgres.ts');
  return { ...(await migratePostgres(url)), where: placeOf(url) };
};

/** The SQL of all tables, as text; asks no store. */
export const printSchema = async (place: Place): Promise<string> => {
  if (kindOf(place).store === 'sqlite') {
    return (await import('./sqlite/migrate.ts')).printSqliteSchema();
  }
  return (await import('./postgres/schema.ts')).printPostgresSchema();
};
