// Installations of schema version 4, which knew nothing of how long types take, become what a fresh
// one is: rows stay, what runs goes on, and callers of that version are told.
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import type { Pick } from '../../src/core/job.ts';
import type { Store } from '../../src/core/store.ts';
import { migratePostgres } from '../../src/stores/postgres/migrate.ts';
import { openPostgres } from '../../src/stores/postgres.ts';
import type { Migrated } from '../../src/stores/sql_files.ts';
import { claimRequest, newJob, retried, succeeded } from '../support/jobs.ts';
import { describePostgres, newProject } from '../support/postgres.ts';
import { query } from '../support/servers/postgres.ts';
import { createJob, dump, pickOne } from '../support/store.ts';
import { dumpCatalog } from './catalog.ts';
import { takeBackTypes } from './take_back.ts';

describePostgres('an upgrade of version 4', () => {
  let url: string;
  let store: Store;
  let running: Pick;
  let migrated: Migrated;
  let refused: unknown[];
  let before: unknown;
  let after: unknown;

  beforeAll(async () => {
    ({ url } = await newProject('open'));
    await migratePostgres(url);
    store = await openPostgres(url);
    const done = await createJob(store);
    await store.recordExecutions([succeeded(await pickOne(store), { result: { papers: 2 } })]);
    const again = await createJob(store);
    await store.recordExecutions([retried(await pickOne(store), 3600)]);
    const waits = newJob({ depends_on: [again], priority: 10 });
    await store.createJobs([waits, newJob({ job_id: 'runs' })]);
    running = await pickOne(store);
    const step = { name: 'one', step_order: 1 };
    await store.saveStep(running.fence, { ...step, status: 'success', output: [1] });
    const ids = [done, again, waits.job_id, 'runs'];
    before = await dump(store, ids);

    await query(url, ...takeBackTypes);
    const fits = { seconds: 1, share: 1 };
    refused = [
      await store.claimJobs(claimRequest({ fits })).catch((error: unknown) => error),
      await store.inspect().catch((error: unknown) => error),
    ];
    migrated = await migratePostgres(url);
    after = await dump(store, ids);
  });
  afterAll(() => store?.close());

  test('was needed: this version refuses those tables, and names the command', () => {
    const message = expect.stringContaining('`cloud-jobs init`');
    expect(refused).toMatchObject([
      { name: 'SchemaError', message },
      { code: 'schema_older', message },
    ]);
  });

  test('applies what is new, once, and nothing else', async () => {
    const applied = ['0005_types.sql', '0006_schedules.sql', '0007_reading.sql'];
    expect(migrated).toEqual({ from: 4, to: 7, applied, notes: [] });
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

  test('refuses callers of version 4 and tells them which one they met', async () => {
    const asked = `schema_version => 4, instance_id => 'old', job_types => '{demo}',
      execution_ids => '{e}', lock_seconds => 60, "trigger" => 'test'`;
    for (const call of [
      `claim_jobs(${asked})`,
      `preview_claim(${asked})`,
      `record_executions(${asked}, records => '[]')`,
    ]) {
      await expect(query(url, `SELECT ${call}`)).rejects.toMatchObject({
        code: 'CJ001',
        detail: '7',
      });
    }
    const open = await query(url, "SELECT FROM cloud_job_executions WHERE instance_id = 'old'");
    expect(open).toEqual([]);
  });

  test('lets what was picked before it be recorded, and learns from that', async () => {
    const record = succeeded(running, { stretch_seconds: 9 });
    expect((await store.recordExecutions([record])).verdicts).toEqual(['recorded']);
    expect(await query(url, 'SELECT job_type, stretches FROM cloud_job_types')).toEqual([
      { job_type: 'demo', stretches: [9] },
    ]);
    const fits = { seconds: 1, share: 1 };
    expect(await store.claimJobs(claimRequest({ fits }))).toMatchObject({ picks: [] });
  });
});
