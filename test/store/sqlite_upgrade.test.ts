// A SQLite file of an earlier version: refused with a sentence, upgraded with its rows by `init`.
import { readFileSync } from 'node:fs';
import { expect, test } from '@jest/globals';
import Driver from 'libsql';
import { migrateSqlite, SQLITE_SCHEMA_VERSION } from '../../src/stores/sqlite/migrate.ts';
import { openSqlite } from '../../src/stores/sqlite/open.ts';
import { claimRequest, succeeded } from '../support/jobs.ts';
import { detailOf, pickOne } from '../support/store.ts';
import { tempFile } from '../support/temp.ts';

/** As `init` of version 1 left it, with a job that waits and one that runs. */
const versionOne = (): string => {
  const path = tempFile();
  const driver = new Driver(path);
  driver.exec('PRAGMA journal_mode = WAL');
  driver.exec(readFileSync('sql/sqlite/migrations/0001_jobs.sql', 'utf8'));
  driver.exec(`
    CREATE TABLE cloud_job_migrations (
      version INTEGER PRIMARY KEY, name TEXT NOT NULL, checksum TEXT NOT NULL, applied_at TEXT NOT NULL
    ) STRICT;
    INSERT INTO cloud_job_migrations VALUES (1, '0001_jobs.sql', 'x', '2026-01-01T00:00:00.000Z');
    INSERT INTO cloud_jobs (job_id, name, job_type, config, status, run_at, created_at, updated_at)
    VALUES ('waits', 'a job', 'demo', '{"deep":[1]}', 'waiting', '2026-01-01T00:00:00.000Z',
      '2026-01-01T00:00:00.000Z', '2026-01-01T00:00:00.000Z');
    INSERT INTO cloud_jobs (job_id, name, job_type, status, run_at, created_at, updated_at,
      lock_epoch, locked_at, locked_by, lock_expires_at)
    VALUES ('runs', 'a job', 'demo', 'locked', '2026-01-01T00:00:00.000Z',
      '2026-01-01T00:00:00.000Z', '2026-01-01T00:00:00.000Z', 3,
      '2026-01-01T00:00:00.000Z', 'old', '9999-01-01T00:00:00.000Z');
    INSERT INTO cloud_job_executions
      (execution_id, job_id, lock_epoch, status, started_at, instance_id, "trigger")
    VALUES ('e', 'runs', 3, 'running', '2026-01-01T00:00:00.000Z', 'old', 'test');
    PRAGMA user_version = 1`);
  driver.close();
  return path;
};

const schemaOf = (path: string): unknown[] => {
  const driver = new Driver(path);
  const rows = driver.prepare('SELECT name, sql FROM sqlite_master ORDER BY name').raw(true).all();
  driver.close();
  return rows.filter((row) => !String((row as unknown[])[0]).includes('cloud_job_migrations'));
};

test('a file of version 1 is refused with the command to run', async () => {
  const path = versionOne();
  await expect(openSqlite(path)).rejects.toMatchObject({
    code: 'schema_older',
    message: `The tables in ${path} are of version 1, this cloud-jobs needs ${SQLITE_SCHEMA_VERSION}: run \`cloud-jobs init\`.`,
  });
});

test('an upgraded file has the tables of a fresh one, and applies nothing twice', async () => {
  const [upgraded, fresh] = [versionOne(), tempFile()];
  expect(await migrateSqlite(upgraded)).toEqual({
    from: 1,
    to: SQLITE_SCHEMA_VERSION,
    applied: ['0002_types.sql'],
    notes: [],
  });
  await migrateSqlite(fresh);
  expect(schemaOf(upgraded)).toEqual(schemaOf(fresh));
  expect(await migrateSqlite(upgraded)).toMatchObject({
    from: SQLITE_SCHEMA_VERSION,
    applied: [],
  });
});

test('the jobs of an upgraded file go on: one is picked, a running one is recorded', async () => {
  const path = versionOne();
  await migrateSqlite(path);
  const store = await openSqlite(path);
  const waiting = await pickOne(store);
  expect(waiting.job).toMatchObject({ job_id: 'waits', config: { deep: [1] } });
  const running = { ...waiting, fence: { job_id: 'runs', execution_id: 'e', lock_epoch: 3 } };
  const records = [running, waiting].map((pick) => succeeded(pick, { stretch_seconds: 9 }));
  expect((await store.recordExecutions(records)).verdicts).toEqual(['recorded', 'recorded']);
  expect(await detailOf(store, 'runs')).toMatchObject({ executions: [{ status: 'success' }] });
  const fits = { seconds: 1, share: 1 };
  expect(await store.claimJobs(claimRequest({ fits }))).toMatchObject({ picks: [] });
  await store.close();
});
