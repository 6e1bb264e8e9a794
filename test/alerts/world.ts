// A SQLite file with a clock of its own, jobs that fail unless they are called `good`, and drains of them
// that tell a webhook.
import { afterEach } from '@jest/globals';
import { createWebhook } from '../../src/alerts/webhook.ts';
import type { DrainDeps } from '../../src/core/drain.ts';
import type { RunnerEvent } from '../../src/core/events.ts';
import type { Trigger } from '../../src/core/trigger.ts';
import { drainOn } from '../support/drain.ts';
import { demo } from '../support/runner.ts';
import { sqliteData } from '../support/sqlite.ts';
import { createJob, jobOf } from '../support/store.ts';

const datas: Awaited<ReturnType<typeof sqliteData>>[] = [];

afterEach(async () => {
  for (const data of datas.splice(0)) await data.close();
});

export const byName = demo(({ job }) => {
  if (job.name !== 'good') throw new Error(`${job.name} went wrong`);
});

export const alertingTo = (url: string) =>
  createWebhook({ url, after: 3, slow_times: 5, mask: (text) => text });

type Given = Partial<DrainDeps> & Partial<Trigger>;

export const world = async (url: string) => {
  const data = await sqliteData();
  datas.push(data);
  const store = await data.open();
  const events: RunnerEvent[] = [];
  const own = { alerting: alertingTo(url), emit: (event: RunnerEvent) => events.push(event) };
  return {
    ...data,
    store,
    /** Creates jobs of these names, drains, and answers how each ended. */
    drain: async (names: string[], given: Given = {}) => {
      const ids: string[] = [];
      for (const [i, name] of names.entries()) {
        ids.push(await createJob(store, { name, max_retries: 0, priority: -i }));
      }
      await drainOn(store, [byName], { ...own, ...given });
      return Promise.all(ids.map(async (id) => (await jobOf(store, id)).status));
    },
    /** what nobody could be told of */
    untold: () => events.filter((event) => event.event === 'alert.failed'),
  };
};
