// Calls stopped at the very moment at which they could miss each other, or wait in a circle.
import { afterEach, beforeAll, beforeEach, expect, test } from '@jest/globals';
import pg from 'pg';
import type { Pick } from '../../src/core/job.ts';
import type { NewJob, Store } from '../../src/core/store.ts';
import { openPostgres } from '../../src/stores/postgres.ts';
import { claimRequest, executionIds, newJob, succeeded } from '../support/jobs.ts';
import { describePostgres, newDatabase } from '../support/postgres.ts';
import { emptyTables, migrated } from '../support/postgres_data.ts';
import type { Database } from '../support/servers/database.ts';
import { query } from '../support/servers/postgres.ts';
import { statusOf } from '../support/store.ts';
import { until } from './scene.ts';

const job = (job_id: string, ...depends_on: string[]): NewJob => newJob({ job_id, depends_on });

describePostgres('two calls at the same moment', () => {
  let database: Database;
  let stores: [Store, Store];
  let blocker: pg.Client;
  beforeAll(async () => {
    database = await newDatabase(migrated);
    await query(
      database.admin_url,
      `ALTER DATABASE ${database.name} SET deadlock_timeout = '20ms'`,
    );
  });
  beforeEach(async () => {
    await query(database.url, emptyTables);
    stores = [await openPostgres(database.url), await openPostgres(database.url)];
    blocker = new pg.Client({ connectionString: database.url });
    await blocker.connect();
    await blocker.query('BEGIN');
  });
  afterEach(async () => {
    await blocker.end();
    for (const store of stores) await store.close();
  });

  const pickAll = async (count: number): Promise<Map<string, Pick>> => {
    const request = claimRequest({ execution_ids: executionIds(count) });
    const { picks } = await stores[0].claimJobs(request);
    expect(picks).toHaveLength(count);
    return new Map(picks.map((pick) => [pick.job.job_id, pick]));
  };
  const record = (store: Store, pick: Pick | undefined) =>
    store.recordExecutions([succeeded(pick as Pick)]);
  const hold = (...jobIds: string[]) =>
    blocker.query('SELECT FROM cloud_jobs WHERE job_id = ANY ($1) FOR UPDATE', [jobIds]);
  /** Until as many calls stand in the server, waiting for somebody. */
  const stand = (calls: number) =>
    until(async () => {
      const asked = `SELECT FROM pg_stat_activity WHERE datname = current_database()
        AND application_name = 'cloud-jobs' AND (wait_event_type = 'Lock' OR wait_event = 'PgSleep')`;
      return (await query(database.admin_url, asked)).length === calls;
    });

  test('a job created while the one it depends on ends is not left blocked', async () => {
    await stores[0].createJobs([job('a')]);
    const picks = await pickAll(1);
    const create = 'SELECT create_jobs(schema_version => cloud_job_schema_version(), jobs => $1)';
    await blocker.query(create, [JSON.stringify([job('x', 'a')])]);
    const recording = record(stores[0], picks.get('a'));
    await stand(1);
    await blocker.query('COMMIT');
    await recording;
    expect(await statusOf(stores[0], 'x')).toBe('waiting');
  });

  test('a job created while the one it depends on has ended, unseen, is not blocked', async () => {
    await stores[0].createJobs([job('a')]);
    const picks = await pickAll(1);
    await hold('a');
    const recording = record(stores[0], picks.get('a'));
    await stand(1);
    const creating = stores[1].createJobs([job('x', 'a')]);
    await stand(2);
    await blocker.query('COMMIT');
    await Promise.all([recording, creating]);
    expect(await statusOf(stores[0], 'x')).toBe('waiting');
  });

  test('the last two of a job’s dependencies end and neither overlooks the other', async () => {
    await stores[0].createJobs([job('a'), job('b'), job('x', 'a', 'b')]);
    const picks = await pickAll(2);
    await hold('x');
    const recording = [record(stores[0], picks.get('a')), record(stores[1], picks.get('b'))];
    await stand(2);
    await blocker.query('COMMIT');
    await Promise.all(recording);
    expect(await statusOf(stores[0], 'x')).toBe('waiting');
  });

  test.each([
    ['created', (store: Store) => store.createJobs([job('y', 'm', 'z')])],
    ['enabled', (store: Store) => store.moveJob('off', 'enable')],
  ])('a job is %s that depends on a job that ends and on one that it unblocks', async (_, call) => {
    const waiting = [job('b', 'z'), job('m', 'z'), job('off', 'm', 'z')];
    await stores[0].createJobs([job('z'), ...waiting]);
    await stores[0].moveJob('off', 'disable');
    const picks = await pickAll(1);
    // The record holds `z` and is on its way to `m`; the other call asks for `m` and then for `z`.
    await hold('b');
    const recording = record(stores[0], picks.get('z'));
    await stand(1);
    const other = call(stores[1]);
    await stand(2);
    await blocker.query('COMMIT');
    expect((await recording).job_statuses).toEqual(['success']);
    await other;
    for (const jobId of ['b', 'm']) expect(await statusOf(stores[0], jobId)).toBe('waiting');
  });

  test('a deletion and a prune of jobs that depend on each other both go through', async () => {
    await stores[0].createJobs([job('a'), job('b')]);
    for (const pick of (await pickAll(2)).values()) await record(stores[0], pick);
    await stores[0].createJobs([job('x', 'a', 'b')]);
    await record(stores[0], (await pickAll(1)).get('x'));
    // The deletion has taken its job, and waits; the prune takes the other two.
    await blocker.query('SELECT FROM cloud_job_dependencies FOR UPDATE');
    const deleting = stores[1].deleteJob('x');
    await stand(1);
    const pruning = stores[0].prune({ older_than_days: 0, executions: true, jobs: true, limit: 9 });
    await stand(2);
    await blocker.query('COMMIT');
    expect(await deleting).toMatchObject({ moved: true });
    expect(await pruning).toMatchObject({ jobs: 2 });
    expect(await stores[0].listJobs({ limit: 9 })).toEqual([]);
  });

  test('a creation that finds its dependency in use for long is told to be sent again', async () => {
    await stores[0].createJobs([job('a')]);
    await hold('a');
    await expect(stores[1].createJobs([job('x', 'a')])).rejects.toMatchObject({
      code: 'store_unavailable',
      cause: { code: 'CJ003' },
    });
    await blocker.query('COMMIT');
    expect(await stores[0].getJob('x')).toBeNull();
  });

  test('the same unique keys are created in another order, and one of the two is sent again', async () => {
    const keyed = (unique_key: string) => newJob({ unique_key });
    const insert = 'SELECT create_jobs(schema_version => cloud_job_schema_version(), jobs => $1)';
    await blocker.query(insert, [JSON.stringify([keyed('k')])]);
    const creating = stores[0].createJobs([keyed('j'), keyed('k')]);
    await stand(1);
    const other = blocker.query(insert, [JSON.stringify([keyed('j')])]);
    const [mine, theirs] = await Promise.allSettled([creating, other]);
    await blocker.query('ROLLBACK');
    const refused = [mine, theirs].filter(({ status }) => status === 'rejected');
    expect(refused).toHaveLength(1);
    const { reason } = refused[0] as PromiseRejectedResult;
    expect((reason.cause ?? reason).code).toBe('CJ003');
  });
});
