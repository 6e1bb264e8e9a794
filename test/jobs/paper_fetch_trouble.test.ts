// paper_fetch when arXiv is empty, busy, broken or away.
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import type { Store } from '../../src/core/store.ts';
import { paperFetch } from '../../src/jobs/paper_fetch/job.ts';
import { errorFeed, feedPaper, feedPapers, recentFeed } from './feeds.ts';
import { fetchOnce } from './fetching.ts';
import { createLine, type Line, logged } from './line.ts';
import { pagesOf, serveArxiv } from './servers.ts';

let line: Line;
beforeEach(async () => {
  line = await createLine();
});
afterEach(() => line.close());

describe('paper_fetch, when arXiv misbehaves,', () => {
  test('asks again for an empty page in the middle, behind the limiter', async () => {
    const serve = pagesOf(feedPapers(20));
    const { asked, ended, instance } = await fetchOnce(line, (one, number) =>
      number === 1 || number === 2
        ? { body: recentFeed([], { query: one.search_query, total: 20, start: one.start }) }
        : serve(one),
    );
    expect(asked.map(({ start }) => start)).toEqual([0, 10, 10, 10]);
    expect(asked.map(({ at }) => at)).toEqual([0, 3000, 6000, 9000]);
    expect(ended.result).toMatchObject({ papers_found: 20, complete: true });
    expect(logged(instance, 'warn')).toEqual([]);
  });

  test('takes a page that stays empty for the end, and says so', async () => {
    const serve = pagesOf(feedPapers(10));
    const { asked, ended, instance } = await fetchOnce(line, (one) =>
      one.start === 0
        ? { body: serve(one).body.replace('>10</opensearch:total', '>99</opensearch:total') }
        : { body: recentFeed([], { query: one.search_query, total: 99, start: one.start }) },
    );
    expect(asked.map(({ start }) => start)).toEqual([0, 10, 10, 10, 10]);
    expect(ended).toMatchObject({ status: 'success', result: { complete: false } });
    expect(ended.result).toMatchObject({ papers_found: 10, total_results: 99 });
    expect(logged(instance, 'warn')).toEqual(['arXiv stopped before the end of its results']);
  });

  test('goes on after the entries it got when a page is short', async () => {
    const papers = feedPapers(20);
    const { asked, ended } = await fetchOnce(line, (one, number) =>
      number === 0 ? pagesOf(papers)({ ...one, max_results: 7 }) : pagesOf(papers)(one),
    );
    expect(asked.map(({ start }) => start)).toEqual([0, 7, 17]);
    expect(ended.result).toMatchObject({ papers_found: 20, complete: true });
  });

  test.each([200, 400])('fails at once on an error feed with status %i', async (status) => {
    const { asked, ended } = await fetchOnce(line, () => ({
      status,
      body: errorFeed('bad query'),
    }));
    expect(ended).toMatchObject({ status: 'failed', job_status: 'failed' });
    expect(ended.error_message).toBe('arXiv refused the query: bad query');
    expect(asked).toHaveLength(1);
  });

  test.each([429, 503, 406])('comes back later on %i, and holds everyone back', async (status) => {
    const body = 'Rate exceeded.';
    const { url, asked } = await serveArxiv(
      (one, number) => (number === 0 ? { status, body } : pagesOf(feedPapers(5))(one)),
      line.now,
    );
    const definitions = (store: Store) => [paperFetch({ store, arxiv_api_url: url })];
    const [a, b] = [await line.instance(definitions), await line.instance(definitions)];
    await line.create(a.store, 'paper_fetch', { keywords: ['one'] });
    const turnedAway = await line.until(a.run());
    expect(turnedAway).toMatchObject({ status: 'yielded', job_status: 'waiting' });
    expect(turnedAway.error_message).toBe(`arXiv is busy (HTTP ${status})`);
    expect(turnedAway.retry_in_seconds).toBe(180);
    await line.create(b.store, 'paper_fetch', { keywords: ['two'] });
    expect(await line.until(b.run())).toMatchObject({ status: 'success' });
    expect(asked[1]!.at).toBeGreaterThanOrEqual(180_000);
    const resumed = await line.until(a.run());
    expect(resumed).toMatchObject({ status: 'success', result: { papers_found: 5 } });
  });

  test('does not add up the pauses of two instances that are turned away together', async () => {
    const { url } = await serveArxiv(() => ({ status: 429, body: 'Rate exceeded.' }), line.now);
    const definitions = (store: Store) => [paperFetch({ store, arxiv_api_url: url })];
    const [a, b] = [await line.instance(definitions), await line.instance(definitions)];
    await line.create(a.store, 'paper_fetch', { keywords: ['one'] });
    await line.create(a.store, 'paper_fetch', { keywords: ['two'] });
    const ended = await line.until(Promise.all([a.run(), b.run()]));
    expect(ended.map(({ retry_in_seconds }) => retry_in_seconds)).toEqual([180, 180]);
    const limiter = `arxiv ${new URL(url).host}`;
    const { wait_seconds } = await a.store.takeTurn(limiter, 0);
    expect(wait_seconds).toBeLessThanOrEqual(180);
    expect(wait_seconds).toBeGreaterThan(175);
  });

  test.each([
    ['20', 20],
    ['0.3', 3],
    ['Sat, 17 May 2031 10:00:40 GMT', 40],
  ])('obeys Retry-After %j', async (retryAfter, seconds) => {
    const date = 'Sat, 17 May 2031 10:00:00 GMT';
    const headers = { 'retry-after': retryAfter, date };
    const { ended } = await fetchOnce(line, () => ({
      status: 429,
      headers,
      body: 'Rate exceeded.',
    }));
    expect(ended).toMatchObject({ status: 'yielded', retry_in_seconds: seconds });
  });

  test.each([
    [404, 'failed', 'arXiv answered HTTP 404'],
    [500, 'waiting', 'arXiv answered HTTP 500'],
  ])('on HTTP %i the job is %s', async (status, job_status, error_message) => {
    const { ended } = await fetchOnce(line, () => ({ status, body: 'sorry' }));
    expect(ended).toMatchObject({ status: 'failed', job_status, error_message });
  });

  test('retries when the answer is no feed, or there is none', async () => {
    const { ended, instance } = await fetchOnce(line, () => ({ body: 'Rate exceeded.' }));
    expect(ended).toMatchObject({ status: 'failed', job_status: 'waiting' });
    expect(ended.error_message).toMatch(/^arXiv's answer is not a feed: /);
    const nobody = await line.instance((store) => [
      paperFetch({ store, arxiv_api_url: 'http://127.0.0.1:1/api' }),
    ]);
    await line.create(instance.store, 'paper_fetch', { keywords: ['a'] });
    const unreached = await line.until(nobody.run());
    expect(unreached).toMatchObject({ status: 'failed', job_status: 'waiting' });
    expect(unreached.error_message).toContain('http://127.0.0.1:1/api');
  });

  test('warns when arXiv searched for something else', async () => {
    const { instance, ended } = await fetchOnce(line, () => ({
      body: recentFeed([feedPaper()], { query: 'all:something' }),
    }));
    expect(ended.status).toBe('success');
    const warning = instance.events.find((event) => event.event === 'job.log');
    expect(warning).toMatchObject({
      level: 'warn',
      fields: { sent: 'all:queue', searched: 'all:something' },
    });
  });
});
