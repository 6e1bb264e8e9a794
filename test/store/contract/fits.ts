// What fits: types whose jobs usually need more time than is left are not picked.
import { expect } from '@jest/globals';
import { claimRequest, emptyClaim, executionIds, newJob, succeeded } from '../../support/jobs.ts';
import { createJob, dump, inSeconds, pickOne } from '../../support/store.ts';
import { isPicked, learn, within } from './stretches.ts';
import type { ContractTests } from './world.ts';

export const fitsTests: ContractTests = {
  'a type that usually needs more time than is left is left out, others are picked': async ({
    store,
  }) => {
    await learn(store, [100, 100, 100]);
    await createJob(store, { priority: 10 });
    const other = await createJob(store, { job_type: 'other', priority: -10 });
    const request = { job_types: ['demo', 'other'], execution_ids: executionIds(3) };
    const claim = await store.claimJobs(within(60, 0.95, request));
    expect(claim.picks.map(({ job }) => job.job_id)).toEqual([other]);
    expect(claim).toMatchObject({ next_due_seconds: null, too_long: [] });
  },

  'a left-out type is told of when nothing was picked': async ({ store }) => {
    await learn(store, [100, 120, 110.5]);
    const jobId = await createJob(store);
    const before = await dump(store, [jobId]);
    expect(await store.claimJobs(within(60, 0.5))).toEqual({
      ...emptyClaim,
      too_long: [{ job_type: 'demo', usual_seconds: 110.5 }],
    });
    expect(await dump(store, [jobId])).toEqual(before);
  },

  'left-out types are told of by name, and only where a job is due': async ({ store }) => {
    const types = ['b', 'a', 'Z', 'later', 'urgent'];
    for (const [i, type] of types.entries()) await learn(store, [90 + i, 90 + i, 90 + i], type);
    for (const job_type of ['b', 'a', 'Z']) await createJob(store, { job_type });
    await createJob(store, { job_type: 'a' });
    await createJob(store, { job_type: 'later', run_at: await inSeconds(store, 600) });
    await createJob(store, { job_type: 'urgent', priority: 10 });
    const priority = { min: -5, max: 5 };
    const claim = await store.claimJobs(within(60, 0.95, { job_types: types, priority }));
    expect(claim.too_long).toEqual([
      { job_type: 'Z', usual_seconds: 92 },
      { job_type: 'a', usual_seconds: 91 },
      { job_type: 'b', usual_seconds: 90 },
    ]);
  },

  'next_due_seconds is that of the types that fit': async ({ store }) => {
    await learn(store, [100, 100, 100]);
    await createJob(store, { run_at: await inSeconds(store, 60) });
    expect((await store.claimJobs(within(50))).next_due_seconds).toBeNull();
    const run_at = await inSeconds(store, 600);
    await createJob(store, { job_type: 'other', run_at });
    const claim = await store.claimJobs(within(50, 0.95, { job_types: ['other', 'demo'] }));
    expect(claim.next_due_seconds).toBeGreaterThan(590);
    expect(claim.too_long).toEqual([]);
  },

  'nothing is left out where nobody asks': async ({ store }) => {
    await learn(store, [1000, 1000, 1000]);
    const jobId = await createJob(store);
    expect((await pickOne(store)).job.job_id).toBe(jobId);
    expect((await store.claimJobs(claimRequest())).too_long).toEqual([]);
  },

  'a type of which fewer than three executions are known is picked': async ({ store }) => {
    await learn(store, [1000]);
    await learn(store, [1000]);
    await createJob(store);
    expect(await isPicked(store, 1)).toBe(true);
    await pickOne(store);
    await learn(store, [1000]);
    await createJob(store);
    expect(await isPicked(store, 1)).toBe(false);
  },

  'what is needed may be as much as is left': async ({ store }) => {
    await learn(store, [12.5, 12.5, 12.5]);
    await createJob(store);
    expect([await isPicked(store, 12.5), await isPicked(store, 12.499)]).toEqual([true, false]);
  },

  'what a type usually needs is the least that is enough for that share of executions': async ({
    store,
  }) => {
    await learn(store, [40, 10, 30, 20]);
    await createJob(store);
    const usual = async (share: number) =>
      (await store.previewClaim(within(1, share))).too_long.map((it) => it.usual_seconds);
    const shares = [0.01, 0.25, 0.26, 0.5, 0.75, 0.76, 0.95, 1];
    const found = await Promise.all(shares.map(usual));
    expect(found.flat()).toEqual([10, 10, 20, 20, 30, 40, 40, 40]);
  },

  'the pick that comes with a record minds what fits, and what that record taught': async ({
    store,
  }) => {
    await learn(store, [100, 100]);
    await store.createJobs([newJob(), newJob()]);
    const record = succeeded(await pickOne(store), { stretch_seconds: 100 });
    const { verdicts, claim } = await store.recordExecutions([record], within(60));
    expect(verdicts).toEqual(['recorded']);
    expect(claim).toMatchObject({ picks: [], too_long: [{ job_type: 'demo' }] });
    const again = await store.recordExecutions([record], within(101));
    expect(again.claim).toMatchObject({ picks: [{}], too_long: [] });
  },

  'a claim sent again answers its picks, though they would not fit any more': async ({ store }) => {
    await createJob(store);
    const request = within(60);
    const first = await store.claimJobs(request);
    expect(first.picks).toHaveLength(1);
    await learn(store, [100, 100, 100]);
    await createJob(store);
    const again = await store.claimJobs({ ...request, fits: { seconds: 50, share: 0.95 } });
    expect(again).toEqual(first);
  },
};
