// One connection to one SQLite file: statements by their text, transactions, and driver errors
// turned into the runner's own. Many processes may hold such a connection to the same file.
import Driver from 'libsql';
import { StoreUnavailableError } from '../../errors.ts';

export type Params = Record<string, string | number | null>;
export type Row = Record<string, unknown>;

export interface Database {
  path: string;
  get(sql: string, params?: Params): Row | undefined;
  all(sql: string, params?: Params): Row[];
  /** how many rows it changed */
  run(sql: string, params?: Params): number;
  /** one or many statements without parameters */
  exec(sql: string): void;
  /** Runs `work` in one write transaction; its argument is the store's time, taken under the lock. */
  write<T>(work: (now: string) => T): Promise<T>;
  /** Runs `work` on one snapshot. */
  read<T>(work: (now: string) => T): Promise<T>;
  /** Runs `work` outside any transaction (VACUUM, PRAGMA), waiting for others as writes do. */
  alone<T>(work: () => T): Promise<T>;
  close(): void;
}

/** JSON columns, whichever table they stand in: parsed on the way out. */
const JSON_COLUMNS = new Set([
  'config',
  'metadata',
  'progress',
  'result',
  'error',
  'output',
  'data',
  'authors',
  'categories',
  'stretches',
  'durations',
]);

interface Query {
  statement: Driver.Statement;
  columns: { name: string; json: boolean }[];
}

// The driver takes twice as long to make an object of a row as to hand over its bare values.
const prepareQuery = (statement: Driver.Statement): Query => ({
  statement: statement.raw(true),
  columns: statement.columns().map(({ name }) => ({ name, json: JSON_COLUMNS.has(name) })),
});

const toRow = ({ columns }: Query, values: unknown[]): Row => {
  const row: Row = {};
  columns.forEach(({ name, json }, at) => {
    const value = values[at];
    row[name] = json && typeof value === 'string' ? JSON.parse(value) : value;
  });
  return row;
};

// SQLite waits inside the call, which stops this process's timers: keep that short, and wait for
// longer between calls, where heartbeats go on.
const WAIT_INSIDE_MS = 15;
const LONGEST_PAUSE_MS = 100;
const WAIT_IN_ALL_MS = 30_000;

export interface DatabaseOptions {
  /** the store's clock: the machine's unless given */
  now?: () => Date;
  /** how long other processes are waited for before the file counts as out of reach */
  wait_ms?: number;
}

const codeOf = (error: unknown): string => {
  const code = error instanceof Error && 'code' in error ? error.code : '';
  return typeof code === 'string' ? code : '';
};

const isBusy = (error: unknown): boolean => {
  const code = codeOf(error);
  return code.startsWith('SQLITE_BUSY') || code.startsWith('SQLITE_PROTOCOL');
};

// Growing, so that of many processes in each other's way one goes on for a while with warm caches
// instead of all taking turns with cold ones.
const pause = (attempt: number) =>
  new Promise<void>((resolve) => {
    const longest = Math.min(LONGEST_PAUSE_MS, 10 * 2 ** attempt);
    setTimeout(resolve, longest * (0.5 + Math.random() / 2));
  });

const OUT_OF_REACH = /^SQLITE_(CANTOPEN|FULL|IOERR|CORRUPT|NOTADB|READONLY|NOMEM|PERM)/;

const explain = (error: unknown, path: string): unknown => {
  const code = codeOf(error);
  if (!OUT_OF_REACH.test(code) || !(error instanceof Error)) return error;
  const hint = code === 'SQLITE_NOTADB' ? 'The file is no SQLite database.' : error.message;
  return new StoreUnavailableError(`The SQLite file ${path} cannot be used (${code}): ${hint}`, {
    cause: error,
  });
};

// The driver answers at once, so code that only asks the store would never let the event loop turn:
// no timer, no signal and no heartbeat would come through.
const turn = () =>
  new Promise<void>((resolve) => {
    setImmediate(resolve);
  });

const kept = <T>(all: Map<string, T>, sql: string, make: () => T): T => {
  const found = all.get(sql) ?? make();
  all.set(sql, found);
  return found;
};

/** Opens the file, creating it when absent. */
export const openDatabase = (path: string, options: DatabaseOptions = {}): Database => {
  const { now = () => new Date(), wait_ms = WAIT_IN_ALL_MS } = options;
  let driver: Driver.Database;
  try {
    driver = new Driver(path, { timeout: WAIT_INSIDE_MS });
  } catch (error) {
    throw new StoreUnavailableError(
      `The SQLite file ${path} cannot be opened. Check that its folder exists and may be written to.`,
      { cause: error },
    );
  }
  const queries = new Map<string, Query>();
  const query = (sql: string): Query => kept(queries, sql, () => prepareQuery(driver.prepare(sql)));
  const commands = new Map<string, Driver.Statement>();

  /** Calls `attempt` until no other process is in the way. */
  const waiting = async <T>(attempt: () => T): Promise<T> => {
    await turn();
    const start = performance.now();
    for (let again = 0; ; again += 1) {
      try {
        return attempt();
      } catch (error) {
        if (!isBusy(error)) throw explain(error, path);
        if (performance.now() - start > wait_ms) {
          const message = `The SQLite file ${path} is locked by another process.`;
          throw new StoreUnavailableError(message, { cause: error });
        }
      }
      await pause(again);
    }
  };

  // Not through kept statements: one that met SQLITE_BUSY would stay open and forbid every COMMIT.
  const transaction = <T>(begin: string, work: (now: string) => T): T => {
    driver.exec(begin);
    try {
      const answer = work(now().toISOString());
      driver.exec('COMMIT');
      return answer;
    } catch (error) {
      // After a full disk or an I/O error SQLite has already rolled back by itself.
      if (driver.inTransaction) driver.exec('ROLLBACK');
      throw error;
    }
  };

  let wrote = false;
  const database: Database = {
    path,
    get: (sql, params = {}) => {
      const found = query(sql);
      const values = found.statement.get(params) as unknown[] | undefined;
      return values === undefined ? undefined : toRow(found, values);
    },
    all: (sql, params = {}) => {
      const found = query(sql);
      return (found.statement.all(params) as unknown[][]).map((values) => toRow(found, values));
    },
    run: (sql, params = {}) => kept(commands, sql, () => driver.prepare(sql)).run(params).changes,
    exec: (sql) => {
      driver.exec(sql);
    },
    write: async (work) => {
      const answer = await waiting(() => transaction('BEGIN IMMEDIATE', work));
      wrote = true;
      return answer;
    },
    read: (work) => waiting(() => transaction('BEGIN', work)),
    alone: waiting,
    close: () => {
      // The driver holds the file until its statements are collected as garbage, so SQLite's own
      // clean-up at the last close may never come: without this a copy of the file alone would miss
      // what is still in the log beside it.
      if (wrote) driver.prepare('PRAGMA wal_checkpoint(TRUNCATE)').get();
      queries.clear();
      commands.clear();
      driver.close();
    },
  };
  return database;
};
