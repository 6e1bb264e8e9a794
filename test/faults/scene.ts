// A queue whose store is in trouble: jobs whose work is counted outside of the database, and
// everything that should not be once they are done.
import * as z from 'zod';
import { type AnyDefinition, defineJob, type JobContext } from '../../src/core/definition.ts';
import type { Fence } from '../../src/core/job.ts';
import type { Store } from '../../src/core/store.ts';
import { newJob } from '../support/jobs.ts';
import { query } from '../support/servers/postgres.ts';

export type Effect = Pick<Fence, 'job_id' | 'lock_epoch'>;

/** Creates `count` jobs of type `demo`; answers their ids. */
export const createDemo = async (store: Store, count: number, more = {}): Promise<string[]> => {
  const jobs = Array.from({ length: count }, () => newJob(more));
  await store.createJobs(jobs);
  return jobs.map(({ job_id }) => job_id);
};

/** Code for them; `run` is told how many executions began before. */
export const counting = (
  effects: Effect[],
  run: (before: number, ctx: JobContext) => unknown = () => undefined,
): AnyDefinition[] => [
  defineJob({
    type: 'demo',
    config: z.unknown(),
    run: async (ctx) => {
      const { job_id, lock_epoch } = ctx.fence;
      effects.push({ job_id, lock_epoch });
      await run(effects.length - 1, ctx);
      return { epoch: lock_epoch };
    },
  }),
];

const STATES = `
  SELECT j.job_id, j.status, j.lock_epoch::int AS lock_epoch,
    array_agg(e.status ORDER BY e.lock_epoch) AS executions,
    array_agg(e.lock_epoch::int ORDER BY e.lock_epoch) AS epochs,
    array_agg((e.result ->> 'epoch')::int ORDER BY e.lock_epoch) AS results
  FROM cloud_jobs j JOIN cloud_job_executions e ON e.job_id = j.job_id GROUP BY j.job_id`;

interface State {
  job_id: string;
  status: string;
  lock_epoch: number;
  executions: string[];
  epochs: number[];
  results: (number | null)[];
}

/** What one job should not look like; its executions may be lost as long as the last one is not. */
const strange = (state: State | undefined, effects: number[]): string[] => {
  if (state === undefined) return ['it was never executed, or is gone'];
  const { status, lock_epoch, executions, epochs, results } = state;
  const last = executions.at(-1);
  const others = executions.slice(0, -1).filter((each) => each !== 'lost');
  const expected = epochs.map((_, index) => index + 1);
  const faults: [string, boolean][] = [
    ['it is no success', status !== 'success' || last !== 'success'],
    ['it succeeded more than once', others.length > 0],
    ['its epochs have gaps', String(epochs) !== String(expected) || epochs.at(-1) !== lock_epoch],
    ['its result is of another execution', results.at(-1) !== lock_epoch],
    ['its work was done twice in one execution', new Set(effects).size !== effects.length],
    ['the work of its success was not done', !effects.includes(lock_epoch)],
  ];
  return faults.filter(([, found]) => found).map(([sentence]) => sentence);
};

/**
 * Every violation as one sentence: each job is done by now, by exactly one execution; others of it,
 * as many as `lost` says, were lost. `url` is the database's.
 */
export const violations = async (
  url: string,
  jobIds: string[],
  effects: Effect[],
  { lost = 0 } = {},
): Promise<string[]> => {
  const states = new Map((await query<State>(url, STATES)).map((state) => [state.job_id, state]));
  const epochs = new Map<string, number[]>();
  for (const { job_id, lock_epoch } of effects) {
    epochs.set(job_id, [...(epochs.get(job_id) ?? []), lock_epoch]);
  }
  const faults = jobIds.flatMap((jobId) => {
    const state = states.get(jobId);
    const found = strange(state, epochs.get(jobId) ?? []);
    return found.map((fault) => `${fault}: ${jobId} ${JSON.stringify(state)}`);
  });
  const all = [...states.values()];
  const known = new Set(jobIds);
  for (const { job_id } of all) if (!known.has(job_id)) faults.push(`a stranger: ${job_id}`);
  const losses = all.flatMap(({ executions }) => executions.filter((each) => each === 'lost'));
  if (losses.length !== lost) faults.push(`${losses.length} executions were lost, not ${lost}`);
  return faults;
};

/** Every lock has run out, as if its time were over. */
export const expireLocks = async (url: string): Promise<void> => {
  await query(url, "UPDATE cloud_jobs SET lock_expires_at = now() WHERE status = 'locked'");
};

/** Waits until it holds; whoever waits in vain is ended by the test's own time. */
export const until = async (holds: () => unknown): Promise<void> => {
  while (!(await holds())) await new Promise((resolve) => setTimeout(resolve, 5));
};
