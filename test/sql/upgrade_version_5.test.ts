// Installations of schema version 5, which knew nothing of schedules, become what a fresh one is: rows
// stay, what runs goes on, what was learned is kept, and callers of that version are told.
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import type { Pick } from '../../src/core/job.ts';
import type { Store } from '../../src/core/store.ts';
import { migratePostgres } from '../../src/stores/postgres/migrate.ts';
import { openPostgres } from '../../src/stores/postgres.ts';
import type { Migrated } from '../../src/stores/sql_files.ts';
import { claimRequest, newJob, succeeded } from '../support/jobs.ts';
import { describePostgres, newProject } from '../support/postgres.ts';
import { plannedSchedule, scheduleOf } from '../support/schedules.ts';
import { query } from '../support/servers/postgres.ts';
import { createJob, dump, pickOne } from '../support/store.ts';
import { dumpCatalog } from './catalog.ts';
import { takeBackSchedules } from './take_back.ts';

describePostgres('an upgrade of version 5', () => {
  let url: string;
  let store: Store;
  let running: Pick;
  let migrated: Migrated;
  let refused: unknown;
  let before: unknown;
  let after: unknown;

  beforeAll(async () => {
    ({ url } = await newProject('open'));
    await migratePostgres(url);
    store = await openPostgres(url);
    const done = await createJob(store);
    const record = succeeded(await pickOne(store), { result: [1], stretch_seconds: 9 });
    await store.recordExecutions([record]);
    const waits = newJob({ job_type: 'other', unique_key: 'k' });
    await store.createJobs([waits, newJob({ job_id: 'runs' })]);
    running = await pickOne(store);
    const ids = [done, waits.job_id, 'runs'];
    before = await dump(store, ids);

    await query(url, ...takeBackSchedules);
    refused = await store.claimJobs(claimRequest()).catch((error: unknown) => error);
    migrated = await migratePostgres(url);
    after = await dump(store, ids);
  });
  afterAll(() => store?.close());

  test('was needed: this version refuses those tables, and names the command', () => {
    const message = expect.stringContaining('`cloud-jobs init`');
    expect(refused).toMatchObject({ name: 'SchemaError', message });
  });

  test('applies what is new, once, and nothing else', async () => {
    const applied = ['0006_schedules.sql', '0007_reading.sql'];
    expect(migrated).toEqual({ from: 5, to: 7, applied, notes: [] });
    expect(await migratePostgres(url)).toMatchObject({ from: 7, applied: [] });
  });

  test('comes out as a fresh schema, without what it was called with before', async () => {
    const fresh = await newProject('open');
    await migratePostgres(fresh.url);
    expect(await dumpCatalog(url)).toEqual(await dumpCatalog(fresh.url));
  });

  test('leaves every job with all its rows as it was', () => {
    expect(after).toEqual(before);
  });

  test('refuses callers of version 5 and tells them which one they met', async () => {
    const asked = `schema_version => 5, instance_id => 'old', job_types => '{demo}',
      execution_ids => '{e}', lock_seconds => 60, "trigger" => 'test'`;
    for (const call of [`claim_jobs(${asked})`, `record_executions(${asked}, records => '[]')`]) {
      await expect(query(url, `SELECT ${call}`)).rejects.toMatchObject({
        code: 'CJ001',
        detail: '7',
      });
    }
  });

  test('keeps what was learned of types, and learns how long they take from then on', async () => {
    const known = 'SELECT job_type, stretches, durations FROM cloud_job_types';
    expect(await query(url, known)).toEqual([{ job_type: 'demo', stretches: [9], durations: [] }]);
    const record = succeeded(running, { stretch_seconds: 8 });
    expect((await store.recordExecutions([record])).verdicts).toEqual(['recorded']);
    expect(await query(url, known)).toEqual([
      { job_type: 'demo', stretches: [9, 8], durations: [expect.any(Number)] },
    ]);
  });

  test('takes schedules, also from the functions of the earlier set-up', async () => {
    const id = await plannedSchedule(store, { job_type: 'custom' });
    await query(url, "UPDATE cloud_job_slots SET slot_at = slot_at - interval '2 hours'");
    const picked = await query(url, "SELECT name, job_type FROM get_next_available_job('old')");
    const { schedule, slots } = await scheduleOf(store, id);
    expect(picked).toEqual([{ name: schedule.name, job_type: 'custom' }]);
    expect(slots[0]).toMatchObject({ status: 'fired', job_status: 'locked' });
  });
});
