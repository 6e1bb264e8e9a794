// Installations of schema version 6, which knew no timelines and read no list on, become what a fresh
// one is: rows stay, what runs goes on, and callers of that version are told.
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import type { Pick } from '../../src/core/job.ts';
import type { Store } from '../../src/core/store.ts';
import { migratePostgres } from '../../src/stores/postgres/migrate.ts';
import { openPostgres } from '../../src/stores/postgres.ts';
import type { Migrated } from '../../src/stores/sql_files.ts';
import { newJob, succeeded } from '../support/jobs.ts';
import { describePostgres, newProject } from '../support/postgres.ts';
import { dumpSchedules, plannedSchedule } from '../support/schedules.ts';
import { query } from '../support/servers/postgres.ts';
import { createJob, dump, pickOne } from '../support/store.ts';
import { dumpCatalog } from './catalog.ts';
import { takeBackReading } from './take_back.ts';

describePostgres('an upgrade of version 6', () => {
  let url: string;
  let store: Store;
  let running: Pick;
  let migrated: Migrated;
  let refused: unknown[];
  let before: unknown;
  let after: unknown;
  const ids = ['done', 'runs', 'waits'];

  beforeAll(async () => {
    ({ url } = await newProject('open'));
    await migratePostgres(url);
    store = await openPostgres(url);
    const schedule_id = await plannedSchedule(store);
    await createJob(store, { job_id: 'done' });
    await store.recordExecutions([succeeded(await pickOne(store), { result: [1] })]);
    await store.createJobs([newJob({ job_id: 'runs' }), newJob({ job_id: 'waits' })]);
    running = await pickOne(store);
    const dumpAll = async () => [await dump(store, ids), await dumpSchedules(store, [schedule_id])];
    before = await dumpAll();

    await query(url, ...takeBackReading);
    refused = [
      await store.stats().catch((error: unknown) => error),
      await store.listJobs({ before: 'x', limit: 1 }).catch((error: unknown) => error),
      await store.timeline({ bucket_seconds: 60, buckets: 1 }).catch((error: unknown) => error),
    ];
    migrated = await migratePostgres(url);
    after = await dumpAll();
  });
  afterAll(() => store?.close());

  test('was needed: this version refuses those tables, and names the command', () => {
    const message = expect.stringContaining('`cloud-jobs init`');
    const sentence = { name: 'SchemaError', message };
    expect(refused).toMatchObject([sentence, sentence, sentence]);
  });

  test('applies what is new, once, and nothing else', async () => {
    expect(migrated).toEqual({ from: 6, to: 7, applied: ['0007_reading.sql'], notes: [] });
    expect(await migratePostgres(url)).toMatchObject({ from: 7, applied: [] });
  });

  test('comes out as a fresh schema, without what it was called with before', async () => {
    const fresh = await newProject('open');
    await migratePostgres(fresh.url);
    expect(await dumpCatalog(url)).toEqual(await dumpCatalog(fresh.url));
  });

  test('leaves every job and every schedule with all its rows as it was', () => {
    expect(after).toEqual(before);
  });

  test('refuses callers of version 6 and tells them which one they met', async () => {
    for (const call of [
      'list_jobs(6, 10)',
      "list_jobs(6, 10, 'waiting', 'demo')",
      'job_stats(6)',
    ]) {
      await expect(query(url, `SELECT ${call}`)).rejects.toMatchObject({
        code: 'CJ001',
        detail: '7',
      });
    }
  });

  test('lets what was picked before it be recorded, and tells of it in both new ways', async () => {
    expect((await store.recordExecutions([succeeded(running)])).verdicts).toEqual(['recorded']);
    const listed = await store.listJobs({ before: 'waits', limit: 10 });
    expect(listed.map(({ job_id }) => job_id)).toEqual(['runs', 'done']);
    const { executions } = await store.timeline({ bucket_seconds: 86_400, buckets: 2 });
    expect(executions.reduce((sum, { count }) => sum + count, 0)).toBe(2);
  });
});
