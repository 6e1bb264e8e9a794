// Applies sql/sqlite/migrations in order, keeps a ledger of them, and refuses a newer schema.
import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { SchemaError } from '../errors.ts';
import { type Database, openDatabase } from './sqlite/database.ts';

/** The version this code is written for; a test holds it to the number of migration files. */
export const SQLITE_SCHEMA_VERSION = 1;

export interface Migrated {
  from: number;
  to: number;
  applied: string[];
}

interface Migration {
  version: number;
  name: string;
  sql: string;
}

/** The folder of SQL files of this package: beside `src` and beside `dist`. */
const sqlFolder = (): string => {
  let folder = dirname(fileURLToPath(import.meta.url));
  while (!existsSync(join(folder, 'sql', 'sqlite'))) {
    const parent = dirname(folder);
    if (parent === folder) {
      throw new SchemaError('schema_missing', 'The sql folder of cloud-jobs is not installed.');
    }
    folder = parent;
  }
  return join(folder, 'sql', 'sqlite', 'migrations');
};

const readMigrations = (): Migration[] => {
  const folder = sqlFolder();
  const files = readdirSync(folder).filter((file) => file.endsWith('.sql'));
  return files.sort().map((name) => ({
    version: Number.parseInt(name, 10),
    name,
    sql: readFileSync(join(folder, name), 'utf8'),
  }));
};

/** All migrations as one text, for reading or for running by hand on an empty file. */
export const printSqliteSchema = (): string =>
  [
    'PRAGMA journal_mode = WAL;',
    'BEGIN IMMEDIATE;',
    ...readMigrations().map(({ name, sql }) => `-- ${name}\n${sql.trim()}`),
    `PRAGMA user_version = ${SQLITE_SCHEMA_VERSION};`,
    'COMMIT;',
    '',
  ].join('\n\n');

/** 0 = no tables of ours. */
export const schemaVersion = (database: Database): number =>
  Number(database.get('PRAGMA user_version')?.user_version);

/** Throws one sentence naming the command to run, unless the tables fit this code. */
export const checkSchema = (version: number, where: string): void => {
  if (version === SQLITE_SCHEMA_VERSION) return;
  if (version > SQLITE_SCHEMA_VERSION) {
    throw new SchemaError(
      'schema_newer',
      `The tables in ${where} are of version ${version}, but this cloud-jobs knows version ${SQLITE_SCHEMA_VERSION}: update cloud-jobs (\`npm install cloud-jobs@latest\`).`,
    );
  }
  if (version === 0) {
    throw new SchemaError(
      'schema_missing',
      `There are no cloud-jobs tables in ${where}: run \`cloud-jobs init\`.`,
    );
  }
  throw new SchemaError(
    'schema_older',
    `The tables in ${where} are of version ${version}, this cloud-jobs needs ${SQLITE_SCHEMA_VERSION}: run \`cloud-jobs init\`.`,
  );
};

const applyMissing = (database: Database, now: string): Migrated => {
  const from = schemaVersion(database);
  if (from > SQLITE_SCHEMA_VERSION) checkSchema(from, database.path);
  database.exec(`CREATE TABLE IF NOT EXISTS cloud_job_migrations (
    version INTEGER PRIMARY KEY, name TEXT NOT NULL, checksum TEXT NOT NULL, applied_at TEXT NOT NULL
  ) STRICT`);
  const missing = readMigrations().filter(({ version }) => version > from);
  for (const { version, name, sql } of missing) {
    database.exec(sql);
    const checksum = createHash('sha256').update(sql).digest('hex');
    database.run(
      'INSERT INTO cloud_job_migrations VALUES (:version, :name, :checksum, :applied_at)',
      { version, name, checksum, applied_at: now },
    );
  }
  database.exec(`PRAGMA user_version = ${SQLITE_SCHEMA_VERSION}`);
  return { from, to: SQLITE_SCHEMA_VERSION, applied: missing.map(({ name }) => name) };
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
