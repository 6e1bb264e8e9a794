// maintenance: deletes old executions, events, slots and finished jobs in bounded batches.
import * as z from 'zod';
import { defineJob } from '../core/definition.ts';
import type { Store } from '../core/store.ts';

/** rows of each kind per transaction: small enough that no pick waits for it */
const BATCH = 500;
const BATCHES_PER_REPORT = 10;

const config = z.lazy(() =>
  z.strictObject({
    /** only what ended at least this many days ago is deleted */
    cleanup_days: z.number().min(0).default(30),
    cleanup_executions: z.boolean().default(true),
    cleanup_jobs: z.boolean().default(true),
    vacuum: z.boolean().default(false),
  }),
);

/** Each batch is a transaction of its own: a run that dies leaves its batches deleted, the next goes on. */
export const maintenance = (store: Pick<Store, 'prune' | 'vacuum'>) =>
  defineJob({
    type: 'maintenance',
    config,
    run: async (ctx) => {
      const { cleanup_days, cleanup_executions, cleanup_jobs, vacuum } = ctx.config;
      const deleted = { executions: 0, events: 0, slots: 0, jobs: 0 };
      let more = cleanup_executions || cleanup_jobs;
      for (let batch = 1; more; batch += 1) {
        ctx.signal.throwIfAborted();
        const counts = await store.prune({
          older_than_days: cleanup_days,
          executions: cleanup_executions,
          jobs: cleanup_jobs,
          limit: BATCH,
        });
        deleted.executions += counts.executions;
        deleted.events += counts.events;
        deleted.slots += counts.slots;
        deleted.jobs += counts.jobs;
        more = counts.more;
        if (batch % BATCHES_PER_REPORT === 0 && more) {
          const { executions, events, jobs } = deleted;
          // How much is left is not known without counting it all, so the percentage stays.
          await ctx.progress(0, `deleted ${executions} executions, ${events} events, ${jobs} jobs`);
        }
      }
      if (vacuum) {
        ctx.signal.throwIfAborted();
        await ctx.progress(90, 'giving free space back');
        await store.vacuum();
      }
      await ctx.progress(100);
      return {
        executions_deleted: deleted.executions,
        events_deleted: deleted.events,
        slots_deleted: deleted.slots,
        jobs_deleted: deleted.jobs,
        vacuumed: vacuum,
      };
    },
  });
