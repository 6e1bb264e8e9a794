// Claiming: exclusive, repeatable, only what this instance knows.
import { expect } from '@jest/globals';
import { claimRequest, emptyClaim, executionIds, newJob, succeeded } from '../../support/jobs.ts';
import { createJob, detailOf, dump, inSeconds, jobOf, pickOne } from '../../support/store.ts';
import type { ContractTests } from './world.ts';

export const claimTests: ContractTests = {
  'two pickers never share a job': async ({ store, open }) => {
    const other = await open();
    const jobs = Array.from({ length: 40 }, () => newJob());
    await store.createJobs(jobs);
    const claims = await Promise.all(
      Array.from({ length: 20 }, (_, i) =>
        (i % 2 === 0 ? store : other).claimJobs(
          claimRequest({ instance_id: `instance-${i}`, execution_ids: executionIds(3) }),
        ),
      ),
    );
    const picked = claims.flatMap(({ picks }) => picks.map(({ job }) => job.job_id));
    expect(picked).toHaveLength(40);
    expect(new Set(picked)).toEqual(new Set(jobs.map(({ job_id }) => job_id)));
  },

  'a pick opens exactly one execution and adds one to the epoch': async ({ store }) => {
    const jobId = await createJob(store);
    const before = await jobOf(store, jobId);
    const [execution_id = ''] = executionIds(1);
    const pick = await pickOne(store, { execution_ids: [execution_id], trigger: 'by hand' });

    const { job, executions } = await detailOf(store, jobId);
    expect(job.lock_epoch).toBe(before.lock_epoch + 1);
    expect(pick.fence).toEqual({ job_id: jobId, execution_id, lock_epoch: job.lock_epoch });
    expect(executions).toEqual([
      {
        execution_id,
        job_id: jobId,
        lock_epoch: job.lock_epoch,
        status: 'running',
        started_at: pick.started_at,
        finished_at: null,
        duration_seconds: null,
        result: null,
        error_message: null,
        error: null,
        instance_id: 'instance-a',
        trigger: 'by hand',
      },
    ]);
  },

  'a picked job is locked by its instance for the seconds asked': async ({ store }) => {
    const jobId = await createJob(store);
    const pick = await pickOne(store, { instance_id: 'instance-z', lock_seconds: 90 });
    const job = await jobOf(store, jobId);
    expect(job).toMatchObject({
      status: 'locked',
      locked_by: 'instance-z',
      locked_at: pick.started_at,
      last_execution: pick.started_at,
      lock_expires_at: pick.lock_expires_at,
      finished_at: null,
    });
    expect(pick.lock_expires_at.getTime() - pick.started_at.getTime()).toBe(90_000);
    expect(pick.job).toEqual(job);
  },

  'asking again with the same execution ids gives the same picks and no more': async ({
    store,
    open,
  }) => {
    await store.createJobs([newJob(), newJob(), newJob()]);
    const request = claimRequest({ execution_ids: executionIds(2) });
    const first = await store.claimJobs(request);
    expect(first.picks).toHaveLength(2);

    const again = await (await open()).claimJobs(request);
    expect(again.picks).toEqual(first.picks);
    expect((await store.stats()).jobs).toMatchObject({ locked: 2, waiting: 1 });
  },

  'asking again after a short answer does not fill it up': async ({ store }) => {
    const jobId = await createJob(store);
    const request = claimRequest({ execution_ids: executionIds(3) });
    const first = await store.claimJobs(request);
    await createJob(store);

    const again = await store.claimJobs(request);
    expect(again.picks.map(({ fence }) => fence)).toEqual(first.picks.map(({ fence }) => fence));
    expect(again.picks.map(({ job }) => job.job_id)).toEqual([jobId]);
    expect((await store.stats()).jobs.waiting).toBe(1);
  },

  'asking again after the lock was lost opens nothing anew': async ({ store, advance }) => {
    const jobId = await createJob(store);
    const request = claimRequest();
    const first = await store.claimJobs(request);
    await advance(61);
    const late = await store.claimJobs(request);
    expect(first.picks).toHaveLength(1);
    expect(late.picks).toEqual([]);
    const { job, executions } = await detailOf(store, jobId);
    expect([job.status, job.lock_epoch]).toEqual(['waiting', 1]);
    expect(executions.map(({ status }) => status)).toEqual(['lost']);
    expect((await pickOne(store)).fence).toMatchObject({ job_id: jobId, lock_epoch: 2 });
  },

  'asking again after the picked job was recorded opens nothing anew': async ({ store }) => {
    await store.createJobs([newJob(), newJob()]);
    const request = claimRequest();
    const [pick] = (await store.claimJobs(request)).picks;
    if (!pick) throw new Error('a job was due');
    await store.recordExecutions([succeeded(pick)]);
    expect((await store.claimJobs(request)).picks).toEqual([]);
    expect((await store.stats()).jobs).toMatchObject({ success: 1, waiting: 1, locked: 0 });
  },

  'as many jobs are picked as there are execution ids': async ({ store }) => {
    await store.createJobs(Array.from({ length: 5 }, () => newJob()));
    const ids = executionIds(3);
    const { picks } = await store.claimJobs(claimRequest({ execution_ids: ids }));
    expect(picks).toHaveLength(3);
    expect(picks.map(({ fence }) => fence.execution_id).sort()).toEqual([...ids].sort());
    expect((await store.stats()).jobs).toMatchObject({ locked: 3, waiting: 2 });
  },

  'an ask without execution ids or without types picks nothing': async ({ store }) => {
    await createJob(store);
    expect((await store.claimJobs(claimRequest({ execution_ids: [] }))).picks).toEqual([]);
    expect((await store.claimJobs(claimRequest({ job_types: [] }))).picks).toEqual([]);
    expect((await store.stats()).jobs.waiting).toBe(1);
  },

  'jobs of unknown types are never touched': async ({ store }) => {
    const strangers = [newJob({ job_type: 'strange', priority: 10 }), newJob({ job_type: 'odd' })];
    await store.createJobs(strangers);
    const ids = strangers.map(({ job_id }) => job_id);
    const before = await dump(store, ids);
    const known = await createJob(store);

    const { picks } = await store.claimJobs(claimRequest({ execution_ids: executionIds(5) }));
    expect(picks.map(({ job }) => job.job_id)).toEqual([known]);
    expect(await dump(store, ids)).toEqual(before);
  },

  'a priority range takes its ends in and leaves the rest': async ({ store }) => {
    for (const priority of [-11, -10, 0, 10, 11]) await createJob(store, { priority });
    const { picks } = await store.claimJobs(
      claimRequest({ execution_ids: executionIds(9), priority: { min: -10, max: 10 } }),
    );
    expect(picks.map(({ job }) => job.priority)).toEqual([10, 0, -10]);
    expect((await store.stats()).jobs.waiting).toBe(2);
  },

  'only waiting jobs are picked': async ({ store }) => {
    const done = await createJob(store);
    const donePick = await pickOne(store);
    await store.recordExecutions([succeeded(donePick)]);
    const locked = await createJob(store);
    await pickOne(store);
    const disabled = await createJob(store);
    await store.moveJob(disabled, 'disable');
    const cancelled = await createJob(store);
    await store.moveJob(cancelled, 'cancel');
    const blocked = await createJob(store, { depends_on: [locked] });

    const all = [done, locked, disabled, cancelled, blocked];
    const before = await dump(store, all);
    const claim = await store.claimJobs(claimRequest({ execution_ids: executionIds(9) }));
    expect(claim).toEqual(emptyClaim);
    expect(await dump(store, all)).toEqual(before);
  },

  'a future job is not picked before it is due, and next_due_seconds tells when': async ({
    store,
    advance,
  }) => {
    const jobId = await createJob(store, { run_at: await inSeconds(store, 60), priority: 10 });
    const early = await store.claimJobs(claimRequest());
    expect(early.picks).toEqual([]);
    expect(early.next_due_seconds).toBeGreaterThan(55);
    expect(early.next_due_seconds).toBeLessThanOrEqual(60);

    await advance(50);
    const later = await store.claimJobs(claimRequest());
    expect(later.picks).toEqual([]);
    expect(later.next_due_seconds).toBeGreaterThan(5);
    expect(later.next_due_seconds).toBeLessThanOrEqual(10);

    await advance(10);
    const due = await store.claimJobs(claimRequest());
    expect(due.picks.map(({ job }) => job.job_id)).toEqual([jobId]);
    expect(due.next_due_seconds).toBeNull();
  },

  'next_due_seconds knows the earliest job of the asked types alone': async ({ store }) => {
    await createJob(store, { run_at: await inSeconds(store, 10), job_type: 'strange' });
    expect((await store.claimJobs(claimRequest())).next_due_seconds).toBeNull();

    await createJob(store, { run_at: await inSeconds(store, 600), priority: 10 });
    await createJob(store, { run_at: await inSeconds(store, 300), job_type: 'other' });
    const claim = await store.claimJobs(claimRequest({ job_types: ['demo', 'other'] }));
    expect(claim.next_due_seconds).toBeGreaterThan(290);
    expect(claim.next_due_seconds).toBeLessThanOrEqual(300);
  },
};
