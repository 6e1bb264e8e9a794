// Moves a person may ask for, against every status; and deletion.

import { randomUUID } from 'node:crypto';
import { expect } from '@jest/globals';
import { type JobStatus, jobStatuses, type Move, moves } from '../../../src/core/job.ts';
import type { Store } from '../../../src/core/store.ts';
import { claimRequest, failed, newJob, retried, succeeded } from '../../support/jobs.ts';
import { createJob, dump, eventsOf, jobOf, pickOne, statusOf } from '../../support/store.ts';
import type { ContractTests } from './world.ts';

/** A job brought to `status` by the port's own means. */
const jobIn = async (store: Store, status: JobStatus): Promise<string> => {
  const job_type = `to-${randomUUID()}`;
  const depends_on = status === 'blocked' ? [await createJob(store, { job_type: 'never' })] : [];
  const jobId = await createJob(store, { job_type, depends_on });
  const pick = () => pickOne(store, { job_types: [job_type], lock_seconds: 3600 });
  if (status === 'locked') await pick();
  if (status === 'success') await store.recordExecutions([succeeded(await pick())]);
  if (status === 'failed') await store.recordExecutions([failed(await pick())]);
  if (status === 'cancelled') await store.moveJob(jobId, 'cancel');
  if (status === 'disabled') await store.moveJob(jobId, 'disable');
  expect(await statusOf(store, jobId)).toBe(status);
  return jobId;
};

const expectedMove = (move: Move, from: JobStatus): JobStatus | null => {
  const allowed: readonly JobStatus[] = moves[move].from;
  if (!allowed.includes(from)) return null;
  return move === 'cancel' && from === 'locked' ? 'locked' : moves[move].to;
};

const everyMoveFrom = async (store: Store, from: JobStatus): Promise<void> => {
  for (const move of Object.keys(moves) as Move[]) {
    const jobId = await jobIn(store, from);
    const before = await dump(store, [jobId]);
    const to = expectedMove(move, from);
    const answer = await store.moveJob(jobId, move);
    const { moved, reason } = answer ?? {};
    const expected =
      to === null ? { moved: false, reason: 'status' } : { moved: true, reason: null };
    expect({ move, moved, reason }).toEqual({ move, ...expected });
    expect({ move, job: answer?.job }).toEqual({ move, job: await jobOf(store, jobId) });
    if (to === null) expect(await dump(store, [jobId])).toEqual(before);
    else expect({ move, status: answer?.job.status }).toEqual({ move, status: to });
  }
};

const matrix = Object.fromEntries(
  jobStatuses.map((from) => [
    `every move of a ${from} job is allowed or refused as the table says`,
    ({ store }: { store: Store }) => everyMoveFrom(store, from),
  ]),
);

