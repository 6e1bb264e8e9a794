// What executions teach of how long those of their type go on.
import { expect } from '@jest/globals';
import { claimRequest, executionIds, newJob, succeeded, yielded } from '../../support/jobs.ts';
import { createJob, pickOne } from '../../support/store.ts';
import { isPicked, learn, within } from './stretches.ts';
import type { ContractTests } from './world.ts';

const HOUR = 3600;

export const learningTests: ContractTests = {
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
