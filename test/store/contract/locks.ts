// Locks: extended while code runs, released once when they expire.
import { expect } from '@jest/globals';
import { claimRequest, executionIds, newJob } from '../../support/jobs.ts';
import { createJob, detailOf, dump, jobOf, pickOne, statusOf } from '../../support/store.ts';
import type { ContractTests } from './world.ts';

export const lockTests: ContractTests = {
  'a job whose lock has not expired is not released': async ({ store, advance }) => {
    const jobId = await createJob(store);
    const { fence } = await pickOne(store);
    await advance(50);
    const before = await dump(store, [jobId]);
    expect((await store.claimJobs(claimRequest())).released).toEqual([]);
    expect(await store.releaseExpired(10)).toEqual([]);
    expect(await dump(store, [jobId])).toEqual(before);
    expect(await store.heartbeat(fence, 60, [])).toMatchObject({ held: true });
  },

  'a lock ends when its seconds are over, not later': async ({ store, advance }) => {
    const jobId = await createJob(store);
    const { fence } = await pickOne(store, { lock_seconds: 60 });
    await advance(60);
    expect(await store.heartbeat(fence, 60, [])).toEqual({ held: false });
    expect((await store.inspect()).expired_locks).toBe(1);
    expect(await store.releaseExpired(10)).toMatchObject([{ job_id: jobId }]);
  },

  'a heartbeat keeps the lock for as long as it asks': async ({ store, advance }) => {
    const jobId = await createJob(store);
    const pick = await pickOne(store, { lock_seconds: 60 });
    await advance(40);
    const hold = await store.heartbeat(pick.fence, 60, []);
    const job = await jobOf(store, jobId);
    expect(hold).toEqual({
      held: true,
      lock_expires_at: job.lock_expires_at,
      cancel_requested: false,
    });
    const extended = (job.lock_expires_at?.getTime() ?? 0) - pick.lock_expires_at.getTime();
    expect(extended).toBeGreaterThanOrEqual(40_000);
    expect(extended).toBeLessThan(45_000);

    await advance(50);
    expect((await store.claimJobs(claimRequest())).picks).toEqual([]);
    expect(await store.heartbeat(pick.fence, 60, [])).toMatchObject({ held: true });
  },

  'an expired lock is released once, by whoever comes first': async ({ store, open, advance }) => {
    const other = await open();
    const jobId = await createJob(store, { max_retries: 5 });
    const { fence } = await pickOne(store, { instance_id: 'gone' });
    await advance(61);
    const ask = claimRequest({ job_types: ['demo'], execution_ids: [] });
    const sweeps = await Promise.all([
      store.releaseExpired(10),
      other.releaseExpired(10),
      store.claimJobs(ask).then(({ released }) => released),
      other.claimJobs(ask).then(({ released }) => released),
    ]);
    expect(sweeps.flat()).toEqual([
      { ...fence, name: 'a job', instance_id: 'gone', job_status: 'waiting' },
    ]);
    const { job, executions } = await detailOf(store, jobId);
    expect(job.current_retries).toBe(1);
    expect(executions).toHaveLength(1);
  },

  'the execution of an expired lock is lost and uses one retry': async ({ store, advance }) => {
    const jobId = await createJob(store, { max_retries: 1 });
    const { fence } = await pickOne(store);
    await advance(61);
    await store.releaseExpired(10);

    const { job, executions } = await detailOf(store, jobId);
    expect(job).toMatchObject({
      status: 'waiting',
      current_retries: 1,
      lock_epoch: fence.lock_epoch,
      locked_at: null,
      locked_by: null,
      lock_expires_at: null,
      finished_at: null,
    });
    expect(executions).toHaveLength(1);
    expect(executions[0]).toMatchObject({ execution_id: fence.execution_id, status: 'lost' });
    expect(executions[0]?.finished_at).toBeInstanceOf(Date);
  },

  'one call releases an expired lock and picks its job anew': async ({ store, advance }) => {
    const jobId = await createJob(store);
    const first = await pickOne(store);
    await advance(61);
    const claim = await store.claimJobs(claimRequest({ instance_id: 'instance-b' }));
    expect(claim.released.map(({ execution_id }) => execution_id)).toEqual([
      first.fence.execution_id,
    ]);
    expect(claim.picks.map(({ fence }) => fence.job_id)).toEqual([jobId]);
    expect(claim.picks[0]?.fence.lock_epoch).toBe(first.fence.lock_epoch + 1);
    expect(claim.picks[0]?.job.current_retries).toBe(1);

    const { executions } = await detailOf(store, jobId);
    const byEpoch = executions.toSorted((a, b) => a.lock_epoch - b.lock_epoch);
    expect(byEpoch.map(({ status }) => status)).toEqual(['lost', 'running']);
  },

  'a job whose lock expires with no retry left is failed': async ({ store, advance }) => {
    const jobId = await createJob(store, { max_retries: 1 });
    await pickOne(store);
    await advance(61);
    await pickOne(store);
    await advance(61);
    expect(await store.releaseExpired(10)).toMatchObject([{ job_id: jobId, job_status: 'failed' }]);

    const { job, executions } = await detailOf(store, jobId);
    expect(job).toMatchObject({ status: 'failed', current_retries: 1, locked_by: null });
    expect(job.finished_at).toBeInstanceOf(Date);
    expect(executions.map(({ status }) => status)).toEqual(['lost', 'lost']);
    await advance(3600);
    expect((await store.claimJobs(claimRequest())).picks).toEqual([]);
  },

  'a job that was asked to stop is cancelled when its lock expires': async ({ store, advance }) => {
    const jobId = await createJob(store);
    await pickOne(store);
    await store.moveJob(jobId, 'cancel');
    await advance(61);
    const released = await store.releaseExpired(10);
    expect(released).toMatchObject([{ job_id: jobId, job_status: 'cancelled' }]);
    const { job, executions } = await detailOf(store, jobId);
    expect(job.status).toBe('cancelled');
    expect(job.finished_at).toBeInstanceOf(Date);
    expect(executions.map(({ status }) => status)).toEqual(['lost']);
  },

  'releaseExpired releases any type, and no more than its limit': async ({ store, advance }) => {
    const jobs = Array.from({ length: 5 }, (_, i) => newJob({ job_type: `type-${i}` }));
    await store.createJobs(jobs);
    const job_types = jobs.map(({ job_type }) => job_type);
    await store.claimJobs(claimRequest({ job_types, execution_ids: executionIds(5) }));
    await advance(61);

    const sweeps = [
      await store.releaseExpired(2),
      await store.releaseExpired(2),
      await store.releaseExpired(2),
      await store.releaseExpired(2),
    ];
    expect(sweeps.map(({ length }) => length)).toEqual([2, 2, 1, 0]);
    const released = new Set(sweeps.flat().map(({ job_id }) => job_id));
    expect(released).toEqual(new Set(jobs.map(({ job_id }) => job_id)));
  },

  'a claim releases a bounded number of locks, and the next claims the rest': async ({
    store,
    advance,
  }) => {
    const count = 1200;
    await store.createJobs(Array.from({ length: count }, () => newJob({ max_retries: 0 })));
    for (let i = 0; i < count; i += 100) {
      await store.claimJobs(claimRequest({ execution_ids: executionIds(100) }));
    }
    expect((await store.stats()).jobs.locked).toBe(count);
    await advance(61);

    const sweeps: number[] = [];
    for (let left = count; left > 0; left -= sweeps.at(-1) ?? left) {
      const { released } = await store.claimJobs(claimRequest());
      expect(released.length).toBeGreaterThan(0);
      sweeps.push(released.length);
    }
    expect(Math.max(...sweeps)).toBeLessThanOrEqual(count / 2);
    expect((await store.stats()).jobs).toMatchObject({ locked: 0, failed: count });
  },

  'an expired lock does not hold back other jobs': async ({ store, advance }) => {
    const stalled = await createJob(store, { max_retries: 0, priority: 10 });
    await pickOne(store);
    const next = await createJob(store);
    await advance(61);
    const claim = await store.claimJobs(claimRequest());
    expect(claim.picks.map(({ job }) => job.job_id)).toEqual([next]);
    expect(await statusOf(store, stalled)).toBe('failed');
  },
};
