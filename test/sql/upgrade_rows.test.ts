// Rows of the earlier set-up live on after the upgrade: none lost, each one under the store's rules.
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import type { Claim } from '../../src/core/claim.ts';
import type { JobStatus } from '../../src/core/job.ts';
import type { JobDetail, Store } from '../../src/core/store.ts';
import { migratePostgres } from '../../src/stores/postgres/migrate.ts';
import { openPostgres } from '../../src/stores/postgres.ts';
import type { Migrated } from '../../src/stores/sql_files.ts';
import { claimRequest, executionIds } from '../support/jobs.ts';
import { describePostgres, newProject } from '../support/postgres.ts';
import { query } from '../support/servers/postgres.ts';
import { detailOf, statusOf } from '../support/store.ts';
import { emptyExecutions, emptyJobs, executions, insertRows, jobs } from './earlier_rows.ts';
import { earlierSetup } from './earlier_setup.ts';

interface Row {
  [column: string]: unknown;
}

const allJobs = [...jobs, ...emptyJobs];
const allExecutions = [...executions, ...emptyExecutions];

/** As a claim finds the jobs, after it has released what had expired. */
const statuses: Record<string, JobStatus> = {
  'waiting-old': 'waiting',
  'waiting-new': 'waiting',
  'waiting-tomorrow': 'waiting',
  'retry-old': 'waiting',
  'retry-new': 'waiting',
  failed: 'failed',
  'failed-over': 'failed',
  success: 'success',
  'success-bare': 'success',
  disabled: 'disabled',
  live: 'locked',
  'live-picked': 'locked',
  'live-second': 'locked',
  'live-ended': 'locked',
  expired: 'locked',
  'expired-last': 'locked',
  'lock-torn': 'locked',
  'lock-left': 'waiting',
  empty: 'disabled',
  negative: 'waiting',
};

const readRows = async (url: string, table: string, id: string) =>
  new Map((await query<Row>(url, `SELECT * FROM ${table}`)).map((row) => [row[id], row]));

