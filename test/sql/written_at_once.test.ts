// One statement of a person that updates many rows: each comes out as if it had been updated alone,
// after all the others, and a statement with a row that is refused changes none.
import { afterAll, beforeAll, beforeEach, expect, test } from '@jest/globals';
import type { Store } from '../../src/core/store.ts';
import { migratePostgres } from '../../src/stores/postgres/migrate.ts';
import { openPostgres } from '../../src/stores/postgres.ts';
import { claimRequest, newJob } from '../support/jobs.ts';
import { describePostgres, newDatabase } from '../support/postgres.ts';
import { query } from '../support/servers/postgres.ts';
import { createJob, eventsOf, jobOf, pickOne, statusOf } from '../support/store.ts';

const OF_CUSTOM = { job_types: ['custom'] };

describePostgres('many rows that are written at once', () => {
  let url: string;
  let store: Store;
  beforeAll(async () => {
    ({ url } = await newDatabase());
    await migratePostgres(url);
    store = await openPostgres(url);
  });
  afterAll(() => store?.close());
  beforeEach(() => query(url, 'DELETE FROM cloud_jobs'));

  const custom = { job_type: 'custom' };
  const update = (set: string, where = 'true') =>
    query(url, `UPDATE cloud_jobs SET ${set} WHERE ${where}`);
  const statuses = (ids: string[]) => Promise.all(ids.map((id) => statusOf(store, id)));
  const historyOf = async (jobId: string) =>
    (await eventsOf(store, jobId)).map(({ data }) => (data as { status: string }).status);
  /** The second depends on the first, the third on both; all are made, and lie, in this order. */
  const chain = async () => {
    const first = await createJob(store, custom);
    const second = await createJob(store, { ...custom, depends_on: [first] });
    return [first, second, await createJob(store, { ...custom, depends_on: [first, second] })];
  };

  test('are disabled and enabled again: those that depend on others wait for them', async () => {
    const ids = await chain();
    await update("status = 'disabled'");
    expect(await statuses(ids)).toEqual(['disabled', 'disabled', 'disabled']);
    await update("status = 'waiting'");
    expect(await statuses(ids)).toEqual(['waiting', 'blocked', 'blocked']);
    expect(await historyOf(ids[1]!)).toEqual(['blocked', 'disabled', 'blocked']);
  });

  test('run again all together: none before the one that it depends on', async () => {
    const ids = await chain();
    await update("status = 'success'");
    expect(await statuses(ids)).toEqual(['success', 'success', 'success']);
    await update("status = 'waiting'");
    expect(await statuses(ids)).toEqual(['waiting', 'blocked', 'blocked']);
  });

  test('do not take back that one of them freed another', async () => {
    const [first, second, third] = await chain();
    await update(
      `status = CASE job_id WHEN '${first}' THEN 'success' ELSE status END, locked_by = 'x'`,
    );
    expect(await statuses([first!, second!, third!])).toEqual(['success', 'waiting', 'blocked']);
    expect(await jobOf(store, second!)).toMatchObject({ locked_by: null, finished_at: null });
    expect(await historyOf(second!)).toEqual(['blocked', 'waiting']);
    expect((await pickOne(store, claimRequest(OF_CUSTOM))).fence.job_id).toBe(second);
  });

  test('free a job that depends on several of them, once', async () => {
    const needed = [await createJob(store, custom), await createJob(store, custom)];
    const jobId = await createJob(store, { ...custom, depends_on: needed });
    await update("status = 'success'", `job_id <> '${jobId}'`);
    expect(await statusOf(store, jobId)).toBe('waiting');
    expect(await historyOf(jobId)).toEqual(['blocked', 'waiting']);
  });

  test('are picked all or none', async () => {
    await store.createJobs([newJob(custom), newJob(custom)]);
    const held = await pickOne(store, claimRequest(OF_CUSTOM));
    const rows = 'SELECT * FROM cloud_jobs ORDER BY seq';
    const before = await query(url, rows);
    await expect(update("status = 'locked', locked_by = 'me'")).rejects.toMatchObject({
      code: 'CJ006',
      message: `job ${held.fence.job_id} cannot be locked: it is neither waiting and due, nor has its lock expired`,
    });
    expect(await query(url, rows)).toEqual(before);
    await update("status = 'locked', locked_by = 'me'", "status = 'waiting'");
    const locks = await query(url, 'SELECT locked_by, lock_epoch FROM cloud_jobs ORDER BY seq');
    expect(locks).toEqual([
      { locked_by: held.job.locked_by, lock_epoch: '1' },
      { locked_by: 'me', lock_epoch: '1' },
    ]);
  });

  test('of executions that have ended keep how they ended', async () => {
    await createJob(store, custom);
    const { fence } = await pickOne(store, claimRequest(OF_CUSTOM));
    const end = (status: string) =>
      query(url, `UPDATE cloud_job_executions SET status = '${status}', finished_at = NULL`);
    const ended = 'SELECT status, finished_at IS NULL AS open FROM cloud_job_executions';
    await end('failed');
    await expect(end('success')).rejects.toMatchObject({
      code: 'CJ006',
      message: `execution ${fence.execution_id} has ended as "failed" already`,
    });
    await expect(end('done')).rejects.toMatchObject({ code: '23514' });
    expect(await query(url, ended)).toEqual([{ status: 'failed', open: false }]);
    await end('failed');
    expect(await query(url, ended)).toEqual([{ status: 'failed', open: false }]);
  });
});
