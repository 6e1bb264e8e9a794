// Papers: one row each, that of the newest version.
import { expect } from '@jest/globals';
import { paper } from '../../support/papers.ts';
import { createJob } from '../../support/store.ts';
import type { ContractTests } from './world.ts';

export const paperTests: ContractTests = {
  'a paper reads back as it was saved': async ({ store }) => {
    const job = await createJob(store);
    const full = paper({
      arxiv_id: 'hep-ex/0406020',
      version: 3,
      title: 'Größen & <Queues> in $O(n\\log n)$ — 日本',
      authors: Array.from({ length: 600 }, (_, i) => `Author ${i}`),
      published_at: new Date('2004-06-08T12:13:14Z'),
      updated_at: new Date('2031-01-02T03:04:05Z'),
      comment: null,
      journal_ref: 'J. Q. 1 (2004) 1–9',
      doi: '10.1000/xyz',
      withdrawn: true,
    });
    const bare = paper({ primary_category: null, categories: [], authors: [], pdf_url: null });
    expect(await store.savePapers(job, [full, bare])).toEqual({ added: 2 });
    expect(await store.getPapers([full.arxiv_id, bare.arxiv_id])).toEqual([full, bare]);
  },

  'papers are answered in the order of the ids asked for': async ({ store }) => {
    const job = await createJob(store);
    const ids = ['2401.00003', '2401.00001', '2401.00002'];
    await store.savePapers(
      job,
      ids.toSorted().map((arxiv_id) => paper({ arxiv_id })),
    );
    const got = await store.getPapers([...ids, 'never/seen']);
    expect(got.map(({ arxiv_id }) => arxiv_id)).toEqual(ids);
    expect(await store.getPapers([])).toEqual([]);
  },

  'the newest version is kept, in whichever order versions come': async ({ store }) => {
    const job = await createJob(store);
    const version = (n: number) =>
      paper({ version: n, title: `version ${n}`, updated_at: new Date(Date.UTC(2024, n)) });
    for (const n of [2, 1, 3, 2]) await store.savePapers(job, [version(n)]);
    expect(await store.getPapers(['2401.00001'])).toEqual([version(3)]);
  },

  'several versions in one call keep the newest and count as one paper': async ({ store }) => {
    const job = await createJob(store);
    const versions = [1, 3, 2].map((n) => paper({ version: n, title: `version ${n}` }));
    expect(await store.savePapers(job, versions)).toEqual({ added: 1 });
    expect((await store.getPapers(['2401.00001']))[0]?.title).toBe('version 3');
  },

  'the same version seen again brings its corrections': async ({ store }) => {
    const job = await createJob(store);
    await store.savePapers(job, [paper({ withdrawn: false })]);
    await store.savePapers(job, [paper({ withdrawn: true })]);
    const [kept, ...more] = await store.getPapers(['2401.00001']);
    expect([kept?.withdrawn, more]).toEqual([true, []]);
  },

  'saving a page twice counts the same, and changes nothing': async ({ store }) => {
    const job = await createJob(store);
    const page = ['2401.00001', '2401.00002'].map((arxiv_id) => paper({ arxiv_id }));
    const ids = page.map(({ arxiv_id }) => arxiv_id);
    expect(await store.savePapers(job, page)).toEqual({ added: 2 });
    const before = await store.getPapers(ids);
    expect(await store.savePapers(job, page)).toEqual({ added: 2 });
    expect(await store.getPapers(ids)).toEqual(before);
  },

  'a paper counts for the job that saw it first, newer version or not': async ({ store }) => {
    const first = await createJob(store);
    const second = await createJob(store);
    await store.savePapers(first, [paper({ arxiv_id: 'a/1' })]);
    const page = [paper({ arxiv_id: 'a/1', version: 2 }), paper({ arxiv_id: 'a/2' })];
    expect(await store.savePapers(second, page)).toEqual({ added: 1 });
    expect(await store.savePapers(first, page)).toEqual({ added: 1 });
  },

  'a page without papers adds none': async ({ store }) => {
    expect(await store.savePapers(await createJob(store), [])).toEqual({ added: 0 });
  },

  'papers outlive the job that saw them': async ({ store }) => {
    const job = await createJob(store);
    await store.savePapers(job, [paper()]);
    await store.deleteJob(job);
    expect(await store.getPapers(['2401.00001'])).toHaveLength(1);
  },
};
