// The order of picks: priority, then run_at, then creation.
import { expect } from '@jest/globals';
import type { NewJob, Store } from '../../../src/core/store.ts';
import { claimRequest, executionIds, newJob } from '../../support/jobs.ts';
import { inSeconds } from '../../support/store.ts';
import type { ContractTests } from './world.ts';

const types = ['alpha', 'beta', 'gamma'];

const namesPicked = async (store: Store, count: number): Promise<string[]> => {
  const request = claimRequest({ job_types: types, execution_ids: executionIds(count) });
  return (await store.claimJobs(request)).picks.map(({ job }) => job.name);
};

const named = (name: string, overrides: Partial<NewJob>): NewJob =>
  newJob({ name, job_type: 'alpha', ...overrides });

export const orderTests: ContractTests = {
  'priority goes before run_at, and run_at before creation': async ({ store }) => {
    const early = await inSeconds(store, -3600);
    const late = await inSeconds(store, -60);
    await store.createJobs([
      named('5th', { priority: 0, run_at: late }),
      named('6th', { priority: 0, run_at: late }),
      named('4th', { priority: 0, run_at: early }),
      named('7th', { priority: -10, run_at: early }),
      named('2nd', { priority: 10, run_at: late }),
      named('1st', { priority: 10, run_at: early }),
      named('3rd', { priority: 10, run_at: late }),
    ]);
    const expected = ['1st', '2nd', '3rd', '4th', '5th', '6th', '7th'];
    expect(await namesPicked(store, 9)).toEqual(expected);
  },

  'the order holds across types': async ({ store }) => {
    const early = await inSeconds(store, -3600);
    const late = await inSeconds(store, -60);
    await store.createJobs([
      named('4th', { job_type: 'gamma', priority: 0, run_at: late }),
      named('3rd', { job_type: 'alpha', priority: 0, run_at: early }),
      named('1st', { job_type: 'beta', priority: 10, run_at: early }),
      named('2nd', { job_type: 'gamma', priority: 10, run_at: late }),
      named('5th', { job_type: 'beta', priority: -10, run_at: early }),
    ]);
    expect(await namesPicked(store, 9)).toEqual(['1st', '2nd', '3rd', '4th', '5th']);
  },

  'the order holds from one pick to the next': async ({ store }) => {
    const run_at = await inSeconds(store, -10);
    await store.createJobs([
      named('3rd', { job_type: 'beta', run_at }),
      named('1st', { job_type: 'gamma', priority: 10, run_at }),
      named('4th', { job_type: 'alpha', run_at }),
      named('2nd', { job_type: 'alpha', priority: 1, run_at }),
    ]);
    const order: string[] = [];
    for (let i = 0; i < 4; i += 1) order.push(...(await namesPicked(store, 1)));
    expect(order).toEqual(['1st', '2nd', '3rd', '4th']);
  },

  'jobs created one after another at the same run_at keep that order': async ({ store, open }) => {
    const other = await open();
    const run_at = await inSeconds(store, -10);
    const names = Array.from({ length: 12 }, (_, i) => `job ${i}`);
    for (const [i, name] of names.entries()) {
      const job = named(name, { run_at, job_type: types[i % 3] ?? '' });
      await (i % 2 === 0 ? store : other).createJobs([job]);
    }
    expect(await namesPicked(store, 12)).toEqual(names);
  },

  'a job without run_at is due from its creation on': async ({ store, advance }) => {
    await store.createJobs([named('2nd', {})]);
    await store.createJobs([named('1st', { run_at: await inSeconds(store, -5) })]);
    await advance(10);
    await store.createJobs([named('4th', {})]);
    await store.createJobs([named('3rd', { run_at: await inSeconds(store, -5) })]);
    expect(await namesPicked(store, 9)).toEqual(['1st', '2nd', '3rd', '4th']);
  },

  'the limit cuts the order at its end': async ({ store }) => {
    const run_at = await inSeconds(store, -10);
    await store.createJobs(
      Array.from({ length: 30 }, (_, i) =>
        named(`${i}`, { priority: i, run_at, job_type: types[i % 3] ?? '' }),
      ),
    );
    expect(await namesPicked(store, 4)).toEqual(['29', '28', '27', '26']);
    expect(await namesPicked(store, 2)).toEqual(['25', '24']);
  },
};
