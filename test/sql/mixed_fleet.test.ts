// Workers of the earlier set-up beside instances of this version, over HTTP: each pick has one
// execution that ends once, and nobody runs what somebody else holds.
import { afterAll, beforeAll, beforeEach, expect, test } from '@jest/globals';
import type { Store } from '../../src/core/store.ts';
import { migratePostgres } from '../../src/stores/postgres/migrate.ts';
import { openSupabase } from '../../src/stores/supabase.ts';
import { claimRequest, newJob, retried, succeeded } from '../support/jobs.ts';
import { query } from '../support/servers/postgres.ts';
import { createJob, detailOf, eventsOf, jobOf, pickOne, statusOf } from '../support/store.ts';
import { describeSupabase, type Project, startProject } from '../support/supabase.ts';
import { earlierSetup } from './earlier_setup.ts';
import { type EarlierPick, type EarlierWorker, earlierWorker } from './earlier_worker.ts';

const LATE = ['too late', 'too late'];

const upgraded = {
  name: 'upgraded',
  fill: async (url: string) => {
    await query(url, earlierSetup());
    await migratePostgres(url);
  },
};

describeSupabase('a mixed fleet', () => {
  let project: Project;
  let store: Store;
  let old: EarlierWorker;
  let other: EarlierWorker;

  beforeAll(async () => {
    project = await startProject(upgraded, 'open');
    store = await openSupabase(project.url, project.service_role_key);
    const worker = (name: string) => earlierWorker(project.url, project.service_role_key, name);
    [old, other] = [worker('old-1'), worker('old-2')];
  });
  afterAll(() => store?.close());
  beforeEach(() => query(project.database.url, 'DELETE FROM cloud_jobs'));

  const custom = { job_type: 'custom' };
  const claim = claimRequest({ job_types: ['custom'] });
  const mustPick = async (worker: EarlierWorker, minutes?: number): Promise<EarlierPick> => {
    const pick = await worker.pick(minutes);
    if (!pick) throw new Error('nothing to pick');
    return pick;
  };
  const executionsOf = async (jobId: string) =>
    (await detailOf(store, jobId)).executions.map(({ execution_id, status, lock_epoch }) => ({
      execution_id,
      status,
      lock_epoch,
    }));
  const historyOf = async (jobId: string) =>
    (await eventsOf(store, jobId)).map(({ data }) => (data as { status: string }).status);

  test('ends a job of an old worker with the one execution that is its own', async () => {
    const jobId = await createJob(store, custom);
    const pick = await mustPick(old);
    expect(pick.job_id).toBe(jobId);
    expect(await old.pick()).toBeNull();
    expect(await old.end(pick, { status: 'success', result: { papers: 2 } })).toEqual([1, 1]);
    const { job, executions } = await detailOf(store, jobId);
    expect(job).toMatchObject({ status: 'success', lock_epoch: 1, locked_by: null });
    expect(job.finished_at).not.toBeNull();
    expect(executions).toHaveLength(1);
    expect(executions[0]).toMatchObject({
      execution_id: pick.execution_id,
      status: 'success',
      result: { papers: 2 },
      instance_id: 'old-1',
      lock_epoch: 1,
      duration_seconds: 1.5,
      trigger: 'get_next_available_job',
    });
    expect(await historyOf(jobId)).toEqual(['waiting', 'locked', 'success']);
  });

  test('picks again what an old worker calls failed, as long as retries are left', async () => {
    const jobId = await createJob(store, { ...custom, max_retries: 2 });
    const younger = await createJob(store, custom);
    await old.end(await mustPick(old), { status: 'failed', error_message: 'it broke' });
    expect(await jobOf(store, jobId)).toMatchObject({ status: 'waiting', current_retries: 1 });
    // Those that have not failed go first.
    const [first, second] = [await mustPick(old), await pickOne(store, claim)];
    expect([first.job_id, second.job.job_id]).toEqual([younger, jobId]);
    await store.recordExecutions([retried(second)]);
    const last = await mustPick(old);
    expect(last).toMatchObject({ job_id: jobId, current_retries: 2, max_retries: 2 });
    await old.end(last, { status: 'failed' });
    expect(await jobOf(store, jobId)).toMatchObject({ status: 'failed', lock_epoch: 3 });
    const outcomes = (await executionsOf(jobId)).map(({ status }) => status);
    expect(outcomes).toEqual(['failed', 'failed', 'failed']);
    const way = ['waiting', 'locked', 'waiting', 'locked', 'waiting', 'locked', 'failed'];
    expect(await historyOf(jobId)).toEqual(way);
  });

  test('frees what waits for the success of an old worker, and nothing else', async () => {
    const [needed, also] = [await createJob(store, custom), newJob({ job_type: 'other' })];
    await store.createJobs([also]);
    const free = await createJob(store, { ...custom, depends_on: [needed] });
    const bound = await createJob(store, { ...custom, depends_on: [needed, also.job_id] });
    expect(await statusOf(store, free)).toBe('blocked');
    await old.end(await mustPick(old), { status: 'success' });
    expect([await statusOf(store, free), await statusOf(store, bound)]).toEqual([
      'waiting',
      'blocked',
    ]);
    expect(await historyOf(free)).toEqual(['blocked', 'waiting']);
  });

  test('cancels, as asked, what an old worker gives back', async () => {
    const jobId = await createJob(store, custom);
    const pick = await mustPick(old);
    await store.moveJob(jobId, 'cancel');
    await old.end(pick, { status: 'waiting' });
    expect(await statusOf(store, jobId)).toBe('cancelled');
  });

  test('lets an old worker pick by hand what is due and free, and nothing else', async () => {
    const jobId = await createJob(store, custom);
    const seen = await old.look();
    expect(seen?.job_id).toBe(jobId);
    expect([await old.lock(jobId), await other.lock(jobId)]).toEqual([1, 'too late']);
    expect(await jobOf(store, jobId)).toMatchObject({ locked_by: 'old-1', lock_epoch: 1 });
    const pick = await old.begin(seen!);
    expect(await old.end(pick, { status: 'success' })).toEqual([1, 1]);
    expect(await other.lock(jobId)).toBe('too late');
    expect(await executionsOf(jobId)).toEqual([
      { execution_id: pick.execution_id, status: 'success', lock_epoch: 1 },
    ]);
    expect(await historyOf(jobId)).toEqual(['waiting', 'locked', 'success']);
    const later = await createJob(store, { ...custom, run_at: new Date(Date.now() + 60_000) });
    expect(await old.lock(later)).toBe('too late');
  });

  test('never shares a job that an instance picked between look and lock', async () => {
    const jobId = await createJob(store, custom);
    await old.look();
    const pick = await pickOne(store, claim);
    expect(await old.lock(jobId)).toBe('too late');
    expect(await other.pick()).toBeNull();
    const { verdicts } = await store.recordExecutions([succeeded(pick)]);
    expect(verdicts).toEqual(['recorded']);
    expect(await executionsOf(jobId)).toMatchObject([{ status: 'success', lock_epoch: 1 }]);
  });

  test('takes a lock by hand once it has expired, and the execution before it is lost', async () => {
    const jobId = await createJob(store, custom);
    const late = await mustPick(old, 0);
    expect(await other.lock(jobId)).toBe(1);
    const pick = await other.begin({ ...late, job_id: jobId });
    expect(await other.end(pick, { status: 'success' })).toEqual([1, 1]);
    expect(await old.end(late, { status: 'failed' })).toEqual(LATE);
    expect(await executionsOf(jobId)).toEqual([
      { execution_id: late.execution_id, status: 'lost', lock_epoch: 1 },
      { execution_id: pick.execution_id, status: 'success', lock_epoch: 2 },
    ]);
    expect(await statusOf(store, jobId)).toBe('success');
  });

  test('fences off an old worker that comes too late', async () => {
    const jobId = await createJob(store, custom);
    const late = await mustPick(old, 0);
    const pick = await pickOne(store, claim);
    expect(pick.job.job_id).toBe(jobId);
    expect(await old.end(late, { status: 'success', result: { late: true } })).toEqual(LATE);
    const { verdicts } = await store.recordExecutions([succeeded(pick)]);
    expect(verdicts).toEqual(['recorded']);
    expect(await old.end(late, { status: 'failed' })).toEqual(LATE);
    expect(await statusOf(store, jobId)).toBe('success');
    expect(await executionsOf(jobId)).toMatchObject([{ status: 'lost' }, { status: 'success' }]);
    expect(await historyOf(jobId)).toEqual(['waiting', 'locked', 'waiting', 'locked', 'success']);
  });

  test('does not believe an old worker whose lock was released, though nobody picked since', async () => {
    const jobId = await createJob(store, custom);
    const late = await mustPick(old, 0);
    expect(await store.releaseExpired(10)).toMatchObject([{ execution_id: late.execution_id }]);
    expect(await old.end(late, { status: 'success' })).toEqual(LATE);
    expect(await jobOf(store, jobId)).toMatchObject({ status: 'waiting', current_retries: 1 });
  });

  test('gives no pick to an execution that a late worker begins', async () => {
    const jobId = await createJob(store, custom);
    const late = await mustPick(old, 0);
    const pick = await mustPick(other);
    const again = await old.begin({ ...late, job_id: jobId });
    expect(await executionsOf(jobId)).toEqual([
      { execution_id: again.execution_id, status: 'lost', lock_epoch: -1 },
      { execution_id: late.execution_id, status: 'lost', lock_epoch: 1 },
      { execution_id: pick.execution_id, status: 'running', lock_epoch: 2 },
    ]);
  });

  test('drains together: every job once, whoever picks it', async () => {
    const created = await store.createJobs(Array.from({ length: 40 }, () => newJob(custom)));
    const earlier = async (worker: EarlierWorker) => {
      let count = 0;
      for (let pick = await worker.pick(); pick; pick = await worker.pick()) {
        expect(await worker.end(pick, { status: 'success' })).toEqual([1, 1]);
        count += 1;
      }
      return count;
    };
    const present = async () => {
      let count = 0;
      let { picks } = await store.claimJobs(claimRequest({ job_types: ['custom'] }));
      while (picks.length > 0) {
        const next = claimRequest({ job_types: ['custom'] });
        const { verdicts, claim } = await store.recordExecutions(
          picks.map((it) => succeeded(it)),
          next,
        );
        expect(verdicts).toEqual(['recorded']);
        count += 1;
        picks = claim?.picks ?? [];
      }
      return count;
    };
    const counts = await Promise.all([earlier(old), earlier(other), present(), present()]);
    expect(counts.reduce((sum, count) => sum + count)).toBe(40);
    expect(counts.filter((count) => count > 0).length).toBeGreaterThan(2);
    for (const { job_id } of created) {
      expect(await executionsOf(job_id)).toMatchObject([{ status: 'success', lock_epoch: 1 }]);
      expect(await historyOf(job_id)).toEqual(['waiting', 'locked', 'success']);
    }
  });
});
