// paper_fetch on the real line: a real SQLite store, a real HTTP server, and a time of its own.
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import type { Store } from '../../src/core/store.ts';
import { paperFetch } from '../../src/jobs/paper_fetch/job.ts';
import { detailOf } from '../support/store.ts';
import { feedPaper, feedPapers } from './feeds.ts';
import { fetchOnce } from './fetching.ts';
import { createLine, type Line } from './line.ts';
import { pagesOf, serveArxiv } from './servers.ts';

let line: Line;
beforeEach(async () => {
  line = await createLine();
});
afterEach(() => line.close());

const idsOf = (count: number): string[] => feedPapers(count).map(({ id }) => id.replace('v1', ''));

describe('paper_fetch', () => {
  test('pages through a search, newest first, and saves every paper', async () => {
    const { asked, ended, store } = await fetchOnce(line, pagesOf(feedPapers(25)));
    expect(asked.map(({ start, max_results }) => [start, max_results])).toEqual([
      [0, 10],
      [10, 10],
      [20, 10],
    ]);
    expect(asked[0]).toMatchObject({
      search_query: 'all:queue',
      sorted: 'submittedDate descending',
      user_agent: expect.stringContaining('cloud-jobs'),
    });
    expect(ended).toMatchObject({
      status: 'success',
      result: {
        query: 'all:queue',
        papers_found: 25,
        papers_new: 25,
        pages: 3,
        total_results: 25,
        complete: true,
        saved_to: 'papers table',
      },
    });
    const titles = (await store.getPapers(idsOf(25))).map(({ title }) => title);
    expect(titles).toEqual(feedPapers(25).map(({ title }) => title));
  });

  test('stops at max_papers and asks for no more than it needs', async () => {
    const config = { keywords: ['queue'], max_papers: 13 };
    const { asked, ended } = await fetchOnce(line, pagesOf(feedPapers(40)), config);
    expect(asked.map(({ max_results }) => max_results)).toEqual([10, 3]);
    expect(ended.result).toMatchObject({ papers_found: 13, total_results: 40, complete: true });
  });

  test('takes no more than it asked for when a page is longer', async () => {
    const config = { keywords: ['queue'], max_papers: 3 };
    const { ended } = await fetchOnce(
      line,
      (one) => pagesOf(feedPapers(9))({ ...one, max_results: 9 }),
      config,
    );
    expect(ended.result).toMatchObject({ papers_found: 3, pages: 1, complete: true });
  });

  test('asks once every three seconds, two instances together', async () => {
    const { url, asked } = await serveArxiv(pagesOf(feedPapers(30)), line.now);
    const definitions = (store: Store) => [
      paperFetch({ store, arxiv_api_url: url, page_size: 10 }),
    ];
    const [a, b] = [await line.instance(definitions), await line.instance(definitions)];
    await line.create(a.store, 'paper_fetch', { keywords: ['one'] });
    await line.create(a.store, 'paper_fetch', { keywords: ['two'] });
    const ended = await line.until(Promise.all([a.run(), b.run()]));
    expect(ended.map(({ status }) => status)).toEqual(['success', 'success']);
    expect(asked).toHaveLength(6);
    const gaps = asked.slice(1).map(({ at }, index) => at - asked[index]!.at);
    expect(Math.min(...gaps)).toBeGreaterThanOrEqual(3000);
    expect(Math.max(...gaps)).toBeLessThan(3001);
    for (const word of ['one', 'two']) {
      const own = asked.filter(({ search_query }) => search_query === `all:${word}`);
      expect(own.map(({ start }) => start)).toEqual([0, 10, 20]);
    }
  });

  test('saves nothing new when the same search is run again', async () => {
    const first = await fetchOnce(line, pagesOf(feedPapers(12)));
    await line.create(first.store, 'paper_fetch', { keywords: ['queue'] });
    const again = await line.until(first.instance.run());
    expect(first.ended.result).toMatchObject({ papers_new: 12 });
    expect(again.result).toMatchObject({ papers_found: 12, papers_new: 0 });
  });

  test('keeps one row for all versions of a paper, a withdrawal being one of them', async () => {
    const versions = [
      feedPaper({ id: '2401.00007v1', title: 'First' }),
      feedPaper({ id: '2401.00007v3', title: 'Third', comment: 'Withdrawn: Lemma 2 is wrong' }),
      feedPaper({ id: '2401.00007v2', title: 'Second' }),
    ];
    const { ended, store } = await fetchOnce(line, pagesOf(versions), { keywords: ['a'] }, 2);
    expect(ended.result).toMatchObject({ papers_found: 1, papers_new: 1, pages: 2 });
    expect(await store.getPapers(['2401.00007'])).toMatchObject([
      { version: 3, title: 'Third', withdrawn: true },
    ]);
  });

  test('counts a paper once that slips onto the next page, and keeps its newer version', async () => {
    const papers = feedPapers(20);
    const { ended, store } = await fetchOnce(line, (one) => {
      if (one.start === 0) return pagesOf(papers)(one);
      const later = papers.map((paper) => ({ ...paper, id: paper.id.replace('v1', 'v2') }));
      return pagesOf(later)({ ...one, start: one.start - 1 });
    });
    expect(ended.result).toMatchObject({ papers_found: 19, papers_new: 19, complete: true });
    const kept = await store.getPapers(idsOf(20));
    expect(kept.map(({ version }) => version)).toEqual([...Array(9).fill(1), ...Array(10).fill(2)]);
  });

  test('goes on at the page on which another instance died, with the same question', async () => {
    const serve = pagesOf(feedPapers(30));
    const { url, asked } = await serveArxiv(async (one, number) => {
      if (number === 1) await line.hold();
      return serve(one);
    }, line.now);
    const definitions = (store: Store) => [
      paperFetch({ store, arxiv_api_url: url, page_size: 10 }),
    ];
    const [dying, next] = [await line.instance(definitions), await line.instance(definitions)];
    const config = { keywords: ['queue'], days_back: 2 };
    const job_id = await line.create(dying.store, 'paper_fetch', config);
    const stale = dying.run();
    const reached = async () => {
      while (asked.length < 2) await new Promise(setImmediate);
    };
    await line.until(reached());
    dying.freeze();
    await line.advance(180);
    const ended = await line.until(next.run());
    expect(ended).toMatchObject({ status: 'success', lock_epoch: 2 });
    expect(ended.result).toMatchObject({ papers_found: 30, papers_new: 30, pages: 3 });
    expect(asked.map(({ start }) => start)).toEqual([0, 10, 10, 20]);
    expect(new Set(asked.map(({ search_query }) => search_query)).size).toBe(1);
    line.releaseAll();
    expect(await line.until(stale)).toMatchObject({ status: 'lost', job_status: null });
    const { executions } = await detailOf(next.store, job_id);
    expect(executions.map(({ status }) => status).sort()).toEqual(['lost', 'success']);
  });
});
