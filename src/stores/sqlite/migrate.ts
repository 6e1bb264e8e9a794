// Applies sql/sqlite/migrations in order, keeps a ledger of them, and refuses a newer schema.
import { type Migrated, readMigrations, schemaMismatch } from '../sql_files.ts';
import { type Database, openDatabase } from './database.ts';

/** The version this code is written for; a test holds it to the number of migration files. */
export const SQLITE_SCHEMA_VERSION = 4;

const migrations = () => readMigrations('sqlite/migrations');

/** All migrations as one text, for reading or for running by hand on an empty file. */
export const printSqliteSchema = (): string =>
  [
    'PRAGMA journal_mode = WAL;',
    'BEGIN IMMEDIATE;',
    ...migrations().map(({ name, sql }) => `-- ${name}\n${sql.trim()}`),
    `PRAGMA user_version = ${SQLITE_SCHEMA_VERSION};`,
    'COMMIT;',
    '',
  ].join('\n\n');

/** 0 = no tables of ours. */
export const schemaVersion = (database: Database): number =>
  Number(database.get('PRAGMA user_version')?.user_version);

/** Throws one sentence naming the command to run, unless the tables fit this code. */
export const checkSchema = (version: number, where: string): void => {
  if (version !== SQLITE_SCHEMA_VERSION) {
    throw schemaMismatch(version, SQLITE_SCHEMA_VERSION, where);
  }
};

const applyMissing = (database: Database, now: string): Migrated => {
  const from = schemaVersion(database);
  if (from > SQLITE_SCHEMA_VERSION) checkSchema(from, database.path);
  database.exec(`CREATE TABLE IF NOT EXISTS cloud_job_migrations (
    version INTEGER PRIMARY KEY, name TEXT NOT NULL, checksum TEXT NOT NULL, applied_at TEXT NOT NULL
  ) STRICT`);
  const missing = migrations().filter(({ version }) => version > from);
  for (const { version, name, sql, checksum } of missing) {
    database.exec(sql);
    database.run(
      'INSERT INTO cloud_job_migrations VALUES (:version, :name, :checksum, :applied_at)',
      { version, name, checksum, applied_at: now },
    );
  }
  database.exec(`PRAGMA user_version = ${SQLITE_SCHEMA_VERSION}`);
  const applied = missing.map(({ name }) => name);
  return { from, to: SQLITE_SCHEMA_VERSION, applied, notes: [] };
};

/**
 * Creates or upgrades the tables in one transaction; safe to run again, and by many at once: the
 * others wait and find nothing left to do. Dying anywhere leaves the old schema whole.
 */
export const migrateSqlite = async (path: string): Promise<Migrated> => {
  const database = openDatabase(path);
  try {
    await database.alone(() => database.exec('PRAGMA journal_mode = WAL'));
    return await database.write((now) => applyMissing(database, now));
  } finally {
    database.close();
  }
};
