// Real HTTP servers on 127.0.0.1 for one test file; they are gone when its last test is over.
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll } from '@jest/globals';
import { type FeedPaper, recentFeed } from './feeds.ts';

const closers: (() => void)[] = [];

afterAll(() => {
  for (const close of closers.splice(0)) close();
});

type Listener = (request: IncomingMessage, response: ServerResponse) => void | Promise<void>;

/** Answers `http://127.0.0.1:PORT`. */
export const listen = async (listener: Listener): Promise<{ url: string; port: number }> => {
  const server = createServer((request, response) => void listener(request, response));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  closers.push(() => {
    server.close();
    server.closeAllConnections();
  });
  const { port } = server.address() as AddressInfo;
  return { url: `http://127.0.0.1:${port}`, port };
};

export interface Asked {
  search_query: string;
  start: number;
  max_results: number;
  sorted: string;
  user_agent: string;
  /** what `now` said when the request came in */
  at: number;
}

export interface Answer {
  status?: number;
  headers?: Record<string, string>;
  body: string;
}

/** arXiv's query interface: `answer` is called with each request and its number, beginning at 0. */
export const serveArxiv = async (
  answer: (asked: Asked, number: number) => Answer | Promise<Answer>,
  now: () => number = () => 0,
) => {
  const asked: Asked[] = [];
  const { url } = await listen(async (request, response) => {
    const { searchParams } = new URL(request.url!, 'http://here');
    const one: Asked = {
      search_query: searchParams.get('search_query')!,
      start: Number(searchParams.get('start')),
      max_results: Number(searchParams.get('max_results')),
      sorted: `${searchParams.get('sortBy')} ${searchParams.get('sortOrder')}`,
      user_agent: request.headers['user-agent'] ?? '',
      at: now(),
    };
    asked.push(one);
    const { status = 200, headers = {}, body } = await answer(one, asked.length - 1);
    response.writeHead(status, { 'content-type': 'application/atom+xml', ...headers }).end(body);
  });
  return { url: `${url}/api/query`, asked };
};

/** Pages through these papers as arXiv does. */
export const pagesOf =
  (papers: FeedPaper[]) =>
  ({ search_query, start, max_results }: Asked): Answer => ({
    body: recentFeed(papers.slice(start, start + max_results), {
      query: search_query,
      total: papers.length,
      start,
    }),
  });
