// Asking arXiv once: what is bounded, and how waiting ends.
import { describe, expect, test } from '@jest/globals';
import { askArxiv } from '../../src/jobs/paper_fetch/client.ts';
import { feedPaper, recentFeed } from './feeds.ts';
import { listen, serveArxiv } from './servers.ts';

const request = (api_url: string) => ({
  api_url,
  search_query: 'submittedDate:[202601010000 TO 202602010000] AND ti:"a & b"',
  start: 20,
  max_results: 10,
});
const never = new AbortController().signal;

describe('a question to arXiv', () => {
  test('arrives as it was asked, with brackets, quotes and signs escaped', async () => {
    const { url, asked } = await serveArxiv(() => ({ body: recentFeed([feedPaper()]) }));
    const sent = request(`${url}?key=kept`);
    const answer = await askArxiv(sent, never);
    expect(answer).toMatchObject({ kind: 'feed', feed: { total_results: 1 } });
    const { search_query, start, max_results } = sent;
    expect(asked).toMatchObject([{ search_query, start, max_results }]);
  });

  test('takes no answer over 16 MiB', async () => {
    const { url } = await serveArxiv(() => ({ body: ' '.repeat(17 * 1024 * 1024) }));
    await expect(askArxiv(request(url), never)).rejects.toThrow('it is over 16777216 bytes');
  });

  test('ends with the reason of the signal, also while the answer comes in', async () => {
    for (const begin of [false, true]) {
      const abort = new AbortController();
      const reason = new Error('told to stop');
      const { url } = await listen((_request, response) => {
        if (begin) response.write('<feed');
        abort.abort(reason);
      });
      await expect(askArxiv(request(url), abort.signal)).rejects.toBe(reason);
      await expect(askArxiv(request(url), abort.signal)).rejects.toBe(reason);
    }
  });

  test('ends when arXiv takes too long', async () => {
    const { url } = await listen(() => {});
    const asking = askArxiv(request(url), never, 50);
    await expect(asking).rejects.toThrow('arXiv did not answer within 0.05 seconds');
  });

  test('is no success when the connection breaks off', async () => {
    const { url } = await listen((_request, response) => {
      response.writeHead(200, { 'content-length': 1000 });
      response.write('<feed', () => response.destroy());
    });
    const asking = askArxiv(request(url), never);
    await expect(asking).rejects.toThrow(`arXiv could not be reached, or broke off, at ${url}`);
  });
});
