// The inspection that `doctor` reads.
import { expect } from '@jest/globals';
import { failed, newJob } from '../../support/jobs.ts';
import { createJob, pickOne } from '../../support/store.ts';
import type { ContractTests } from './world.ts';

export const inspectTests: ContractTests = {
  'an inspection of an empty store finds nothing amiss': async ({ store }) => {
    const inspection = await store.inspect();
    expect(inspection).toEqual({
      store: expect.stringMatching(/./),
      schema_version: expect.any(Number),
      now: expect.any(Date),
      expired_locks: 0,
      types: [],
      stuck: [],
    });
    expect(inspection.schema_version).toBeGreaterThanOrEqual(1);
  },

  'an inspection tells the store’s clock': async ({ store, advance }) => {
    const { now } = await store.inspect();
    await advance(86_400);
    const later = (await store.inspect()).now;
    expect(later.getTime() - now.getTime()).toBeGreaterThanOrEqual(86_400_000);
    expect(later.getTime() - (await store.stats()).at.getTime()).toBeLessThan(5000);
  },

  'expired locks are counted until they are released': async ({ store, advance }) => {
    await store.createJobs([newJob(), newJob(), newJob()]);
    await pickOne(store, { lock_seconds: 10 });
    await pickOne(store, { lock_seconds: 20 });
    await pickOne(store, { lock_seconds: 90 });
    expect((await store.inspect()).expired_locks).toBe(0);
    await advance(30);
    expect((await store.inspect()).expired_locks).toBe(2);
    await store.releaseExpired(1);
    expect((await store.inspect()).expired_locks).toBe(1);
    await store.releaseExpired(10);
    expect((await store.inspect()).expired_locks).toBe(0);
  },

  'unfinished jobs are counted per type': async ({ store }) => {
    await createJob(store);
    await store.recordExecutions([failed(await pickOne(store))]);
    await createJob(store);
    await pickOne(store);
    const waiting = await createJob(store);
    await createJob(store, { depends_on: [waiting] });
    await store.moveJob(await createJob(store), 'disable');
    await createJob(store, { job_type: 'older-version' });
    const { types } = await store.inspect();
    expect(types.toSorted((a, b) => a.job_type.localeCompare(b.job_type))).toEqual([
      { job_type: 'demo', count: 4 },
      { job_type: 'older-version', count: 1 },
    ]);
  },

  'a blocked job that waits for a failed, cancelled or disabled one is stuck': async ({
    store,
  }) => {
    const waiting = await createJob(store, { job_type: 'later' });
    await createJob(store, { depends_on: [waiting], name: 'only blocked' });
    const broken = await createJob(store);
    await store.recordExecutions([failed(await pickOne(store))]);
    const stopped = await createJob(store);
    await store.moveJob(stopped, 'cancel');
    const aside = await createJob(store);
    await store.moveJob(aside, 'disable');
    const expected = new Map<string, string>();
    for (const [depends_on, status] of [
      [broken, 'failed'],
      [stopped, 'cancelled'],
      [aside, 'disabled'],
    ] as const) {
      const name = `waits for ${status}`;
      expected.set(await createJob(store, { name, depends_on: [depends_on, waiting] }), status);
    }
    const { stuck } = await store.inspect();
    expect(new Map(stuck.map((one) => [one.job_id, one.depends_on_status]))).toEqual(expected);
    expect(stuck).toHaveLength(3);
    expect(stuck.find(({ depends_on }) => depends_on === broken)?.name).toBe('waits for failed');
  },
};
