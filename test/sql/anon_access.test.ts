// The opt-in for the anon key: closed before it, open after it, kept by `init`, and closed again.

import { readFileSync } from 'node:fs';
import { afterEach, beforeAll, expect, test } from '@jest/globals';
import type { Store } from '../../src/core/store.ts';
import { migratePostgres } from '../../src/stores/postgres/migrate.ts';
import { openSupabase } from '../../src/stores/supabase.ts';
import { claimRequest, newJob, succeeded } from '../support/jobs.ts';
import { aScheduleWrite, save } from '../support/schedules.ts';
import { query } from '../support/servers/postgres.ts';
import { detailOf, pickOne } from '../support/store.ts';
import { describeSupabase, type Project, startProject } from '../support/supabase.ts';
import { dumpCatalog } from './catalog.ts';
import { earlierSetup } from './earlier_setup.ts';
import { earlierManager, earlierWorker } from './earlier_worker.ts';
import { functionsOf } from './objects.ts';

const OPT_IN = readFileSync(new URL('../../sql/optional/anon_access.sql', import.meta.url), 'utf8');
/** As its own header says. */
const CLOSE = /^--\s+(DROP POLICY .*;)$/m.exec(OPT_IN)?.[1] ?? '';
const STILL_OPEN = 'Still open, as chosen: anon and authenticated (sql/optional/anon_access.sql).';

const upgraded = {
  name: 'upgraded',
  fill: async (url: string) => {
    await query(url, earlierSetup());
    await migratePostgres(url);
  },
};

