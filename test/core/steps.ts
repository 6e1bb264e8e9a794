// A job run until it is at its end, for tests of its steps.
import type { JobContext } from '../../src/index.ts';
import { detailOf, jobOf } from '../support/store.ts';
import { createLine, demo } from './line.ts';

type Run = (ctx: JobContext) => unknown;

/** Drains until the job is at its end; each retry is due at once. */
export const runToEnd = async (run: Run) => {
  const line = await createLine([demo(run)]);
  const id = await line.create({ retry_delay_seconds: 0 });
  for (let drains = 0; drains < 8; drains += 1) {
    await line.drain({ max_jobs: 1 });
    if ((await jobOf(line.store, id)).finished_at !== null) break;
  }
  return { line, id, ...(await detailOf(line.store, id)) };
};

/** Throws in the first execution of a job. */
export const failOnce = ({ fence }: JobContext) => {
  if (fence.lock_epoch === 1) throw new Error('the first time');
};
