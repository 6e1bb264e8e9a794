// paper_fetch: searches arXiv, newest first, and keeps the papers' metadata.
import { defineJob, type JobContext } from '../../core/definition.ts';
import { configSchema, type PaperFetchConfig, resolveSearch } from './config.ts';
import { writePapers } from './output.ts';
import type { PaperStore } from './page.ts';
import { buildQuery } from './query.ts';

export interface PaperFetchDeps {
  store: PaperStore;
  arxiv_api_url: string;
  /** entries asked for at once; 100 unless given, arXiv allows 2000 */
  page_size?: number;
}

/** What is asked for, fixed by the first execution: a later one goes on with the same question. */
const makePlan = async (ctx: JobContext<PaperFetchConfig>) => {
  const { max_papers, output, ...question } = await resolveSearch(ctx.config);
  return { search_query: buildQuery(question, ctx.started_at), max_papers, output };
};

/** Every page is a step, so a run that died goes on at the page it was on. */
const fetchAll = async (
  ctx: JobContext,
  { store, arxiv_api_url, page_size = 100 }: PaperFetchDeps,
  search_query: string,
  max_papers: number,
) => {
  // Loaded here because its XML parser takes longer to load than all the rest of an empty drain.
  const { fetchPage } = await import('./page.ts');
  const seen = new Set<string>();
  let [start, pages, added, total] = [0, 0, 0, 0];
  let wanted = max_papers;
  while (start < wanted) {
    const max_results = Math.min(page_size, max_papers - start);
    const request = { api_url: arxiv_api_url, search_query, start, max_results };
    const page = await ctx.step(`page-${start}`, () => fetchPage(ctx, store, request, seen));
    for (const id of page.ids) seen.add(id);
    pages += 1;
    added += page.added;
    total = page.total;
    wanted = Math.min(total, max_papers);
    if (page.count === 0) break;
    start += page.count;
    await ctx.progress(Math.min(100, (100 * start) / wanted), `${seen.size} papers`);
  }
  const complete = start >= wanted;
  if (!complete) {
    ctx.log.warn('arXiv stopped before the end of its results', { received: start, total });
  }
  return { ids: [...seen], pages, added, total, complete };
};

/** Result: the query, counts, whether all that was asked for came, and where the papers are. */
export const paperFetch = (deps: PaperFetchDeps) =>
  defineJob({
    type: 'paper_fetch',
    config: configSchema,
    retry: { max_retries: 5, delay_seconds: 60 },
    run: async (ctx) => {
      const plan = await ctx.step('plan', () => makePlan(ctx));
      const { search_query, max_papers, output } = plan;
      const { ids, pages, added, total, complete } = await fetchAll(
        ctx,
        deps,
        search_query,
        max_papers,
      );
      const path =
        output === null
          ? null
          : await ctx.step('output', () => writePapers(deps.store, ids, output, ctx.fence));
      return {
        query: search_query,
        papers_found: ids.length,
        papers_new: added,
        pages,
        total_results: total,
        complete,
        saved_to: path === null ? 'papers table' : `papers table, ${path}`,
        output: path,
      };
    },
  });
