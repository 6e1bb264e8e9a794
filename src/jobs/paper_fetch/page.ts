// One page of a search: asked for politely, read, saved; its short account is what the step keeps.
import type { JobContext } from '../../core/definition.ts';
import type { Paper } from '../../core/paper.ts';
import type { Store } from '../../core/store.ts';
import { RetryLater } from '../../errors.ts';
import { askArxiv, type PageRequest } from './client.ts';
import type { Feed } from './feed.ts';
import { rewrittenQuery } from './query.ts';

export type PaperStore = Pick<Store, 'savePapers' | 'getPapers' | 'takeTurn'>;

export interface Page {
  /** arXiv ids without version, each once */
  ids: string[];
  /** papers this job was the first to see */
  added: number;
  /** entries of the page, versions counted apart: the next page begins after them */
  count: number;
  total: number;
}

/** arXiv's terms: one request every three seconds for all machines together. A mirror has its own. */
const limiterOf = ({ api_url }: PageRequest): string => `arxiv ${new URL(api_url).host}`;
const SECONDS_APART = 3;
const SECONDS_WHEN_BUSY = 180;
const EMPTY_ASKED_AGAIN = 3;

/** Keeps every instance away for `seconds` from now, and answers how long the limiter is busy. */
const holdBack = async (store: PaperStore, limiter: string, seconds: number): Promise<number> => {
  // A turn of no length only tells how long others are held back already: two instances that are
  // turned away together shall not add up their pauses.
  const { wait_seconds } = await store.takeTurn(limiter, 0);
  if (wait_seconds >= seconds) return wait_seconds;
  await store.takeTurn(limiter, seconds - wait_seconds);
  return seconds;
};

const ask = async (ctx: JobContext, store: PaperStore, request: PageRequest): Promise<Feed> => {
  await ctx.throttle(limiterOf(request), SECONDS_APART);
  const answer = await askArxiv(request, ctx.signal);
  if (answer.kind === 'feed') return answer.feed;
  const asked = answer.retry_after_seconds ?? SECONDS_WHEN_BUSY;
  const pause = await holdBack(store, limiterOf(request), Math.max(asked, SECONDS_APART));
  throw new RetryLater(pause, `arXiv is busy (HTTP ${answer.status})`);
};

/** Several versions of one paper may be in one answer: the newest stays. */
const newestOf = (papers: Paper[]): Paper[] => {
  const byId = new Map<string, Paper>();
  for (const paper of papers) {
    const other = byId.get(paper.arxiv_id);
    if (other === undefined || other.version < paper.version) byId.set(paper.arxiv_id, paper);
  }
  return [...byId.values()];
};

const save = async (
  ctx: JobContext,
  store: PaperStore,
  papers: Paper[],
  seen: ReadonlySet<string>,
): Promise<{ ids: string[]; added: number }> => {
  const newest = newestOf(papers);
  // A paper can slip onto a second page while arXiv adds others: saved again, but counted once.
  const again = newest.filter(({ arxiv_id }) => seen.has(arxiv_id));
  const first = newest.filter(({ arxiv_id }) => !seen.has(arxiv_id));
  if (again.length > 0) await store.savePapers(ctx.job.job_id, again);
  const { added } = first.length > 0 ? await store.savePapers(ctx.job.job_id, first) : { added: 0 };
  return { ids: newest.map(({ arxiv_id }) => arxiv_id), added };
};

/**
 * Asks, saves and gives the account. A page that is empty although the search has more is asked for
 * again up to three times, for arXiv sends such pages now and then; still empty, its `count` is 0.
 * If the process dies here, the page is asked for again: saving it twice changes nothing.
 */
export const fetchPage = async (
  ctx: JobContext,
  store: PaperStore,
  request: PageRequest,
  seen: ReadonlySet<string>,
): Promise<Page> => {
  let feed = await ask(ctx, store, request);
  for (let again = 0; again < EMPTY_ASKED_AGAIN; again += 1) {
    if (feed.papers.length > 0 || feed.total_results <= request.start) break;
    ctx.log.info('arXiv sent an empty page; asking again', { start: request.start });
    feed = await ask(ctx, store, request);
  }
  const rewritten = rewrittenQuery(request.search_query, feed.title);
  if (rewritten !== null) {
    const fields = { sent: request.search_query, searched: rewritten };
    ctx.log.warn('arXiv searched for something else than was asked', fields);
  }
  const papers = feed.papers.slice(0, request.max_results);
  const { ids, added } = await save(ctx, store, papers, seen);
  return { ids, added, count: papers.length, total: feed.total_results };
};
