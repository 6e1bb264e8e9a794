// Our store as a contender: the first pick alone, then each record together with the next pick.
import type { ClaimRequest } from '../../../src/core/claim.ts';
import type { Store } from '../../../src/core/store.ts';
import { newId } from '../../../src/ids.ts';
import { migratePostgres } from '../../../src/stores/postgres/migrate.ts';
import { openPostgres } from '../../../src/stores/postgres.ts';
import { newJob, succeeded } from '../../support/jobs.ts';
import { type Contender, onEach, openSeveral, payload } from './contender.ts';

const request = (batch: number): ClaimRequest => ({
  instance_id: 'bench',
  job_types: ['custom', 'http_request', 'maintenance', 'paper_fetch'],
  execution_ids: Array.from({ length: batch }, newId),
  lock_seconds: 120,
  trigger: 'bench',
});

const untilEmpty = async (store: Store, batch: number): Promise<number> => {
  let jobs = 0;
  let { picks } = await store.claimJobs(request(batch));
  while (picks.length > 0) {
    const records = picks.map((pick) => succeeded(pick));
    const { verdicts, claim } = await store.recordExecutions(records, request(batch));
    if (verdicts.includes('lost')) throw new Error('a job was lost');
    jobs += picks.length;
    picks = claim?.picks ?? [];
  }
  return jobs;
};

/** `batch` = jobs of one call. */
export const ours = (batch: number): Contender => ({
  install: async (url) => void (await migratePostgres(url)),
  open: async (url, connections) => {
    const stores = await openSeveral(connections, () => openPostgres(url));
    return {
      create: async (jobs) => {
        const job = () =>
          newJob({ job_id: newId(), name: 'bench', job_type: 'custom', config: payload });
        await stores[0]?.createJobs(Array.from({ length: jobs }, job));
      },
      drain: () => onEach(stores, (store) => untilEmpty(store, batch)),
      close: async () => void (await Promise.all(stores.map((store) => store.close()))),
    };
  },
});
