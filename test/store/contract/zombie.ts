// A zombie: an instance that stalled, lost its lock, and wakes up to write.
import { expect } from '@jest/globals';
import { retried, succeeded } from '../../support/jobs.ts';
import { createJob, detailOf, dump, pickOne } from '../../support/store.ts';
import { expectFencedOff } from './fence.ts';
import type { ContractTests } from './world.ts';

export const zombieTests: ContractTests = {
  'a stalled instance writes nothing once another has picked its job': async ({
    store,
    open,
    advance,
  }) => {
    const b = await open();
    const jobId = await createJob(store);
    const stalled = await pickOne(store, { instance_id: 'a' });
    await store.saveStep(stalled.fence, { name: 'one', step_order: 1, status: 'running' });
    await advance(61);
    const fresh = await pickOne(b, { instance_id: 'b' });
    expect(fresh.fence).toMatchObject({ job_id: jobId, lock_epoch: stalled.fence.lock_epoch + 1 });

    await expectFencedOff(store, stalled.fence);
    expect(await b.heartbeat(fresh.fence, 60, [])).toMatchObject({ held: true });
    const { verdicts } = await b.recordExecutions([succeeded(fresh, { result: 'by b' })]);
    expect(verdicts).toEqual(['recorded']);
    await expectFencedOff(store, stalled.fence);
    const { executions } = await detailOf(store, jobId);
    expect(executions.find(({ instance_id }) => instance_id === 'b')?.result).toBe('by b');
  },

  'a stalled instance writes nothing after its lock expired, though nobody swept it yet': async ({
    store,
    advance,
  }) => {
    const jobId = await createJob(store);
    const { fence } = await pickOne(store);
    await advance(61);
    await expectFencedOff(store, fence);
    expect(await store.releaseExpired(10)).toMatchObject([{ job_id: jobId }]);
  },

  'a stalled instance writes nothing after its lock was released': async ({ store, advance }) => {
    await createJob(store);
    const { fence } = await pickOne(store);
    await advance(61);
    await store.releaseExpired(10);
    await expectFencedOff(store, fence);
  },

  'a stalled instance writes nothing while the next one keeps its saved step': async ({
    store,
    advance,
  }) => {
    const jobId = await createJob(store);
    const stalled = await pickOne(store, { instance_id: 'a' });
    await advance(61);
    const fresh = await pickOne(store, { instance_id: 'b' });
    const step = { name: 'late', step_order: 9, status: 'success', output: 'by b' } as const;
    await store.saveStep(fresh.fence, step);
    await expectFencedOff(store, stalled.fence);
    const [kept] = await store.listSteps(jobId);
    expect(kept).toMatchObject({ output: 'by b', lock_epoch: fresh.fence.lock_epoch });
  },

  'a stalled instance that asks to record and go on loses one and gets the next': async ({
    store,
    advance,
  }) => {
    const jobId = await createJob(store, { max_retries: 0 });
    const stalled = await pickOne(store);
    await advance(61);
    await store.releaseExpired(10);
    const before = await dump(store, [jobId]);
    const nextId = await createJob(store);
    const answer = await store.recordExecutions([succeeded(stalled)], {
      instance_id: 'a',
      job_types: ['demo'],
      execution_ids: ['0d0a8c9e-5d0e-4b7e-9d7e-0f8a1b2c3d4e'],
      lock_seconds: 60,
      trigger: 'test',
    });
    expect(answer.verdicts).toEqual(['lost']);
    expect(answer.claim?.picks.map(({ job }) => job.job_id)).toEqual([nextId]);
    expect(await dump(store, [jobId])).toEqual(before);
  },

  'an outcome that was recorded in time stays told, though another picked since': async ({
    store,
    advance,
  }) => {
    const jobId = await createJob(store);
    const first = await pickOne(store, { instance_id: 'a' });
    const outcome = retried(first);
    expect((await store.recordExecutions([outcome])).verdicts).toEqual(['recorded']);
    const second = await pickOne(store, { instance_id: 'b' });
    const before = await dump(store, [jobId]);
    await advance(5);
    expect((await store.recordExecutions([outcome])).verdicts).toEqual(['recorded']);
    expect(await dump(store, [jobId])).toEqual(before);
    expect(await store.heartbeat(second.fence, 60, [])).toMatchObject({ held: true });
  },
};
