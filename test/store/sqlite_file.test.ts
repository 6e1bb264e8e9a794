// The SQLite file itself: migrations, files that are no store, and other processes in the way.
import { copyFileSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import Driver from 'libsql';
import { SchemaError, StoreUnavailableError } from '../../src/errors.ts';
import {
  migrateSqlite,
  printSqliteSchema,
  SQLITE_SCHEMA_VERSION,
} from '../../src/stores/sqlite/migrate.ts';
import { openSqlite } from '../../src/stores/sqlite/open.ts';
import { settle } from '../support/clock.ts';
import { newJob } from '../support/jobs.ts';
import { tempFile } from '../support/temp.ts';

/** Everything the file's schema says, apart from the ledger that only `init` keeps. */
const dump = (path: string): unknown[] => {
  const driver = new Driver(path);
  const rows = driver
    .prepare(
      `SELECT type, name, sql FROM sqlite_master WHERE name NOT LIKE '%cloud_job_migrations%' ORDER BY name`,
    )
    .all() as { type: string; name: string; sql: string }[];
  driver.close();
  return rows.map(({ type, name, sql }) => ({ type, name, sql }));
};

const withDriver = (path: string, use: (driver: Driver.Database) => void): void => {
  const driver = new Driver(path);
  use(driver);
  driver.close();
};

describe('migrations', () => {
  test('the version in the code is the number of migration files, numbered without a gap', () => {
    const files = readdirSync('sql/sqlite/migrations').sort();
    const numbers = files.map((file) => Number.parseInt(file, 10));
    expect(numbers).toEqual(files.map((_, index) => index + 1));
    expect(SQLITE_SCHEMA_VERSION).toBe(files.length);
  });

  test('twenty migrators at once leave one result, and all of them succeed', async () => {
    const path = tempFile();
    const results = await Promise.all(Array.from({ length: 20 }, () => migrateSqlite(path)));
    const applied = results.filter((result) => result.applied.length > 0);
    expect(applied).toHaveLength(1);
    expect(results.every(({ to }) => to === SQLITE_SCHEMA_VERSION)).toBe(true);
    withDriver(path, (driver) => {
      const ledger = driver.prepare('SELECT count(*) AS count FROM cloud_job_migrations').get();
      expect(ledger).toMatchObject({ count: SQLITE_SCHEMA_VERSION });
    });
  });

  test('the printed SQL makes the same tables as init', async () => {
    const [printed, made] = [tempFile(), tempFile()];
    withDriver(printed, (driver) => driver.exec(printSqliteSchema()));
    await migrateSqlite(made);
    expect(dump(printed)).toEqual(dump(made));
    const store = await openSqlite(printed);
    expect((await store.inspect()).schema_version).toBe(SQLITE_SCHEMA_VERSION);
    await store.close();
  });

  test('the file is in WAL mode, so readers and a writer do not wait for each other', async () => {
    const path = tempFile();
    await migrateSqlite(path);
    withDriver(path, (driver) => {
      expect(driver.prepare('PRAGMA journal_mode').get()).toMatchObject({ journal_mode: 'wal' });
    });
  });
});

describe('a file that cannot serve as a store', () => {
  test('a missing file names the command to run and is not made', async () => {
    const path = tempFile();
    await expect(openSqlite(path)).rejects.toThrow(
      new SchemaError(
        'schema_missing',
        `There is no database at ${path}: run \`cloud-jobs init\`.`,
      ),
    );
    expect(readdirSync(join(path, '..'))).toEqual([]);
  });

  test('a file without our tables names the command to run', async () => {
    const path = tempFile();
    withDriver(path, (driver) => driver.exec('CREATE TABLE other (x)'));
    await expect(openSqlite(path)).rejects.toMatchObject({
      code: 'schema_missing',
      message: `There are no cloud-jobs tables in ${path}: run \`cloud-jobs init\`.`,
    });
  });

  test('newer tables are refused with one sentence, by opening and by init alike', async () => {
    const path = tempFile();
    await migrateSqlite(path);
    withDriver(path, (driver) => driver.exec('PRAGMA user_version = 99'));
    const refusal = {
      code: 'schema_newer',
      message: expect.stringMatching(/of version 99.*update cloud-jobs/),
    };
    await expect(openSqlite(path)).rejects.toMatchObject(refusal);
    await expect(migrateSqlite(path)).rejects.toMatchObject(refusal);
  });

  test('a text file is said to be no database, and is left as it is', async () => {
    const path = tempFile();
    writeFileSync(path, 'this is a shopping list, not a database\n'.repeat(50));
    for (const use of [openSqlite, migrateSqlite]) {
      await expect(use(path)).rejects.toMatchObject({
        code: 'store_unavailable',
        message: `The SQLite file ${path} cannot be used (SQLITE_NOTADB): The file is no SQLite database.`,
      });
    }
  });

  test('a folder that does not exist is named', async () => {
    const path = join(tempFile(), 'no', 'such', 'folder.db');
    await expect(migrateSqlite(path)).rejects.toThrow(StoreUnavailableError);
    await expect(migrateSqlite(path)).rejects.toThrow(`The SQLite file ${path} cannot be opened`);
  });
});

describe('another process in the way', () => {
  test('a write waits while another one is under way, and timers of this process go on', async () => {
    const path = tempFile();
    await migrateSqlite(path);
    const store = await openSqlite(path);
    const other = new Driver(path);
    other.exec('BEGIN IMMEDIATE');
    let done = false;
    const writing = store.createJobs([newJob()]).then((created) => {
      done = true;
      return created;
    });
    for (let turn = 0; turn < 20; turn += 1) await settle();
    expect(done).toBe(false);
    expect(await store.listJobs({ limit: 10 })).toEqual([]);
    other.exec('ROLLBACK');
    await expect(writing).resolves.toMatchObject([{ created: true }]);
    other.close();
    await store.close();
  });

  test('a file that stays locked is out of reach, with a sentence and nothing written', async () => {
    const path = tempFile();
    await migrateSqlite(path);
    const store = await openSqlite(path, { wait_ms: 50 });
    const other = new Driver(path);
    other.exec('BEGIN IMMEDIATE');
    await expect(store.createJobs([newJob()])).rejects.toMatchObject({
      code: 'store_unavailable',
      message: `The SQLite file ${path} is locked by another process.`,
    });
    other.exec('ROLLBACK');
    expect(await store.listJobs({ limit: 10 })).toEqual([]);
    other.close();
    await store.close();
  });
});

test('a closed store leaves everything in the file itself, for whoever copies it', async () => {
  const path = tempFile();
  await migrateSqlite(path);
  const store = await openSqlite(path);
  await store.createJobs([newJob({ job_id: 'kept' })]);
  await store.close();
  const copy = tempFile();
  copyFileSync(path, copy);
  const other = await openSqlite(copy);
  expect(await other.getJob('kept')).toMatchObject({ job: { job_id: 'kept' } });
  await other.close();
});
