// What the tests of paper_fetch share: one job sent through the line to one arXiv.
import type { Store } from '../../src/core/store.ts';
import { paperFetch } from '../../src/jobs/paper_fetch/job.ts';
import type { Line } from './line.ts';
import { type Answer, type Asked, serveArxiv } from './servers.ts';

/** One instance, one arXiv, one job; runs it once. */
export const fetchOnce = async (
  line: Line,
  answer: (asked: Asked, number: number) => Answer | Promise<Answer>,
  config: object = { keywords: ['queue'] },
  page_size = 10,
) => {
  const { url, asked } = await serveArxiv(answer, line.now);
  const definitions = (store: Store) => [paperFetch({ store, arxiv_api_url: url, page_size })];
  const instance = await line.instance(definitions);
  const job_id = await line.create(instance.store, 'paper_fetch', config);
  const ended = await line.until(instance.run());
  return { asked, definitions, instance, job_id, ended, store: instance.store };
};