describeSupabase('the anon key', () => {
  let project: Project;
  let url: string;
  const stores: Store[] = [];
  beforeAll(async () => {
    project = await startProject(upgraded, 'open');
    url = project.database.url;
  });
  afterEach(async () => {
    for (const store of stores.splice(0)) await store.close();
  });

  const open = async (key: string) => {
    const store = await openSupabase(project.url, key);
    stores.push(store);
    return store;
  };
  const request = () => claimRequest({ job_types: ['custom'] });
  /** A job's whole way, as an instance and as a worker and manager of the earlier set-up go it. */
  const goesThrough = async (key: string) => {
    const store = await open(key);
    const [needed, job] = [newJob({ job_type: 'custom' }), newJob({ job_type: 'custom' })];
    await store.createJobs([needed, { ...job, depends_on: [needed.job_id] }]);
    const pick = await pickOne(store, request());
    const step = { name: 'one', step_order: 1, status: 'success', output: null } as const;
    expect(await store.saveStep(pick.fence, step)).toMatchObject({ held: true });
    expect(await store.saveProgress(pick.fence, { percent: 5, message: null })).toMatchObject({
      held: true,
    });
    const { claim } = await store.recordExecutions([succeeded(pick)], request());
    expect(claim?.picks).toMatchObject([{ fence: { job_id: job.job_id } }]);
    expect(await store.deleteJob(needed.job_id)).toMatchObject({ moved: true });
    expect(await store.takeTurn('key', 0)).toMatchObject({ taken: true });
    expect((await store.stats()).jobs.locked).toBe(1);

    const due = aScheduleWrite({ job_type: 'other' });
    const [schedule] = await save(store, [due]);
    const minute = { slot_at: new Date('2026-01-01T00:00:00Z'), late_after: null };
    const plan = { slots: [minute], gone: [], planned_until: null, plan_at: null };
    const { schedule_id } = due;
    expect(await store.planSchedules([{ schedule_id, revision: 1, ...plan }])).toBe(1);
    const fired = await store.claimJobs(request());
    expect(fired.slots).toMatchObject([{ name: schedule?.name, status: 'fired' }]);
    await store.alertTold('type:other', new Date(0));
    expect(await store.moveSchedule(schedule_id, 'delete')).toMatchObject({ moved: true });

    const id = await earlierManager(project.url, key).create();
    const worker = earlierWorker(project.url, key, 'old');
    const old = await worker.pick();
    expect(old?.job_id).toBe(id);
    expect(await worker.end(old!, { status: 'success' })).toEqual([1, 1]);
    expect(await detailOf(store, id)).toMatchObject({
      job: { status: 'success' },
      executions: [{ execution_id: old?.execution_id, status: 'success' }],
    });
    const used = ['cloud_jobs', 'cloud_job_throttles', 'cloud_job_slots', 'cloud_job_schedules'];
    await query(url, ...used.map((table) => `DELETE FROM ${table}`));
  };
  const isShutOut = async (key: string) => {
    const store = await open(key);
    await expect(store.listJobs({ limit: 1 })).rejects.toMatchObject({ code: 'store_refused' });
    const manager = earlierManager(project.url, key);
    await expect(manager.create()).rejects.toMatchObject({ code: '42501' });
    await expect(earlierWorker(project.url, key, 'old').pick()).rejects.toMatchObject({
      code: '42501',
    });
  };

  test('had access to the earlier set-up, and init says what it kept and closed', async () => {
    const other = await startProject(
      { name: 'earlier', fill: (it) => query(it, earlierSetup()) },
      'open',
    );
    await earlierManager(other.url, other.anon_key).create();
    expect(await earlierWorker(other.url, other.anon_key, 'old').pick()).not.toBeNull();
    const { notes } = await migratePostgres(other.database.url);
    expect(notes).toEqual([
      'Kept 1 job and 1 execution of the earlier set-up.',
      ...['cloud_job_executions', 'cloud_jobs'].map(
        (table) =>
          `Closed: policy "Allow anonymous access on ${table}" on ${table} for anon, authenticated. Only service_role and the owner have access now; sql/optional/anon_access.sql is the way back.`,
      ),
    ]);
  });

  test('is shut out by init; the key of service_role is not', async () => {
    await isShutOut(project.anon_key);
    await isShutOut(project.publishable_key);
    await goesThrough(project.service_role_key);
    await goesThrough(project.secret_key);
  });

  test('does all that a job needs once it was let in, however often', async () => {
    await query(url, OPT_IN);
    const once = await dumpCatalog(url);
    await query(url, OPT_IN);
    expect(await dumpCatalog(url)).toEqual(once);
    await goesThrough(project.anon_key);
    await goesThrough(project.service_role_key);
  });

  test('keeps its access through init, which says so, also to what is new', async () => {
    const before = await dumpCatalog(url);
    await query(url, 'DROP FUNCTION job_stats(integer)', 'DROP VIEW job_statistics');
    expect((await migratePostgres(url)).notes).toEqual([STILL_OPEN]);
    expect(await dumpCatalog(url)).toEqual(before);
    await goesThrough(project.anon_key);
  });

  test('is granted no more than the opt-in says: neither ledger nor functions of triggers', async () => {
    const ledger = await query(
      url,
      "SELECT has_table_privilege('anon', 'cloud_job_migrations', 'SELECT') AS may",
    );
    expect(ledger).toEqual([{ may: false }]);
    const granted = await query<{ signature: string }>(
      url,
      `SELECT p.oid::regprocedure::text AS signature FROM pg_proc p
       WHERE p.pronamespace = 'public'::regnamespace
         AND has_function_privilege('anon', p.oid, 'EXECUTE') ORDER BY 1`,
    );
    const callable = (await functionsOf(url)).filter(({ is_trigger }) => !is_trigger);
    expect(granted.map(({ signature }) => signature)).toEqual(
      callable.map(({ signature }) => signature),
    );
    const everybody = await query(
      url,
      `SELECT FROM pg_proc p CROSS JOIN LATERAL aclexplode(p.proacl) x
       WHERE p.pronamespace = 'public'::regnamespace AND x.grantee = 0`,
    );
    expect(everybody).toEqual([]);
  });

  test('is shut out again by what the file says and init', async () => {
    const fresh = await startProject(upgraded, 'open');
    await query(url, CLOSE);
    const { notes } = await migratePostgres(url);
    expect(notes.length).toBeGreaterThan(0);
    for (const note of notes) expect(note).toMatch(/^Closed: policy "cloud_jobs_anon_access" on /);
    expect(await dumpCatalog(url)).toEqual(await dumpCatalog(fresh.database.url));
    await isShutOut(project.anon_key);
    await goesThrough(project.service_role_key);
  });
});
