// The SQLite file of an earlier scheduler, opened so that SQLite itself refuses to write to it.
import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import Driver from 'libsql';
import { InputError, StoreUnavailableError } from '../../errors.ts';
import { type EarlierDatabase, PAGE_ROWS, quoted, type Row } from './database.ts';

/** Its daemon may be writing: each of its commits takes a moment. */
const WAIT_MS = 5000;

const explained = <Answer>(path: string, ask: () => Answer): Answer => {
  try {
    return ask();
  } catch (error) {
    const { code = '', message } = error as NodeJS.ErrnoException;
    const hint = code === 'SQLITE_NOTADB' ? 'the file is no SQLite database' : message;
    throw new StoreUnavailableError(`The SQLite file ${path} cannot be read: ${hint}`, {
      cause: error,
    });
  }
};

const COLUMNS = 'SELECT name FROM pragma_table_xinfo(?) WHERE hidden <> 1 ORDER BY cid';

/** Rows lie in the order in which they were inserted, except in views and tables WITHOUT ROWID. */
const KEEPS_ORDER = `
  SELECT 1 FROM pragma_table_list WHERE schema = 'main' AND name = ? AND type = 'table' AND wr = 0`;

/** Throws InputError where there is no file, StoreUnavailableError where it is no database. */
export const openEarlierSqlite = (path: string): EarlierDatabase => {
  if (!existsSync(path)) {
    throw new InputError([{ path: '', message: `there is no file ${path}` }], 'Import refused');
  }
  // The driver's own option for reading only is not heeded; SQLite's is.
  const driver = explained(path, () => {
    const opened = new Driver(`${pathToFileURL(resolve(path)).href}?mode=ro`, { timeout: WAIT_MS });
    opened.prepare('SELECT count(*) FROM sqlite_schema').get();
    return opened;
  });
  const all = (sql: string, ...values: unknown[]): unknown[][] =>
    explained(path, () => driver.prepare(sql).raw(true).all(values) as unknown[][]);
  return {
    where: `SQLite file ${path}`,
    now: new Date(),
    columnsOf: async (table) => all(COLUMNS, table).map(([name]) => String(name)),
    rowsOf: async function* (table, columns) {
      const names = Object.keys(columns);
      const key = all(KEEPS_ORDER, table).length > 0 ? '_rowid_' : quoted(columns.id ?? '');
      const wanted = Object.values(columns).map((name) => `CAST(${quoted(name)} AS TEXT)`);
      const from = `SELECT ${key}, ${wanted.join(', ')} FROM ${quoted(table)}`;
      const rest = `ORDER BY ${key} LIMIT ${PAGE_ROWS}`;
      // Pages instead of one long read, which would keep its daemon from writing.
      let page = all(`${from} WHERE ${key} IS NOT NULL ${rest}`);
      while (page.length > 0) {
        yield page.map(
          ([, ...values]) => Object.fromEntries(names.map((name, at) => [name, values[at]])) as Row,
        );
        page = all(`${from} WHERE ${key} > ? ${rest}`, page.at(-1)?.[0]);
      }
    },
    close: async () => {
      driver.close();
    },
  };
};