export const moveTests: ContractTests = {
  ...matrix,

  'a move of a job that does not exist is answered with null': async ({ store }) => {
    for (const move of Object.keys(moves) as Move[]) {
      expect(await store.moveJob(randomUUID(), move)).toBeNull();
    }
    expect(await store.deleteJob(randomUUID())).toBeNull();
  },

  'a waiting, blocked or disabled job is cancelled at once': async ({ store }) => {
    for (const status of ['waiting', 'blocked', 'disabled'] as const) {
      const jobId = await jobIn(store, status);
      await store.moveJob(jobId, 'cancel');
      const job = await jobOf(store, jobId);
      expect(job.status).toBe('cancelled');
      expect(job.finished_at).toBeInstanceOf(Date);
    }
  },

  'cancelling a running job only asks, and asking twice is harmless': async ({ store }) => {
    const jobId = await createJob(store);
    const pick = await pickOne(store);
    const answer = await store.moveJob(jobId, 'cancel');
    expect(answer).toMatchObject({ moved: true, job: { status: 'locked' } });
    expect(answer?.job.cancel_requested_at).toBeInstanceOf(Date);
    await store.moveJob(jobId, 'cancel');
    expect(await store.heartbeat(pick.fence, 60, [])).toMatchObject({ cancel_requested: true });
  },

  'a retry gives all retries back and forgets how it ended': async ({ store }) => {
    const jobId = await createJob(store, { max_retries: 1 });
    await store.recordExecutions([retried(await pickOne(store))]);
    await store.recordExecutions([failed(await pickOne(store))]);
    const answer = await store.moveJob(jobId, 'retry');
    expect(answer?.job).toMatchObject({
      status: 'waiting',
      current_retries: 0,
      finished_at: null,
      lock_epoch: 2,
    });
    expect((await pickOne(store)).fence).toMatchObject({ job_id: jobId, lock_epoch: 3 });
  },

  'a cancelled run that is retried is not cancelled again': async ({ store }) => {
    const jobId = await createJob(store);
    const first = await pickOne(store);
    await store.moveJob(jobId, 'cancel');
    await store.recordExecutions([failed(first, { status: 'cancelled', job_status: 'cancelled' })]);
    await store.moveJob(jobId, 'retry');
    const second = await pickOne(store);
    expect(second.job.cancel_requested_at).toBeNull();
    expect(await store.heartbeat(second.fence, 60, [])).toMatchObject({ cancel_requested: false });
    await store.recordExecutions([retried(second)]);
    expect(await statusOf(store, jobId)).toBe('waiting');
  },

  'a retried or enabled job is blocked again while a dependency is not done': async ({ store }) => {
    const dependency = await createJob(store);
    const dependent = await createJob(store, { depends_on: [dependency] });
    const move = async (name: Move) => (await store.moveJob(dependent, name))?.job.status;
    expect(await move('disable')).toBe('disabled');
    expect(await move('enable')).toBe('blocked');
    expect(await move('cancel')).toBe('cancelled');
    expect(await move('retry')).toBe('blocked');
    await store.recordExecutions([succeeded(await pickOne(store))]);
    expect(await statusOf(store, dependent)).toBe('waiting');
  },

  'a retry is refused with a reason while another job has taken its unique key': async ({
    store,
  }) => {
    const unique_key = 'one at a time';
    const first = await createJob(store, { unique_key });
    await store.recordExecutions([failed(await pickOne(store))]);
    const second = await createJob(store, { unique_key });
    const before = await dump(store, [first, second]);

    const refused = await store.moveJob(first, 'retry');
    expect(refused).toMatchObject({
      moved: false,
      reason: 'unique_key_taken',
      job: { status: 'failed' },
    });
    expect(await dump(store, [first, second])).toEqual(before);

    await store.recordExecutions([succeeded(await pickOne(store))]);
    expect(await store.moveJob(first, 'retry')).toMatchObject({ moved: true, reason: null });
    const [answer] = await store.createJobs([newJob({ unique_key })]);
    expect(answer).toMatchObject({ job_id: first, created: false });
  },

  'a disabled job is not picked and an enabled one is': async ({ store }) => {
    const jobId = await createJob(store);
    await store.moveJob(jobId, 'disable');
    expect((await store.claimJobs(claimRequest())).picks).toEqual([]);
    await store.moveJob(jobId, 'enable');
    expect((await pickOne(store)).job.job_id).toBe(jobId);
  },

  'a deleted job is gone with all its rows': async ({ store }) => {
    const jobId = await createJob(store);
    const pick = await pickOne(store);
    await store.saveStep(pick.fence, { name: 'one', step_order: 1, status: 'running' });
    await store.recordExecutions([succeeded(pick)]);
    const job = await jobOf(store, jobId);
    expect(await store.deleteJob(jobId)).toEqual({ moved: true, job, reason: null });
    expect(await store.getJob(jobId)).toBeNull();
    expect(await store.listSteps(jobId)).toEqual([]);
    expect(await eventsOf(store, jobId)).toEqual([]);
    expect(await store.deleteJob(jobId)).toBeNull();
    expect((await store.recordExecutions([succeeded(pick)])).verdicts).toEqual(['lost']);
  },

  'a job may be deleted in every status but locked': async ({ store }) => {
    for (const status of jobStatuses) {
      const jobId = await jobIn(store, status);
      const before = await dump(store, [jobId]);
      const answer = await store.deleteJob(jobId);
      expect({ status, moved: answer?.moved }).toEqual({ status, moved: status !== 'locked' });
      if (status !== 'locked') expect(await store.getJob(jobId)).toBeNull();
      else expect(await dump(store, [jobId])).toEqual(before);
    }
  },

  'a job for which a blocked or disabled job waits is not deleted': async ({ store }) => {
    const dependency = await createJob(store);
    const dependent = await createJob(store, { depends_on: [dependency] });
    const before = await dump(store, [dependency, dependent]);
    const refused = await store.deleteJob(dependency);
    expect(refused).toMatchObject({ moved: false, reason: 'needed' });
    expect(await dump(store, [dependency, dependent])).toEqual(before);
    await store.moveJob(dependent, 'disable');
    expect(await store.deleteJob(dependency)).toMatchObject({ moved: false, reason: 'needed' });
    await store.deleteJob(dependent);
    expect(await store.deleteJob(dependency)).toMatchObject({ moved: true, reason: null });
  },
};
