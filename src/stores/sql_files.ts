// The SQL files of this package, as text: sql/ lies beside `src` and beside `dist`.
import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { SchemaError } from '../errors.ts';

export interface SqlFile {
  name: string;
  sql: string;
}

export interface Migration extends SqlFile {
  version: number;
  checksum: string;
}

/** What a migration did. `applied` are the names of files; `notes` are sentences for the person. */
export interface Migrated {
  from: number;
  to: number;
  applied: string[];
  /** rows of the earlier Supabase set-up that were brought along, counted in words */
  kept?: string;
  notes: string[];
}

const sqlFolder = (): string => {
  let folder = dirname(fileURLToPath(import.meta.url));
  while (!existsSync(join(folder, 'sql', 'sqlite'))) {
    const parent = dirname(folder);
    if (parent === folder) {
      throw new SchemaError('schema_missing', 'The sql folder of cloud-jobs is not installed.');
    }
    folder = parent;
  }
  return join(folder, 'sql');
};

/** One file, by its path within sql/. */
export const readSql = (path: string): string => readFileSync(join(sqlFolder(), path), 'utf8');

/** The files of a folder within sql/, by name. */
export const readSqlFolder = (path: string): SqlFile[] =>
  readdirSync(join(sqlFolder(), path))
    .filter((file) => file.endsWith('.sql'))
    .sort()
    .map((name) => ({ name, sql: readSql(join(path, name)) }));

/** Append-only files named by their version: `0001_….sql`. */
export const readMigrations = (path: string): Migration[] =>
  readSqlFolder(path).map(({ name, sql }) => ({
    version: Number.parseInt(name, 10),
    name,
    sql,
    checksum: createHash('sha256').update(sql).digest('hex'),
  }));

/** One sentence that names the command to run, for tables that do not fit this code. */
export const schemaMismatch = (installed: number, needed: number, where: string): SchemaError => {
  if (installed > needed) {
    const message = `The tables in ${where} are of version ${installed}, but this cloud-jobs knows version ${needed}: update cloud-jobs (\`npm install cloud-jobs@latest\`).`;
    return new SchemaError('schema_newer', message);
  }
  if (installed === 0) {
    const message = `There are no cloud-jobs tables in ${where}: run \`cloud-jobs init\`.`;
    return new SchemaError('schema_missing', message);
  }
  const message = `The tables in ${where} are of version ${installed}, this cloud-jobs needs ${needed}: run \`cloud-jobs init\`.`;
  return new SchemaError('schema_older', message);
};
