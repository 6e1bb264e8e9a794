// What fits: types whose jobs usually need more time than is left are not picked.
import { expect } from '@jest/globals';
import type { ClaimRequest, Fits } from '../../../src/core/claim.ts';
import type { Store } from '../../../src/core/store.ts';
import {
  claimRequest,
  emptyClaim,
  executionIds,
  newJob,
  succeeded,
  yielded,
} from '../../support/jobs.ts';
import { createJob, dump, inSeconds, pickOne } from '../../support/store.ts';
import type { ContractTests } from './world.ts';

const HOUR = 3600;

/** Executes one job of `job_type` for each of `stretches`, recorded all at once. */
const learn = async (store: Store, stretches: (number | null)[], job_type = 'demo') => {
  await store.createJobs(stretches.map(() => newJob({ job_type })));
  const { picks } = await store.claimJobs(
    claimRequest({ job_types: [job_type], execution_ids: executionIds(stretches.length) }),
  );
  const records = picks.map((pick, i) =>
    succeeded(pick, { stretch_seconds: stretches[i] ?? null }),
  );
  const { verdicts } = await store.recordExecutions(records);
  expect(verdicts).toEqual(stretches.map(() => 'recorded'));
};

const within = (seconds: number, share = 0.95, more: Partial<ClaimRequest> = {}): ClaimRequest => {
  const fits: Fits = { seconds, share };
  return claimRequest({ fits, ...more });
};

/** Whether a job of type `demo`, which is due, would be picked. */
const isPicked = async (store: Store, seconds: number, share?: number): Promise<boolean> =>
  (await store.previewClaim(within(seconds, share))).picks.length === 1;

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

  'of twenty executions a single long one does not count for 95 of 100': async ({ store }) => {
    // What is recorded at once is kept in any order, so what is to be the newest comes by itself.
    await learn(store, Array(19).fill(2));
    await learn(store, [500]);
    await createJob(store);
    expect([await isPicked(store, 3), await isPicked(store, 3, 1)]).toEqual([true, false]);
    await learn(store, [500]);
    await createJob(store);
    expect([await isPicked(store, 3), await isPicked(store, 3, 0.5)]).toEqual([false, true]);
  },

  'one under a second counts for twenty, since only one in twenty is told of': async ({
    store,
  }) => {
    await learn(store, [0.2, 100]);
    await createJob(store);
    expect([await isPicked(store, 60), await isPicked(store, 60, 0.96)]).toEqual([true, false]);
    await learn(store, [100]);
    await createJob(store);
    expect([await isPicked(store, 60, 0.9), await isPicked(store, 60)]).toEqual([true, false]);
  },

  'only the last twenty executions count': async ({ store }) => {
    await learn(store, Array(20).fill(100));
    for (let i = 0; i < 19; i += 1) await learn(store, [2]);
    await createJob(store);
    expect(await isPicked(store, 3, 1)).toBe(false);
    await learn(store, [2]);
    await createJob(store);
    expect(await isPicked(store, 3, 1)).toBe(true);
    await learn(store, Array(30).fill(50));
    await createJob(store);
    expect(await isPicked(store, 3, 0.01)).toBe(false);
  },

  'an execution that teaches nothing changes nothing': async ({ store }) => {
    await learn(store, Array(5).fill(null));
    await learn(store, [100, 100]);
    await learn(store, Array(5).fill(null));
    await createJob(store);
    expect(await isPicked(store, 60)).toBe(true);
    await learn(store, [100, null, null]);
    await learn(store, Array(25).fill(null));
    await createJob(store);
    expect(await isPicked(store, 60)).toBe(false);
  },

  'what an execution teaches counts for its own type, whatever came of it': async ({ store }) => {
    for (let i = 0; i < 3; i += 1) {
      await createJob(store, { job_type: 'other' });
      const pick = await pickOne(store, { job_types: ['other'] });
      await store.recordExecutions([{ ...yielded(pick), stretch_seconds: 100 }]);
      await store.deleteJob(pick.job.job_id);
    }
    await createJob(store);
    await createJob(store, { job_type: 'other' });
    expect(await isPicked(store, 60)).toBe(true);
    const claim = await store.claimJobs(within(60, 0.95, { job_types: ['other'] }));
    expect(claim.too_long).toEqual([{ job_type: 'other', usual_seconds: 100 }]);
  },

  'a record that is lost or sent again teaches nothing': async ({ store, advance }) => {
    await createJob(store, { max_retries: 0 });
    const late = succeeded(await pickOne(store), { stretch_seconds: 100 });
    await advance(61);
    expect((await store.recordExecutions([late])).verdicts).toEqual(['lost']);
    await store.releaseExpired(10);
    for (let i = 0; i < 2; i += 1) {
      await createJob(store);
      const record = succeeded(await pickOne(store), { stretch_seconds: 100 });
      for (const records of [[record], [record], [late, record]]) {
        await store.recordExecutions(records);
      }
    }
    await createJob(store);
    expect(await isPicked(store, 60)).toBe(true);
    await learn(store, [100]);
    await createJob(store);
    expect(await isPicked(store, 60)).toBe(false);
  },

  'a type is tried again when nothing was learned for six hours, and is then learned anew': async ({
    store,
    advance,
  }) => {
    await learn(store, [100, 100, 100]);
    await advance(5 * HOUR);
    await learn(store, [100]);
    await createJob(store);
    await advance(6 * HOUR - 60);
    expect(await isPicked(store, 60)).toBe(false);
    await advance(120);
    expect(await isPicked(store, 60)).toBe(true);
    await learn(store, [100]);
    await learn(store, [100]);
    await createJob(store);
    expect(await isPicked(store, 60)).toBe(true);
    await learn(store, [100]);
    await createJob(store);
    expect(await isPicked(store, 60)).toBe(false);
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

  'what is learned by several instances at once is recorded by all': async ({ store, open }) => {
    const other = await open();
    await store.createJobs(Array.from({ length: 24 }, () => newJob()));
    const { picks } = await store.claimJobs(claimRequest({ execution_ids: executionIds(24) }));
    const answers = await Promise.all(
      picks.map((pick, i) =>
        (i % 2 === 0 ? store : other).recordExecutions([succeeded(pick, { stretch_seconds: 9 })]),
      ),
    );
    expect(answers.flatMap(({ verdicts }) => verdicts)).toEqual(Array(24).fill('recorded'));
    expect((await store.stats()).jobs.success).toBe(24);
  },
};
