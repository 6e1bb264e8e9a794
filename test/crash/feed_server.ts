// A small feed over real HTTP, which tells how often it was asked for what.
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { type FeedPaper, feedPaper, feedPapers, recentFeed } from '../jobs/feeds.ts';

/** Thirty entries of 29 papers: the last one is an older version of the third. */
export const ENTRIES: FeedPaper[] = [
  ...feedPapers(29).map((paper, index) => (index === 2 ? { ...paper, id: '2401.00003v2' } : paper)),
  feedPaper({ id: '2401.00003v1', title: 'Queue 3, as it was first' }),
];

export interface FeedServer {
  url: string;
  /** `start` of each request, in order */
  asked: number[];
  /** Resolves when the request of that number, counted from 1, has come in. */
  request(number: number): Promise<void>;
  close(): void;
}

export const serveEntries = async (): Promise<FeedServer> => {
  const asked: number[] = [];
  const waiting = new Map<number, () => void>();
  const server = createServer((request, response) => {
    const { searchParams } = new URL(request.url ?? '/', 'http://here');
    const start = Number(searchParams.get('start'));
    const end = start + Number(searchParams.get('max_results'));
    const query = searchParams.get('search_query') ?? '';
    asked.push(start);
    waiting.get(asked.length)?.();
    response.setHeader('content-type', 'application/atom+xml');
    response.end(recentFeed(ENTRIES.slice(start, end), { query, total: ENTRIES.length, start }));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}/api/query`,
    asked,
    request: (number) =>
      new Promise((resolve) => {
        if (asked.length >= number) resolve();
        else waiting.set(number, resolve);
      }),
    close: () => {
      server.close();
      server.closeAllConnections();
    },
  };
};
