// The fence: only who names the right job, execution and epoch can write.

import { randomUUID } from 'node:crypto';
import { expect } from '@jest/globals';
import type { Fence } from '../../../src/core/job.ts';
import type { Store } from '../../../src/core/store.ts';
import { failed, retried, succeeded } from '../../support/jobs.ts';
import { createJob, dump, pickOne } from '../../support/store.ts';
import type { ContractTests } from './world.ts';

const log = { level: 'info', message: 'still here' } as const;

/** Every write an execution can make, and the word by which its writer learns that it came late. */
const lateWrites = (fence: Fence): Record<string, (store: Store) => Promise<unknown>> => {
  const pick = { fence } as Parameters<typeof succeeded>[0];
  const record = async (store: Store, one: ReturnType<typeof succeeded>) => {
    const { verdicts } = await store.recordExecutions([one]);
    return verdicts.map((verdict) => ({ held: verdict === 'recorded' }))[0];
  };
  return {
    heartbeat: (store) => store.heartbeat(fence, 3600, []),
    log: (store) => store.heartbeat(fence, 3600, [log]),
    'a running step': (store) =>
      store.saveStep(fence, { name: 'late', step_order: 9, status: 'running' }),
    'a finished step': (store) =>
      store.saveStep(fence, { name: 'late', step_order: 9, status: 'success', output: 'late' }),
    'a failed step': (store) =>
      store.saveStep(fence, { name: 'late', step_order: 9, status: 'failed', detail: 'late' }),
    progress: (store) => store.saveProgress(fence, { percent: 99, message: 'late' }),
    success: (store) => record(store, succeeded(pick, { result: 'late', logs: [log] })),
    failure: (store) => record(store, failed(pick, { logs: [log] })),
    'a retry': (store) => record(store, retried(pick, 5)),
  };
};

/** Tries every write of `fence`: each must be told that it lost the lock and change nothing. */
export const expectFencedOff = async (
  store: Store,
  fence: Fence,
  jobIds: string[] = [fence.job_id],
): Promise<void> => {
  const before = await dump(store, jobIds);
  for (const [what, write] of Object.entries(lateWrites(fence))) {
    expect({ what, answer: await write(store) }).toEqual({ what, answer: { held: false } });
    expect({ what, rows: await dump(store, jobIds) }).toEqual({ what, rows: before });
  }
};

export const fenceTests: ContractTests = {
  'a write that names an older or newer epoch changes nothing': async ({ store }) => {
    await createJob(store);
    const { fence } = await pickOne(store);
    await expectFencedOff(store, { ...fence, lock_epoch: fence.lock_epoch - 1 });
    await expectFencedOff(store, { ...fence, lock_epoch: fence.lock_epoch + 1 });
  },

  'a write that names another execution changes nothing': async ({ store }) => {
    const jobId = await createJob(store);
    const { fence } = await pickOne(store);
    const otherId = await createJob(store);
    const other = await pickOne(store);
    const both = [jobId, otherId];
    await expectFencedOff(store, { ...fence, execution_id: randomUUID() }, both);
    await expectFencedOff(store, { ...fence, execution_id: other.fence.execution_id }, both);
    await expectFencedOff(store, { ...fence, job_id: otherId }, both);
  },

  'a write to a job that does not exist changes nothing and is told so': async ({ store }) => {
    await expectFencedOff(store, {
      job_id: randomUUID(),
      execution_id: randomUUID(),
      lock_epoch: 1,
    });
  },

  'a write after its own execution has ended changes nothing': async ({ store }) => {
    const jobId = await createJob(store);
    const pick = await pickOne(store);
    await store.recordExecutions([succeeded(pick, { status: 'timeout', job_status: 'failed' })]);
    await expectFencedOff(store, pick.fence, [jobId]);
  },

  'a write in time is accepted and says until when the lock holds': async ({ store }) => {
    await createJob(store);
    const { fence, lock_expires_at } = await pickOne(store);
    const hold = { held: true, lock_expires_at, cancel_requested: false };
    const step = { name: 'one', step_order: 1 };
    expect(await store.saveStep(fence, { ...step, status: 'running' })).toEqual(hold);
    expect(await store.saveStep(fence, { ...step, status: 'success', output: 1 })).toEqual(hold);
    expect(await store.saveProgress(fence, { percent: 5, message: null })).toEqual(hold);
  },
};
