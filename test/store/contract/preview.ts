// The preview: what a claim would answer, with nothing changed.
import { expect } from '@jest/globals';
import type { Claim } from '../../../src/core/claim.ts';
import type { Store } from '../../../src/core/store.ts';
import { claimRequest, executionIds, newJob, succeeded } from '../../support/jobs.ts';
import { createJob, dump, inSeconds, pickOne } from '../../support/store.ts';
import type { ContractTests } from './world.ts';

/** A claim without its moments, which differ between two calls on a clock that runs. */
const essence = ({ picks, next_due_seconds, ...claim }: Claim) => ({
  ...claim,
  picks: picks.map(({ fence, job: { name, status, current_retries, lock_epoch } }) => {
    return { fence, name, status, current_retries, lock_epoch };
  }),
  next_due_seconds: next_due_seconds === null ? null : Math.ceil(next_due_seconds / 10),
});

/** Previews, checks that nothing changed, claims, and checks that the claim is what was shown. */
const expectPreviewHolds = async (
  store: Store,
  request = claimRequest({ execution_ids: executionIds(4) }),
): Promise<Claim> => {
  const ids = (await store.listJobs({ limit: 100 })).map(({ job_id }) => job_id);
  const before = await dump(store, ids);
  const shown = await store.previewClaim(request);
  expect(await dump(store, ids)).toEqual(before);
  const claim = await store.claimJobs(request);
  expect(essence(shown)).toEqual(essence(claim));
  return claim;
};

export const previewTests: ContractTests = {
  'a preview changes nothing and shows what a claim then gives': async ({ store }) => {
    const run_at = await inSeconds(store, -60);
    await store.createJobs([
      newJob({ name: '3rd', run_at }),
      newJob({ name: '1st', priority: 10, run_at }),
      newJob({ name: 'of another type', job_type: 'other', priority: 10 }),
      newJob({ name: '4th', run_at }),
      newJob({ name: '2nd', priority: 1, run_at }),
      newJob({ name: 'over the limit', priority: -10, run_at }),
      newJob({ name: 'not due', run_at: await inSeconds(store, 600), priority: 10 }),
    ]);
    const { picks } = await expectPreviewHolds(store);
    expect(picks.map(({ job }) => job.name)).toEqual(['1st', '2nd', '3rd', '4th']);
  },

  'a preview shows the locks that a claim would release first': async ({ store, advance }) => {
    const again = await createJob(store, { max_retries: 1 });
    const over = await createJob(store, { max_retries: 0 });
    const stopped = await createJob(store);
    await store.claimJobs(claimRequest({ execution_ids: executionIds(3) }));
    await store.moveJob(stopped, 'cancel');
    await createJob(store, { name: 'fresh' });
    await advance(61);
    const claim = await expectPreviewHolds(store);
    expect(new Map(claim.released.map((one) => [one.job_id, one.job_status]))).toEqual(
      new Map([
        [again, 'waiting'],
        [over, 'failed'],
        [stopped, 'cancelled'],
      ]),
    );
    expect(claim.picks.map(({ job }) => job.job_id)).toContain(again);
    expect(claim.picks).toHaveLength(2);
  },

  'a preview of nothing says when the next job is due': async ({ store }) => {
    await createJob(store, { run_at: await inSeconds(store, 595) });
    const claim = await expectPreviewHolds(store);
    expect(claim.picks).toEqual([]);
    expect(claim.next_due_seconds).toBeGreaterThan(590);
  },

  'a preview minds the priority range': async ({ store }) => {
    for (const priority of [-10, 0, 10]) await createJob(store, { priority });
    const claim = await expectPreviewHolds(
      store,
      claimRequest({ execution_ids: executionIds(5), priority: { min: 0, max: 5 } }),
    );
    expect(claim.picks.map(({ job }) => job.priority)).toEqual([0]);
  },

  'a preview minds what fits, and says what is too long': async ({ store }) => {
    await store.createJobs(Array.from({ length: 4 }, () => newJob()));
    const { picks } = await store.claimJobs(claimRequest({ execution_ids: executionIds(3) }));
    await store.recordExecutions(picks.map((pick) => succeeded(pick, { stretch_seconds: 9 })));
    const small = claimRequest({ fits: { seconds: 8, share: 0.95 } });
    const { too_long } = await expectPreviewHolds(store, small);
    expect(too_long).toEqual([{ job_type: 'demo', usual_seconds: 9 }]);
    const large = claimRequest({ fits: { seconds: 10, share: 0.95 } });
    expect((await expectPreviewHolds(store, large)).picks).toHaveLength(1);
  },

  'many previews pick nothing': async ({ store }) => {
    await createJob(store);
    for (let i = 0; i < 3; i += 1) {
      expect((await store.previewClaim(claimRequest())).picks).toHaveLength(1);
    }
    expect((await pickOne(store)).fence.lock_epoch).toBe(1);
  },
};
