// Lists: newest first, filtered, bounded.
import { expect } from '@jest/globals';
import { jobStatuses } from '../../../src/core/job.ts';
import { failed, newJob, succeeded } from '../../support/jobs.ts';
import { createJob, detailOf, jobOf, pickOne } from '../../support/store.ts';
import type { ContractTests } from './world.ts';

export const listTests: ContractTests = {
  'jobs are listed newest first and no more than the limit': async ({ store, advance }) => {
    const ids: string[] = [];
    for (let i = 0; i < 5; i += 1) {
      ids.unshift(await createJob(store, { priority: i % 2 === 0 ? 10 : -10 }));
      await advance(1);
    }
    const listed = async (limit: number) =>
      (await store.listJobs({ limit })).map(({ job_id }) => job_id);
    expect(await listed(10)).toEqual(ids);
    expect(await listed(2)).toEqual(ids.slice(0, 2));
  },

  'jobs created at the same moment are listed last created first': async ({ store }) => {
    const jobs = Array.from({ length: 6 }, () => newJob());
    await store.createJobs(jobs);
    const listed = (await store.listJobs({ limit: 10 })).map(({ job_id }) => job_id);
    expect(listed).toEqual(jobs.map(({ job_id }) => job_id).reverse());
  },

  'a list is filtered by status and by type': async ({ store }) => {
    const done = await createJob(store);
    await store.recordExecutions([succeeded(await pickOne(store))]);
    const broken = await createJob(store);
    await store.recordExecutions([failed(await pickOne(store))]);
    const other = await createJob(store, { job_type: 'other' });
    const waiting = await createJob(store);
    const listed = async (filter: object) =>
      (await store.listJobs({ ...filter, limit: 10 })).map(({ job_id }) => job_id);
    expect(await listed({ status: 'success' })).toEqual([done]);
    expect(await listed({ status: 'failed' })).toEqual([broken]);
    expect(await listed({ job_type: 'other' })).toEqual([other]);
    expect(await listed({ status: 'waiting', job_type: 'demo' })).toEqual([waiting]);
    expect(await listed({ status: 'failed', job_type: 'other' })).toEqual([]);
    expect(await listed({ job_type: 'nothing' })).toEqual([]);
  },

  'every status can be listed': async ({ store }) => {
    for (const status of jobStatuses) {
      expect(await store.listJobs({ status, limit: 1 })).toEqual([]);
    }
  },

  'a listed job is the job that getJob tells': async ({ store }) => {
    const jobId = await createJob(store, { metadata: { user_id: 5 } });
    await pickOne(store);
    expect(await store.listJobs({ limit: 5 })).toEqual([await jobOf(store, jobId)]);
  },

  'getJob tells of every execution and of dependencies, and null of a stranger': async ({
    store,
    advance,
  }) => {
    const jobId = await createJob(store);
    for (let i = 0; i < 3; i += 1) {
      await pickOne(store, { instance_id: `instance-${i}` });
      await advance(61);
      await store.releaseExpired(10);
    }
    const { executions } = await detailOf(store, jobId);
    const byEpoch = executions.toSorted((a, b) => a.lock_epoch - b.lock_epoch);
    expect(byEpoch.map(({ instance_id }) => instance_id)).toEqual([
      'instance-0',
      'instance-1',
      'instance-2',
    ]);
    expect(await store.getJob('no such job')).toBeNull();
  },
};
