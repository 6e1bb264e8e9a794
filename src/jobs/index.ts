// The job types that come with the runner, one line each.
import type { AnyDefinition } from '../core/definition.ts';
import type { Store } from '../core/store.ts';
import { custom, type Tasks } from './custom.ts';
import { type HttpRequestDeps, httpRequest } from './http_request/job.ts';
import { maintenance } from './maintenance.ts';
import { paperFetch } from './paper_fetch/job.ts';

export interface ShippedJobsDeps {
  store: Pick<Store, 'savePapers' | 'getPapers' | 'takeTurn' | 'prune' | 'vacuum'>;
  /** address of arXiv's query interface */
  arxiv_api_url: string;
  http: HttpRequestDeps;
  /** functions of the `custom` type, by task_type */
  tasks: Tasks;
}

/** Every shipped definition, ready for the registry. */
export const shippedJobs = ({
  store,
  arxiv_api_url,
  http,
  tasks,
}: ShippedJobsDeps): AnyDefinition[] => [
  paperFetch({ store, arxiv_api_url }),
  maintenance(store),
  custom(tasks),
  httpRequest(http),
];
