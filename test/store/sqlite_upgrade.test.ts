// A SQLite file of an earlier version: refused with a sentence, upgraded with its rows by `init`.
import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, test } from '@jest/globals';
import Driver from 'libsql';
import type { ExecutionRecord } from '../../src/core/store.ts';
import { migrateSqlite, SQLITE_SCHEMA_VERSION } from '../../src/stores/sqlite/migrate.ts';
import { openSqlite } from '../../src/stores/sqlite/open.ts';
import { claimRequest, newJob, succeeded } from '../support/jobs.ts';
import { plannedSchedule, restore } from '../support/schedules.ts';
import { detailOf, pickOne } from '../support/store.ts';
import { tempFile } from '../support/temp.ts';

const folder = 'sql/sqlite/migrations';
const files = readdirSync(folder).sort();

/** As `init` of that version left it, with a job that waits and one that runs. */
const fileOf = (version: number): string => {
  const path = tempFile();
  const driver = new Driver(path);
  driver.exec('PRAGMA journal_mode = WAL');
  driver.exec(`
    CREATE TABLE cloud_job_migrations (
      version INTEGER PRIMARY KEY, name TEXT NOT NULL, checksum TEXT NOT NULL, applied_at TEXT NOT NULL
    ) STRICT`);
  for (const [index, name] of files.slice(0, version).entries()) {
    driver.exec(readFileSync(`${folder}/${name}`, 'utf8'));
    driver.exec(`INSERT INTO cloud_job_migrations
      VALUES (${index + 1}, '${name}', 'x', '2026-01-01T00:00:00.000Z')`);
  }
  driver.exec(`
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
    PRAGMA user_version = ${version}`);
  driver.close();
  return path;
};

const schemaOf = (path: string): unknown[] => {
  const driver = new Driver(path);
  const rows = driver.prepare('SELECT name, sql FROM sqlite_master ORDER BY name').raw(true).all();
  driver.close();
  return rows.filter((row) => !String((row as unknown[])[0]).includes('cloud_job_migrations'));
};

describe.each([1, 2, 3])('a file of version %i', (version) => {
  test('is refused with the command to run', async () => {
    const path = fileOf(version);
    await expect(openSqlite(path)).rejects.toMatchObject({
      code: 'schema_older',
      message: `The tables in ${path} are of version ${version}, this cloud-jobs needs ${SQLITE_SCHEMA_VERSION}: run \`cloud-jobs init\`.`,
    });
  });

  test('has the tables of a fresh one when it is upgraded, and applies nothing twice', async () => {
    const [upgraded, fresh] = [fileOf(version), tempFile()];
    expect(await migrateSqlite(upgraded)).toEqual({
      from: version,
      to: SQLITE_SCHEMA_VERSION,
      applied: files.slice(version),
      notes: [],
    });
    await migrateSqlite(fresh);
    expect(schemaOf(upgraded)).toEqual(schemaOf(fresh));
    expect(await migrateSqlite(upgraded)).toMatchObject({
      from: SQLITE_SCHEMA_VERSION,
      applied: [],
    });
  });

  test('goes on with its jobs: one is picked, a running one is recorded', async () => {
    const path = fileOf(version);
    await migrateSqlite(path);
    const store = await openSqlite(path);
    const waiting = await pickOne(store);
    expect(waiting.job).toMatchObject({ job_id: 'waits', config: { deep: [1] } });
    const running = { ...waiting, fence: { job_id: 'runs', execution_id: 'e', lock_epoch: 3 } };
    const records = [running, waiting].map((pick) => succeeded(pick, { stretch_seconds: 9 }));
    expect((await store.recordExecutions(records)).verdicts).toEqual(['recorded', 'recorded']);
    expect(await detailOf(store, 'runs')).toMatchObject({
      executions: [{ status: 'success' }],
      schedule: null,
    });
    const fits = { seconds: 1, share: 1 };
    expect(await store.claimJobs(claimRequest({ fits }))).toMatchObject({ picks: [] });
    await store.close();
  });
});

/** What an execution of three seconds gives reason to tell of, after `before` of a second each. */
const toldAfter = async (path: string, before: number): Promise<string[]> => {
  let now = Date.UTC(2031, 0, 1);
  const store = await openSqlite(path, { now: () => new Date(now) });
  const record = async (seconds: number, overrides: Partial<ExecutionRecord>) => {
    await store.createJobs([newJob({ job_type: 'timed' })]);
    const pick = await pickOne(store, { job_types: ['timed'] });
    now += seconds * 1000;
    return store.recordExecutions([succeeded(pick, overrides)]);
  };
  for (let done = 0; done < before; done += 1) await record(1, { stretch_seconds: 1 });
  const { alerts } = await record(3, { alert: { after: 1, slow_times: 2 } });
  await store.close();
  return alerts.map(({ kind }) => kind);
};

test('what version 2 knew of a type is kept, and its durations are learned from then on', async () => {
  const path = fileOf(2);
  const driver = new Driver(path);
  driver.exec(`INSERT INTO cloud_job_types VALUES
    ('timed', '[50, 50, 50]', '2031-01-01T00:00:00.000Z')`);
  driver.close();
  await migrateSqlite(path);
  expect(await toldAfter(path, 2)).toEqual([]);
  expect(await toldAfter(path, 1)).toEqual(['slow']);
  const store = await openSqlite(path, { now: () => new Date(Date.UTC(2031, 0, 1)) });
  await store.createJobs([newJob({ job_type: 'timed' })]);
  const request = { job_types: ['timed'], fits: { seconds: 40, share: 1 } };
  expect(await store.claimJobs(claimRequest(request))).toMatchObject({
    picks: [],
    too_long: [{ job_type: 'timed', usual_seconds: 50 }],
  });
  await store.close();
});

test('a file that was upgraded keeps schedules like a fresh one', async () => {
  const path = fileOf(2);
  await migrateSqlite(path);
  let now = Date.UTC(2031, 0, 1);
  const store = await openSqlite(path, { now: () => new Date(now) });
  const schedule_id = await plannedSchedule(store);
  now += 61 * 60_000;
  await restore(store);
  const job_id = `${schedule_id}:2031-01-01T01:00Z`;
  expect(await detailOf(store, job_id)).toMatchObject({ schedule: { schedule_id } });
  await store.close();
});