describePostgres('the rows of an upgraded set-up', () => {
  let store: Store;
  let migrated: Migrated;
  let again: Migrated;
  let before: { jobs: Map<unknown, Row>; executions: Map<unknown, Row> };
  let after: typeof before;

  const read = async (url: string) => ({
    jobs: await readRows(url, 'cloud_jobs', 'job_id'),
    executions: await readRows(url, 'cloud_job_executions', 'execution_id'),
  });
  const executionsOf = async (jobId: string) =>
    (await detailOf(store, jobId)).executions.map(({ execution_id, status, lock_epoch }) => [
      execution_id,
      status,
      lock_epoch,
    ]);

  beforeAll(async () => {
    const { url } = await newProject('open');
    await query(url, earlierSetup({ not_null: false }), ...insertRows(allJobs, allExecutions));
    before = await read(url);
    migrated = await migratePostgres(url);
    again = await migratePostgres(url);
    after = await read(url);
    store = await openPostgres(url);
  });
  afterAll(() => store?.close());

  test('are counted, once', () => {
    const kept = `${allJobs.length} jobs and ${allExecutions.length} executions of the earlier set-up`;
    expect(migrated).toMatchObject({ from: 0, kept });
    expect(migrated.notes[0]).toBe(`Kept ${kept}.`);
    expect(again).toMatchObject({ applied: [], notes: [] });
    expect(again).not.toHaveProperty('kept');
  });

  test('are all there, with the ids, times and contents they had', () => {
    expect(before.jobs.size).toBe(allJobs.length);
    expect(after.jobs.size).toBe(allJobs.length);
    const kept = ['name', 'job_type', 'description', 'last_execution'];
    const filled = ['config', 'created_at', 'max_retries', 'current_retries'];
    for (const [id, row] of before.jobs) {
      for (const column of kept) expect(after.jobs.get(id)?.[column]).toEqual(row[column]);
      if (id === 'negative') continue;
      for (const column of filled) {
        if (row[column] !== null) expect(after.jobs.get(id)?.[column]).toEqual(row[column]);
        else expect(after.jobs.get(id)?.[column]).not.toBeNull();
      }
    }
    expect(after.jobs.get('negative')).toMatchObject({ max_retries: 0, current_retries: 0 });
  });

  test('keep their executions, and what came of them', () => {
    const kept = ['job_id', 'result', 'duration_seconds'];
    for (const [id, row] of before.executions) {
      for (const column of kept) expect(after.executions.get(id)?.[column]).toEqual(row[column]);
      for (const column of ['started_at', 'finished_at', 'error_message', 'instance_id']) {
        const had = row[column];
        if (had !== null) expect(after.executions.get(id)?.[column]).toEqual(had);
      }
    }
    expect(after.executions.get('failed-1')?.duration_seconds).toBe(1.3);
    // Picks whose workers had not written one: theirs were added, nothing else was.
    const added = [...after.executions.keys()].filter((id) => !before.executions.has(id));
    const addedTo = added.map((id) => after.executions.get(id)?.job_id).sort();
    expect(addedTo).toEqual(['expired-last', 'live-picked', 'lock-torn']);
  });

  test('are read by the store, each in the status it now has', async () => {
    const listed = await store.listJobs({ limit: 100 });
    const found = Object.fromEntries(listed.map(({ job_id, status }) => [job_id, status]));
    expect(found).toEqual(statuses);
    const details = await Promise.all(allJobs.map(({ job_id }) => store.getJob(job_id)));
    for (const detail of details as JobDetail[]) {
      const { job, executions } = detail;
      const finished = ['success', 'failed', 'cancelled'].includes(job.status);
      expect([job.job_id, job.finished_at !== null]).toEqual([job.job_id, finished]);
      const locked = [job.locked_at, job.locked_by, job.lock_expires_at].map((it) => it !== null);
      expect([job.job_id, ...locked]).toEqual([
        job.job_id,
        ...Array(3).fill(job.status === 'locked'),
      ]);
      const running = executions.filter(({ status }) => status === 'running');
      const runs = job.status === 'locked' && job.job_id !== 'live-ended';
      expect([job.job_id, running.length]).toEqual([job.job_id, runs ? 1 : 0]);
      for (const { lock_epoch } of running) expect(lock_epoch).toBe(job.lock_epoch);
      for (const { status, finished_at } of executions) {
        expect(finished_at === null).toBe(status === 'running');
      }
    }
  });

  test('number executions in the order of the picks, the holder of a lock last', async () => {
    expect(await executionsOf('success')).toEqual([
      ['success-orphan', 'lost', 1],
      ['success-1', 'success', 2],
    ]);
    expect(await executionsOf('live-second')).toEqual([
      ['second-0', 'failed', 1],
      ['second-1', 'running', 2],
    ]);
    const picked = await executionsOf('live-picked');
    expect(picked).toEqual([
      ['picked-0', 'lost', 1],
      [expect.anything(), 'running', 2],
    ]);
    expect((await executionsOf('empty')).map(([, status]) => status)).toEqual(['failed', 'lost']);
  });

  test('tell a history that begins with their creation', async () => {
    const [first] = await store.listEvents('waiting-old', 0, 10);
    const { job } = await detailOf(store, 'waiting-old');
    expect(first).toMatchObject({ event_id: 1, kind: 'status', at: job.created_at });
  });

  // Changes the rows: last.
  test('are released and picked as they should be: expired locks first, then by age', async () => {
    const types = ['custom', 'paper_fetch', 'maintenance'];
    const claimed: Claim = await store.claimJobs(
      claimRequest({ job_types: types, execution_ids: executionIds(50) }),
    );
    const released = claimed.released.map(({ job_id, job_status, instance_id }) => [
      job_id,
      job_status,
      instance_id,
    ]);
    expect(released.sort()).toEqual([
      ['expired', 'waiting', 'worker-gone'],
      ['expired-last', 'failed', 'worker-gone'],
      ['lock-torn', 'waiting', 'unknown'],
    ]);
    const picks = claimed.picks.map(({ job }) => job.job_id);
    expect(picks).toEqual([
      'waiting-old',
      'expired',
      'lock-torn',
      'waiting-new',
      'lock-left',
      'negative',
      // What had failed before waits behind those that had not.
      'retry-old',
      'retry-new',
      'waiting-tomorrow',
    ]);
    for (const jobId of ['live', 'live-picked', 'live-second', 'live-ended']) {
      expect(await statusOf(store, jobId)).toBe('locked');
    }
    const [expired] = claimed.picks.filter(({ job }) => job.job_id === 'expired');
    expect(expired?.job).toMatchObject({ current_retries: 1, lock_epoch: 2 });
    expect(await executionsOf('expired')).toEqual([
      ['expired-1', 'lost', 1],
      [expired?.fence.execution_id, 'running', 2],
    ]);
  });
});
