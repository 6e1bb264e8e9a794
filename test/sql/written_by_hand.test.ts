// What older managers and people at a table editor write by themselves: rows come out whole, and what
// nobody could read is refused.
import { afterAll, beforeAll, beforeEach, expect, test } from '@jest/globals';
import type { Store } from '../../src/core/store.ts';
import { migratePostgres } from '../../src/stores/postgres/migrate.ts';
import { openSupabase } from '../../src/stores/supabase.ts';
import { claimRequest, succeeded } from '../support/jobs.ts';
import { query } from '../support/servers/postgres.ts';
import { createJob, detailOf, eventsOf, jobOf, pickOne, statusOf } from '../support/store.ts';
import { describeSupabase, type Project, startProject } from '../support/supabase.ts';
import { earlierSetup } from './earlier_setup.ts';
import { earlierManager } from './earlier_worker.ts';

const upgraded = {
  name: 'upgraded',
  fill: async (url: string) => {
    await query(url, earlierSetup());
    await migratePostgres(url);
  },
};

describeSupabase('a job that is written by hand', () => {
  let project: Project;
  let store: Store;
  let manager: ReturnType<typeof earlierManager>;

  beforeAll(async () => {
    project = await startProject(upgraded, 'open');
    store = await openSupabase(project.url, project.service_role_key);
    manager = earlierManager(project.url, project.service_role_key);
  });
  afterAll(() => store?.close());
  beforeEach(() => query(project.database.url, 'DELETE FROM cloud_jobs'));

  const custom = { job_type: 'custom' };
  const request = () => claimRequest({ job_types: ['custom'] });
  const step = { name: 'one', step_order: 1, status: 'success', output: null } as const;
  const rowsOf = async (jobId: string) => {
    const tables = ['executions', 'steps', 'events', 'dependencies'].map(
      (it) => `(SELECT count(*)::int FROM cloud_job_${it} WHERE job_id = '${jobId}') AS ${it}`,
    );
    return (await query<Record<string, number>>(project.database.url, `SELECT ${tables}`))[0];
  };

  test('is picked and ended like any other', async () => {
    const jobId = await manager.create({ config: { a: 1 } });
    const pick = await pickOne(store, request());
    expect(pick.job).toMatchObject({ job_id: jobId, config: { a: 1 }, priority: 0, lock_epoch: 1 });
    await store.recordExecutions([succeeded(pick)]);
    const events = (await eventsOf(store, jobId)).map(({ data }) => data);
    expect(events).toMatchObject([
      { status: 'waiting' },
      { status: 'locked' },
      { status: 'success' },
    ]);
  });

  test('is not picked while it is disabled, and is once it is waiting again', async () => {
    const jobId = await manager.create();
    await manager.set(jobId, { status: 'disabled' });
    expect((await store.claimJobs(request())).picks).toEqual([]);
    await manager.set(jobId, { status: 'waiting' });
    expect((await pickOne(store, request())).fence.job_id).toBe(jobId);
    expect((await eventsOf(store, jobId)).map(({ data }) => data)).toMatchObject([
      { status: 'waiting' },
      { status: 'disabled', by: 'a direct update' },
      { status: 'waiting', by: 'a direct update' },
      { status: 'locked' },
    ]);
  });

  test('runs again when it is set to waiting after its end', async () => {
    const jobId = await manager.create();
    const first = await pickOne(store, request());
    await store.recordExecutions([succeeded(first)]);
    await manager.set(jobId, { status: 'waiting', current_retries: 0 });
    expect(await jobOf(store, jobId)).toMatchObject({ status: 'waiting', finished_at: null });
    const again = await pickOne(store, request());
    expect(again.fence).toMatchObject({ job_id: jobId, lock_epoch: 2 });
    await store.recordExecutions([succeeded(again)]);
    expect((await detailOf(store, jobId)).executions).toHaveLength(2);
  });

  test.each(['waiting', 'disabled'] as const)(
    'is taken from its instance by `%s`: that instance has lost it',
    async (status) => {
      const jobId = await manager.create();
      const pick = await pickOne(store, request());
      await manager.set(jobId, { status });
      expect(await store.heartbeat(pick.fence, 60, [])).toEqual({ held: false });
      expect((await store.recordExecutions([succeeded(pick)])).verdicts).toEqual(['lost']);
      const { job, executions } = await detailOf(store, jobId);
      expect(job).toMatchObject({ status, locked_by: null, lock_expires_at: null });
      expect(executions).toMatchObject([{ status: 'lost' }]);
      expect(executions[0]?.finished_at).not.toBeNull();
    },
  );

  test('stays blocked when it is set to waiting before what it waits for is done', async () => {
    const needed = await createJob(store, { job_type: 'other' });
    const jobId = await createJob(store, { ...custom, depends_on: [needed] });
    await manager.set(jobId, { status: 'disabled' });
    await manager.set(jobId, { status: 'waiting' });
    expect(await statusOf(store, jobId)).toBe('blocked');
    await manager.set(needed, { status: 'success' });
    expect(await statusOf(store, jobId)).toBe('waiting');
  });

  test('takes all that belongs to it along when it is deleted, even while it runs', async () => {
    const needed = await createJob(store, custom);
    const pick = await pickOne(store, request());
    await store.saveStep(pick.fence, step);
    await store.recordExecutions([succeeded(pick)]);
    const jobId = await createJob(store, { ...custom, depends_on: [needed] });
    const running = await pickOne(store, request());
    await store.saveStep(running.fence, step);
    expect(Object.values((await rowsOf(jobId)) ?? {})).not.toContain(0);
    await manager.remove(needed);
    expect(await rowsOf(jobId)).toMatchObject({ dependencies: 0, executions: 1 });
    await manager.remove(jobId);
    for (const id of [needed, jobId]) {
      expect(await rowsOf(id)).toEqual({ executions: 0, steps: 0, events: 0, dependencies: 0 });
    }
    expect((await store.recordExecutions([succeeded(running)])).verdicts).toEqual(['lost']);
  });

  test('is not deleted while another one waits for it, unless both go', async () => {
    const needed = await createJob(store, custom);
    const jobId = await createJob(store, { ...custom, depends_on: [needed] });
    await expect(manager.remove(needed)).rejects.toMatchObject({
      code: '23503',
      message: `job ${needed} cannot be deleted: job ${jobId} depends on it`,
    });
    expect(await statusOf(store, needed)).toBe('waiting');
    await query(project.database.url, 'DELETE FROM cloud_jobs');
    expect(await store.listJobs({ limit: 10 })).toEqual([]);
    expect(await query(project.database.url, 'SELECT FROM cloud_job_dependencies')).toEqual([]);
  });

  test.each([
    { status: 'done' },
    { max_retries: -1 },
    { current_retries: -1 },
    { retry_backoff: 'linear' },
    { retry_delay_seconds: -1 },
    { timeout_seconds: 0 },
  ])('is refused as %j, at its creation and later', async (wrong) => {
    const [column] = Object.keys(wrong);
    const refused = {
      code: '23514',
      message: expect.stringContaining(
        `${column} cannot be ${JSON.stringify(Object.values(wrong)[0])}`,
      ),
    };
    await expect(manager.create(wrong)).rejects.toMatchObject(refused);
    const jobId = await manager.create();
    await expect(manager.set(jobId, wrong)).rejects.toMatchObject(refused);
    expect(await jobOf(store, jobId)).toMatchObject({ status: 'waiting', max_retries: 3 });
  });

  test('has a whole lock and a whole end, or none', async () => {
    const [done, locked, free] = [
      await manager.create({ status: 'success' }),
      await manager.create({ status: 'locked' }),
      await manager.create({ locked_by: 'nobody', lock_expires_at: new Date().toISOString() }),
    ];
    await manager.set(free, { locked_by: 'nobody' });
    expect((await jobOf(store, done)).finished_at).not.toBeNull();
    expect(await jobOf(store, free)).toMatchObject({ locked_by: null, lock_expires_at: null });
    const lock = await jobOf(store, locked);
    expect([lock.locked_at, lock.locked_by, lock.lock_expires_at]).not.toContain(null);
  });
});
