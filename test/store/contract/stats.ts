// Statistics: counts that agree with the jobs and executions that are there.
import { expect } from '@jest/globals';
import { failed, newJob, succeeded } from '../../support/jobs.ts';
import { createJob, inSeconds, pickOne } from '../../support/store.ts';
import type { ContractTests } from './world.ts';

const none = {
  waiting: 0,
  blocked: 0,
  locked: 0,
  success: 0,
  failed: 0,
  cancelled: 0,
  disabled: 0,
};

export const statsTests: ContractTests = {
  'an empty store counts nought of everything': async ({ store }) => {
    const { at, ...counts } = await store.stats();
    expect(at).toEqual(expect.any(Date));
    expect(counts).toEqual({
      jobs: none,
      types: [],
      executions: [],
      due: { count: 0, oldest_seconds: null },
    });
  },

  'jobs are counted per status, and per type and status': async ({ store }) => {
    await createJob(store);
    await store.recordExecutions([succeeded(await pickOne(store))]);
    await createJob(store);
    const locked = await pickOne(store);
    await createJob(store, { depends_on: [locked.job.job_id], job_type: 'other' });
    await store.createJobs([newJob(), newJob(), newJob({ job_type: 'other' })]);
    await store.moveJob(await createJob(store), 'cancel');
    await store.moveJob(await createJob(store), 'disable');

    const { jobs, types } = await store.stats();
    expect(jobs).toEqual({
      ...none,
      waiting: 3,
      blocked: 1,
      locked: 1,
      success: 1,
      cancelled: 1,
      disabled: 1,
    });
    const key = ({ job_type, status }: { job_type: string; status: string }) =>
      `${job_type} ${status}`;
    expect(new Map(types.map((type) => [key(type), type.count]))).toEqual(
      new Map([
        ['demo waiting', 2],
        ['demo locked', 1],
        ['demo success', 1],
        ['demo cancelled', 1],
        ['demo disabled', 1],
        ['other waiting', 1],
        ['other blocked', 1],
      ]),
    );
    expect(types).toHaveLength(7);
  },

  'executions of the last day are counted with their average length': async ({
    store,
    advance,
  }) => {
    const run = async (seconds: number, end: typeof succeeded) => {
      await createJob(store);
      const pick = await pickOne(store);
      await advance(seconds);
      await store.recordExecutions([end(pick)]);
    };
    await run(50, succeeded);
    await advance(86_400);
    await run(10, succeeded);
    await run(20, succeeded);
    await run(5, failed);
    await createJob(store);
    await pickOne(store);

    const { executions } = await store.stats();
    const success = executions.find(({ status }) => status === 'success');
    expect(success?.count).toBe(2);
    expect(success?.average_seconds).toBeGreaterThanOrEqual(15);
    expect(success?.average_seconds).toBeLessThan(17);
    expect(executions.find(({ status }) => status === 'failed')?.count).toBe(1);
    expect(executions.map(({ status }) => status)).not.toContain('running');
  },

  'due jobs are those waiting whose time has come': async ({ store, advance }) => {
    await createJob(store, { run_at: await inSeconds(store, 3600) });
    await createJob(store, { run_at: await inSeconds(store, 10) });
    await store.moveJob(await createJob(store), 'disable');
    expect((await store.stats()).due).toEqual({ count: 0, oldest_seconds: null });
    await createJob(store);
    await advance(30);
    const { due } = await store.stats();
    expect(due.count).toBe(2);
    expect(due.oldest_seconds).toBeGreaterThanOrEqual(30);
    expect(due.oldest_seconds).toBeLessThan(35);
  },

  'the statistics carry the store’s own time': async ({ store, advance }) => {
    const before = (await store.stats()).at;
    await advance(3600);
    const seconds = ((await store.stats()).at.getTime() - before.getTime()) / 1000;
    expect(seconds).toBeGreaterThanOrEqual(3600);
    expect(seconds).toBeLessThan(3605);
  },
};
