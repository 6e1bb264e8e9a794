// Recording: each execution ends once, and the job goes where the record says.
import { expect } from '@jest/globals';
import type { Pick } from '../../../src/core/job.ts';
import type { ExecutionRecord } from '../../../src/core/store.ts';
import {
  claimRequest,
  executionIds,
  failed,
  newJob,
  retried,
  succeeded,
  yielded,
} from '../../support/jobs.ts';
import { createJob, detailOf, dump, jobOf, pickOne, statusOf } from '../../support/store.ts';
import type { ContractTests } from './world.ts';

const unlocked = { locked_at: null, locked_by: null, lock_expires_at: null };

export const recordTests: ContractTests = {
  'a success ends the execution and finishes the job': async ({ store, advance }) => {
    const jobId = await createJob(store);
    const pick = await pickOne(store);
    await advance(5);
    const answer = await store.recordExecutions([succeeded(pick, { result: { papers: 7 } })]);
    expect(answer).toEqual({
      verdicts: ['recorded'],
      job_statuses: ['success'],
      claim: null,
      alerts: [],
    });

    const { job, executions } = await detailOf(store, jobId);
    expect(job).toMatchObject({ status: 'success', current_retries: 0, ...unlocked });
    expect(executions).toHaveLength(1);
    expect(executions[0]).toMatchObject({
      status: 'success',
      result: { papers: 7 },
      error: null,
      error_message: null,
      finished_at: job.finished_at,
    });
    expect(executions[0]?.duration_seconds).toBeGreaterThanOrEqual(5);
    expect(executions[0]?.duration_seconds).toBeLessThan(10);
  },

  'a failure keeps its error and finishes the job': async ({ store }) => {
    const jobId = await createJob(store);
    const pick = await pickOne(store);
    const error = { name: 'TypeError', message: 'no such ünïcode', stack: 'TypeError\n  at x' };
    await store.recordExecutions([failed(pick, { error })]);
    const { job, executions } = await detailOf(store, jobId);
    expect(job).toMatchObject({ status: 'failed', ...unlocked });
    expect(job.finished_at).toBeInstanceOf(Date);
    expect(executions[0]).toMatchObject({ status: 'failed', error, error_message: error.message });
  },

  'a timeout and a cancelled execution keep their own word': async ({ store }) => {
    for (const [status, job_status] of [
      ['timeout', 'failed'],
      ['cancelled', 'cancelled'],
    ] as const) {
      const jobId = await createJob(store);
      const pick = await pickOne(store);
      await store.recordExecutions([failed(pick, { status, job_status })]);
      const { job, executions } = await detailOf(store, jobId);
      expect([job.status, executions[0]?.status]).toEqual([job_status, status]);
      expect(job.finished_at).toBeInstanceOf(Date);
    }
  },

  'recording twice answers recorded and changes nothing the second time': async ({
    store,
    open,
    advance,
  }) => {
    const records: ((pick: Pick) => ExecutionRecord)[] = [
      (pick) => succeeded(pick, { logs: [{ level: 'info', message: 'once' }] }),
      (pick) => failed(pick),
      (pick) => retried(pick, 3600),
      (pick) => ({ ...yielded(pick), delay_seconds: 3600 }),
    ];
    for (const recordOf of records) {
      const jobId = await createJob(store);
      const record = recordOf(await pickOne(store));
      expect((await store.recordExecutions([record])).verdicts).toEqual(['recorded']);
      const before = await dump(store, [jobId]);
      await advance(120);
      const again = await (await open()).recordExecutions([record, record]);
      expect(again.verdicts).toEqual(['recorded', 'recorded']);
      expect(await dump(store, [jobId])).toEqual(before);
    }
  },

  'the same record twice in one call is written once': async ({ store }) => {
    const jobId = await createJob(store);
    const record = retried(await pickOne(store), 10);
    expect((await store.recordExecutions([record, record])).verdicts).toEqual([
      'recorded',
      'recorded',
    ]);
    expect((await jobOf(store, jobId)).current_retries).toBe(1);
  },

  'another outcome for an ended execution is refused and changes nothing': async ({ store }) => {
    const jobId = await createJob(store);
    const pick = await pickOne(store);
    await store.recordExecutions([succeeded(pick, { result: 1 })]);
    const before = await dump(store, [jobId]);
    for (const other of [failed(pick), retried(pick), yielded(pick)]) {
      expect((await store.recordExecutions([other])).verdicts).toEqual(['lost']);
      expect(await dump(store, [jobId])).toEqual(before);
    }
  },

  'several records get one verdict each, in order': async ({ store, advance }) => {
    await store.createJobs([newJob(), newJob(), newJob()]);
    const slow = await pickOne(store, { lock_seconds: 10 });
    const good = await pickOne(store, { lock_seconds: 100 });
    const bad = await pickOne(store, { lock_seconds: 100 });
    await advance(11);
    const { verdicts } = await store.recordExecutions([
      succeeded(good),
      succeeded(slow),
      failed(bad),
    ]);
    expect(verdicts).toEqual(['recorded', 'lost', 'recorded']);
    expect(await statusOf(store, good.job.job_id)).toBe('success');
    expect(await statusOf(store, bad.job.job_id)).toBe('failed');
    expect(await statusOf(store, slow.job.job_id)).toBe('locked');
  },

  'one call records and picks the next jobs': async ({ store }) => {
    await store.createJobs([newJob(), newJob(), newJob()]);
    const pick = await pickOne(store);
    const next = claimRequest({ execution_ids: executionIds(2) });
    const { verdicts, claim } = await store.recordExecutions([succeeded(pick)], next);
    expect(verdicts).toEqual(['recorded']);
    expect(claim?.picks).toHaveLength(2);
    expect((await store.stats()).jobs).toMatchObject({ success: 1, locked: 2, waiting: 0 });
  },

  'recording and asking for more a second time gives the same answer': async ({ store }) => {
    await store.createJobs([newJob(), newJob(), newJob()]);
    const records = [succeeded(await pickOne(store))];
    const next = claimRequest();
    const first = await store.recordExecutions(records, next);
    const again = await store.recordExecutions(records, next);
    expect(again.verdicts).toEqual(['recorded']);
    expect(again.claim?.picks).toEqual(first.claim?.picks);
    expect((await store.stats()).jobs).toMatchObject({ success: 1, locked: 1, waiting: 1 });
  },

  'recording with nothing left to pick says when the next job is due': async ({ store }) => {
    const jobId = await createJob(store);
    const retry = retried(await pickOne(store), 60);
    const { claim } = await store.recordExecutions([retry], claimRequest());
    expect(claim?.picks).toEqual([]);
    expect(claim?.next_due_seconds).toBeGreaterThan(55);
    expect(claim?.next_due_seconds).toBeLessThanOrEqual(60);
    expect(await statusOf(store, jobId)).toBe('waiting');
  },

  'a retry waits for its delay and is counted': async ({ store, advance }) => {
    const jobId = await createJob(store);
    await store.recordExecutions([retried(await pickOne(store), 60)]);
    expect(await jobOf(store, jobId)).toMatchObject({
      status: 'waiting',
      current_retries: 1,
      finished_at: null,
      ...unlocked,
    });
    await advance(50);
    expect((await store.claimJobs(claimRequest())).picks).toEqual([]);
    await advance(10);
    const again = await pickOne(store);
    expect(again.job).toMatchObject({ job_id: jobId, current_retries: 1, lock_epoch: 2 });
  },

  'a delay is counted from the record, not from the pick': async ({ store, advance }) => {
    await createJob(store);
    const pick = await pickOne(store);
    await advance(40);
    await store.recordExecutions([retried(pick, 30)]);
    await advance(25);
    expect((await store.claimJobs(claimRequest())).picks).toEqual([]);
    await advance(5);
    await pickOne(store);
  },

  'an execution that yielded uses no retry': async ({ store }) => {
    const jobId = await createJob(store, { max_retries: 0 });
    for (const epoch of [1, 2, 3]) {
      const pick = await pickOne(store);
      expect(pick.job).toMatchObject({ current_retries: 0, lock_epoch: epoch });
      await store.recordExecutions([yielded(pick)]);
    }
    const { job, executions } = await detailOf(store, jobId);
    expect(job).toMatchObject({ status: 'waiting', current_retries: 0 });
    expect(executions.map(({ status }) => status)).toEqual(['yielded', 'yielded', 'yielded']);
  },

  'a job that was asked to stop is cancelled instead of waiting': async ({ store }) => {
    for (const record of [retried, yielded]) {
      const jobId = await createJob(store);
      const pick = await pickOne(store);
      await store.moveJob(jobId, 'cancel');
      await store.recordExecutions([record(pick)]);
      const { job, executions } = await detailOf(store, jobId);
      expect(job.status).toBe('cancelled');
      expect(job.finished_at).toBeInstanceOf(Date);
      expect(executions[0]?.status).toBe(record(pick).status);
      expect((await store.claimJobs(claimRequest())).picks).toEqual([]);
    }
  },

  'a job that was asked to stop but succeeded is a success': async ({ store }) => {
    const jobId = await createJob(store);
    const pick = await pickOne(store);
    await store.moveJob(jobId, 'cancel');
    await store.recordExecutions([succeeded(pick)]);
    expect(await statusOf(store, jobId)).toBe('success');
  },

  'recording nothing changes nothing': async ({ store }) => {
    const jobId = await createJob(store);
    const before = await dump(store, [jobId]);
    expect(await store.recordExecutions([])).toEqual({
      verdicts: [],
      job_statuses: [],
      claim: null,
      alerts: [],
    });
    expect(await dump(store, [jobId])).toEqual(before);
  },
};
