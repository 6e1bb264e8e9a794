// Lists that are read on: page by page, in any filter, and while jobs come and go.
import { expect } from '@jest/globals';
import type { JobFilter, Store } from '../../../src/core/store.ts';
import { failed, newJob, succeeded } from '../../support/jobs.ts';
import { createJob, pickOne } from '../../support/store.ts';
import type { ContractTests } from './world.ts';

const idsOf = async (store: Store, filter: JobFilter): Promise<string[]> =>
  (await store.listJobs(filter)).map(({ job_id }) => job_id);

/** All pages of a list, one after the other. */
const pagesOf = async (store: Store, filter: JobFilter): Promise<string[][]> => {
  const pages: string[][] = [];
  for (let before = filter.before; pages.length < 100; ) {
    const page = await idsOf(store, { ...filter, ...(before !== undefined && { before }) });
    if (page.length === 0) return pages;
    pages.push(page);
    before = page.at(-1);
  }
  throw new Error('there is no end of pages');
};

/** Seven jobs of two types, in every status but `disabled`; newest first. */
const mixed = async (store: Store): Promise<string[]> => {
  const types = { job_types: ['demo', 'other'] };
  await createJob(store);
  await store.recordExecutions([succeeded(await pickOne(store, types))]);
  await createJob(store, { job_type: 'other' });
  await store.recordExecutions([failed(await pickOne(store, types))]);
  await createJob(store);
  const { job } = await pickOne(store, types);
  await createJob(store, { job_type: 'other' });
  await createJob(store, { depends_on: [job.job_id] });
  await createJob(store);
  await store.moveJob(await createJob(store, { job_type: 'other' }), 'cancel');
  return idsOf(store, { limit: 100 });
};

export const readOnTests: ContractTests = {
  'a list is read on from any of its jobs': async ({ store }) => {
    const jobs = Array.from({ length: 7 }, () => newJob());
    await store.createJobs(jobs);
    const ids = jobs.map(({ job_id }) => job_id).reverse();
    for (const [place, before] of ids.entries()) {
      expect(await idsOf(store, { before, limit: 3 })).toEqual(ids.slice(place + 1, place + 4));
    }
  },

  'pages tell of each job once, whatever its status and however long they are': async ({
    store,
  }) => {
    const ids = await mixed(store);
    expect(ids).toHaveLength(7);
    for (const limit of [1, 2, 3, 7]) {
      expect((await pagesOf(store, { limit })).flat()).toEqual(ids);
    }
  },

  'pages of a filtered list are those of the whole list without the others': async ({ store }) => {
    const ids = await mixed(store);
    const all = await store.listJobs({ limit: 100 });
    const statuses = new Set(all.map(({ status }) => status));
    expect(statuses.size).toBe(6);
    for (const status of [undefined, ...statuses]) {
      for (const job_type of [undefined, 'demo', 'other', 'none']) {
        const filter = { ...(status && { status }), ...(job_type && { job_type }) };
        const wanted = all.filter(
          (job) =>
            (status === undefined || job.status === status) &&
            (job_type === undefined || job.job_type === job_type),
        );
        const wantedIds = wanted.map(({ job_id }) => job_id);
        expect([filter, (await pagesOf(store, { ...filter, limit: 1 })).flat()]).toEqual([
          filter,
          wantedIds,
        ]);
        const before = ids[2] ?? '';
        const later = wantedIds.filter((id) => ids.indexOf(id) > 2);
        expect(await idsOf(store, { ...filter, before, limit: 100 })).toEqual(later);
      }
    }
  },

  'what is created meanwhile does not come between pages': async ({ store }) => {
    const oldest = await createJob(store);
    const newest = await createJob(store);
    const [first] = await idsOf(store, { limit: 1 });
    await createJob(store);
    expect(first).toBe(newest);
    expect(await idsOf(store, { before: newest, limit: 10 })).toEqual([oldest]);
  },

  'a job is read on from whatever became of it': async ({ store }) => {
    const oldest = await createJob(store);
    const before = await createJob(store, { priority: 5 });
    const pick = await pickOne(store);
    expect(await idsOf(store, { before, limit: 10 })).toEqual([oldest]);
    await store.recordExecutions([failed(pick)]);
    await store.moveJob(before, 'retry');
    expect(await idsOf(store, { before, limit: 10 })).toEqual([oldest]);
    expect(await idsOf(store, { before, status: 'failed', limit: 10 })).toEqual([]);
  },

  'from a job that is gone, or never was, nothing is read on': async ({ store }) => {
    await createJob(store);
    const before = await createJob(store);
    await store.deleteJob(before);
    for (const gone of [before, 'no such job', '']) {
      expect(await idsOf(store, { before: gone, limit: 10 })).toEqual([]);
      expect(await idsOf(store, { before: gone, status: 'waiting', limit: 10 })).toEqual([]);
    }
    expect(await idsOf(store, { limit: 10 })).toHaveLength(1);
  },
};
