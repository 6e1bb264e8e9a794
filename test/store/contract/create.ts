// Creating: all or none, once per id, once per unique key.

import { randomUUID } from 'node:crypto';
import { expect } from '@jest/globals';
import { failed, newJob, succeeded } from '../../support/jobs.ts';
import { createJob, detailOf, dump, inSeconds, jobOf, pickOne } from '../../support/store.ts';
import type { ContractTests } from './world.ts';

export const createTests: ContractTests = {
  'a created job is what was asked for, waiting and untouched': async ({ store }) => {
    const { depends_on, ...job } = newJob({
      name: 'nightly',
      config: { keywords: ['queue'] },
      description: 'fetches papers',
      priority: -10,
      run_at: await inSeconds(store, 3600),
      max_retries: 7,
      retry_delay_seconds: 12,
      retry_backoff: 'fixed',
      timeout_seconds: 90,
      unique_key: 'nightly/2031-04-17',
      actor: 'ci',
      source_ip: '203.0.113.9',
      metadata: { session_id: 's-1' },
    });
    const now = await inSeconds(store, 0);
    const answer = await store.createJobs([{ ...job, depends_on }]);
    expect(answer).toEqual([{ job_id: job.job_id, status: 'waiting', created: true }]);
    const detail = await detailOf(store, job.job_id);
    expect(detail).toEqual({
      job: {
        ...job,
        schedule_id: null,
        created_at: expect.any(Date),
        updated_at: expect.any(Date),
        status: 'waiting',
        current_retries: 0,
        finished_at: null,
        lock_epoch: 0,
        locked_at: null,
        locked_by: null,
        lock_expires_at: null,
        last_execution: null,
        progress: null,
        cancel_requested_at: null,
      },
      executions: [],
      steps: [],
      depends_on: [],
      schedule: null,
    });
    expect(detail.job.created_at.getTime() - now.getTime()).toBeLessThan(5000);
    expect(detail.job.created_at.getTime()).toBeGreaterThanOrEqual(now.getTime());
  },

  'a job without run_at runs from the time of its creation': async ({ store }) => {
    const job = await jobOf(store, await createJob(store, { run_at: null }));
    expect(job.run_at).toEqual(job.created_at);
  },

  'creating no jobs is answered with none': async ({ store }) => {
    expect(await store.createJobs([])).toEqual([]);
  },

  'the same job_id twice creates one job and leaves it as it was': async ({ store, open }) => {
    const job = newJob({ name: 'first' });
    await store.createJobs([job]);
    const before = await dump(store, [job.job_id]);
    const again = await (await open()).createJobs([{ ...job, name: 'second', priority: 10 }]);
    expect(again).toEqual([{ job_id: job.job_id, status: 'waiting', created: false }]);
    expect(await dump(store, [job.job_id])).toEqual(before);

    await store.recordExecutions([succeeded(await pickOne(store))]);
    const [late] = await store.createJobs([job]);
    expect(late).toEqual({ job_id: job.job_id, status: 'success', created: false });
  },

  'the same job_id twice in one call creates one job': async ({ store }) => {
    const job = newJob();
    const answer = await store.createJobs([job, { ...job, name: 'second' }]);
    expect(answer.map(({ created }) => created)).toEqual([true, false]);
    expect(await store.listJobs({ limit: 10 })).toHaveLength(1);
    expect((await jobOf(store, job.job_id)).name).toBe('a job');
  },

  'sending a batch again creates only what is missing': async ({ store }) => {
    const jobs = [newJob(), newJob(), newJob()];
    await store.createJobs(jobs.slice(0, 2));
    const answer = await store.createJobs(jobs);
    expect(answer.map(({ created }) => created)).toEqual([false, false, true]);
    expect((await store.stats()).jobs.waiting).toBe(3);
  },

  'a unique key enqueues once while its job is unfinished': async ({ store }) => {
    const unique_key = 'sync/customer-7';
    const first = newJob({ unique_key });
    await store.createJobs([first]);
    const ask = async (expected: string) => {
      const [answer] = await store.createJobs([newJob({ unique_key })]);
      expect(answer).toEqual({ job_id: first.job_id, status: expected, created: false });
    };
    await ask('waiting');
    await store.moveJob(first.job_id, 'disable');
    await ask('disabled');
    await store.moveJob(first.job_id, 'enable');
    await pickOne(store);
    await ask('locked');
    expect(await store.listJobs({ limit: 10 })).toHaveLength(1);
  },

  'a blocked job keeps its unique key too': async ({ store }) => {
    const dependency = await createJob(store);
    const blocked = await createJob(store, { unique_key: 'k', depends_on: [dependency] });
    const [answer] = await store.createJobs([newJob({ unique_key: 'k' })]);
    expect(answer).toEqual({ job_id: blocked, status: 'blocked', created: false });
  },

  'a unique key is free again once its job is finished': async ({ store }) => {
    const unique_key = 'sync/customer-7';
    await createJob(store, { unique_key });
    await store.recordExecutions([succeeded(await pickOne(store))]);
    await createJob(store, { unique_key });
    await store.recordExecutions([failed(await pickOne(store))]);
    const third = await createJob(store, { unique_key });
    await store.moveJob(third, 'cancel');
    const fourth = newJob({ unique_key });
    const [answer] = await store.createJobs([fourth]);
    expect(answer).toEqual({ job_id: fourth.job_id, status: 'waiting', created: true });
    expect(await store.listJobs({ limit: 10 })).toHaveLength(4);
  },

  'a unique key asked for by many at once enqueues once': async ({ store, open }) => {
    const other = await open();
    const answers = await Promise.all(
      Array.from({ length: 12 }, (_, i) =>
        (i % 2 === 0 ? store : other).createJobs([newJob({ unique_key: 'only once' })]),
      ),
    );
    const flat = answers.flat();
    expect(flat.filter(({ created }) => created)).toHaveLength(1);
    expect(new Set(flat.map(({ job_id }) => job_id)).size).toBe(1);
    expect(await store.listJobs({ limit: 20 })).toHaveLength(1);
  },

  'a unique key twice in one call enqueues once': async ({ store }) => {
    const first = newJob({ unique_key: 'k' });
    const answer = await store.createJobs([first, newJob({ unique_key: 'k' }), newJob()]);
    expect(answer.map(({ created }) => created)).toEqual([true, false, true]);
    expect(answer[1]?.job_id).toBe(first.job_id);
    expect(await store.listJobs({ limit: 10 })).toHaveLength(2);
  },

  'different unique keys, and none, do not stand in each other’s way': async ({ store }) => {
    const keys = ['a', 'A', ' a', '', null, null];
    const answer = await store.createJobs(keys.map((unique_key) => newJob({ unique_key })));
    expect(answer.every(({ created }) => created)).toBe(true);
  },

  'a batch with a missing dependency is refused whole, and the missing job is named': async ({
    store,
  }) => {
    const missing = randomUUID();
    const good = newJob();
    const before = await store.stats();
    const refused = store.createJobs([good, newJob({ depends_on: [good.job_id, missing] })]);
    await expect(refused).rejects.toMatchObject({
      code: 'input_invalid',
      message: expect.stringContaining(missing),
    });
    expect(await store.getJob(good.job_id)).toBeNull();
    expect((await store.stats()).jobs).toEqual(before.jobs);
    expect((await store.createJobs([good]))[0]?.created).toBe(true);
  },

  'a thousand jobs are created in one call': async ({ store }) => {
    const answer = await store.createJobs(Array.from({ length: 1000 }, () => newJob()));
    expect(answer.filter(({ created }) => created)).toHaveLength(1000);
    expect((await store.stats()).jobs.waiting).toBe(1000);
  },
};
