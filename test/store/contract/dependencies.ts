// Dependencies: blocked until all are a success, waiting in the same call that brings the last one.
import { expect } from '@jest/globals';
import type { Pick } from '../../../src/core/job.ts';
import type { Store } from '../../../src/core/store.ts';
import {
  claimRequest,
  executionIds,
  failed,
  newJob,
  retried,
  succeeded,
} from '../../support/jobs.ts';
import { createJob, detailOf, pickOne, statusOf } from '../../support/store.ts';
import type { ContractTests } from './world.ts';

const pickAll = async (store: Store): Promise<Pick[]> =>
  (await store.claimJobs(claimRequest({ execution_ids: executionIds(50) }))).picks;

const namesOf = (picks: Pick[]): string[] => picks.map(({ job }) => job.name).sort();

/** `a` before `b` and `c`, both before `d`, which is before `e`. */
const createDiamond = async (store: Store) => {
  const [a, b, c, d, e] = ['a', 'b', 'c', 'd', 'e'].map((name) => newJob({ name }));
  if (!a || !b || !c || !d || !e) throw new Error('five jobs were made');
  b.depends_on = [a.job_id];
  c.depends_on = [a.job_id];
  d.depends_on = [b.job_id, c.job_id];
  e.depends_on = [d.job_id];
  await store.createJobs([a, b, c, d, e]);
  return { a: a.job_id, b: b.job_id, c: c.job_id, d: d.job_id, e: e.job_id };
};

export const dependencyTests: ContractTests = {
  'a job with an unfinished dependency is blocked and tells on what': async ({ store }) => {
    const dependency = await createJob(store, { name: 'first' });
    const job = newJob({ depends_on: [dependency] });
    expect(await store.createJobs([job])).toEqual([
      { job_id: job.job_id, status: 'blocked', created: true },
    ]);
    const detail = await detailOf(store, job.job_id);
    expect(detail.job.status).toBe('blocked');
    expect(detail.depends_on).toEqual([{ job_id: dependency, name: 'first', status: 'waiting' }]);
    expect((await pickAll(store)).map(({ job: { job_id } }) => job_id)).toEqual([dependency]);
  },

  'a job whose dependencies are all a success is not blocked': async ({ store }) => {
    const dependency = await createJob(store);
    await store.recordExecutions([succeeded(await pickOne(store))]);
    expect(await statusOf(store, await createJob(store, { depends_on: [dependency] }))).toBe(
      'waiting',
    );
  },

  'a job that depends on a failed or cancelled one is blocked': async ({ store }) => {
    const broken = await createJob(store);
    await store.recordExecutions([failed(await pickOne(store))]);
    const stopped = await createJob(store);
    await store.moveJob(stopped, 'cancel');
    for (const dependency of [broken, stopped]) {
      const dependent = await createJob(store, { depends_on: [dependency] });
      expect(await statusOf(store, dependent)).toBe('blocked');
    }
  },

  'jobs of one call may depend on each other in any order': async ({ store }) => {
    const first = newJob({ name: 'first' });
    const second = newJob({ name: 'second', depends_on: [first.job_id] });
    const answer = await store.createJobs([second, first]);
    expect(answer.map(({ status }) => status)).toEqual(['blocked', 'waiting']);
    const [pick, ...more] = await pickAll(store);
    expect([pick?.job.name, more]).toEqual(['first', []]);
  },

  'a dependency named twice counts once': async ({ store }) => {
    const dependency = await createJob(store);
    const dependent = await createJob(store, { depends_on: [dependency, dependency] });
    expect((await detailOf(store, dependent)).depends_on).toHaveLength(1);
    await store.recordExecutions([succeeded(await pickOne(store))]);
    expect(await statusOf(store, dependent)).toBe('waiting');
  },

  'a success unblocks its dependents in the same call, level by level': async ({ store }) => {
    const ids = await createDiamond(store);
    let picks = await pickAll(store);
    const levels: string[][] = [];
    while (picks.length > 0) {
      levels.push(namesOf(picks));
      const next = claimRequest({ execution_ids: executionIds(50) });
      const answer = await store.recordExecutions(
        picks.map((pick) => succeeded(pick)),
        next,
      );
      picks = answer.claim?.picks ?? [];
    }
    expect(levels).toEqual([['a'], ['b', 'c'], ['d'], ['e']]);
    expect(await statusOf(store, ids.e)).toBe('success');
  },

  'a job stays blocked until its last dependency is a success': async ({ store }) => {
    const ids = await createDiamond(store);
    await store.recordExecutions([succeeded(await pickOne(store))]);
    const [b, c] = await pickAll(store);
    if (!b || !c) throw new Error('b and c were due');
    await store.recordExecutions([succeeded(b)]);
    expect(await statusOf(store, ids.d)).toBe('blocked');
    await store.recordExecutions([succeeded(c)]);
    expect(await statusOf(store, ids.d)).toBe('waiting');
    expect(await statusOf(store, ids.e)).toBe('blocked');
  },

  'a failure, a retry and a lost lock unblock nothing': async ({ store, advance }) => {
    const dependency = await createJob(store, { max_retries: 2 });
    const dependent = await createJob(store, { depends_on: [dependency] });
    await store.recordExecutions([retried(await pickOne(store))]);
    expect(await statusOf(store, dependent)).toBe('blocked');
    await pickOne(store);
    await advance(61);
    await store.releaseExpired(10);
    expect(await statusOf(store, dependent)).toBe('blocked');
    await store.recordExecutions([failed(await pickOne(store))]);
    expect(await statusOf(store, dependent)).toBe('blocked');
  },

  'a failed dependency that is retried and succeeds unblocks': async ({ store }) => {
    const dependency = await createJob(store);
    const dependent = await createJob(store, { depends_on: [dependency] });
    await store.recordExecutions([failed(await pickOne(store))]);
    await store.moveJob(dependency, 'retry');
    await store.recordExecutions([succeeded(await pickOne(store))]);
    expect(await statusOf(store, dependent)).toBe('waiting');
  },

  'a success that is lost unblocks nothing': async ({ store, advance }) => {
    const dependency = await createJob(store);
    const dependent = await createJob(store, { depends_on: [dependency] });
    const pick = await pickOne(store);
    await advance(61);
    const { verdicts } = await store.recordExecutions([succeeded(pick)]);
    expect(verdicts).toEqual(['lost']);
    expect(await statusOf(store, dependent)).toBe('blocked');
  },

  'an unblocked job still waits for its run_at': async ({ store, advance }) => {
    const { now } = await store.inspect();
    const dependency = await createJob(store);
    const run_at = new Date(now.getTime() + 50_000);
    const dependent = await createJob(store, { depends_on: [dependency], run_at });
    await store.recordExecutions([succeeded(await pickOne(store))]);
    expect(await statusOf(store, dependent)).toBe('waiting');
    expect(await pickAll(store)).toEqual([]);
    await advance(51);
    expect((await pickOne(store)).job.job_id).toBe(dependent);
  },

  'a disabled or cancelled dependent is not woken by a success': async ({ store }) => {
    const dependency = await createJob(store);
    const disabled = await createJob(store, { depends_on: [dependency] });
    const cancelled = await createJob(store, { depends_on: [dependency] });
    await store.moveJob(disabled, 'disable');
    await store.moveJob(cancelled, 'cancel');
    await store.recordExecutions([succeeded(await pickOne(store))]);
    expect(await statusOf(store, disabled)).toBe('disabled');
    expect(await statusOf(store, cancelled)).toBe('cancelled');
    await store.moveJob(disabled, 'enable');
    await store.moveJob(cancelled, 'retry');
    expect(await statusOf(store, disabled)).toBe('waiting');
    expect(await statusOf(store, cancelled)).toBe('waiting');
  },

  'a hundred dependents of one job are unblocked together': async ({ store }) => {
    const dependency = await createJob(store);
    const depends_on = [dependency];
    await store.createJobs(Array.from({ length: 100 }, () => newJob({ depends_on })));
    await store.recordExecutions([succeeded(await pickOne(store))]);
    expect((await store.stats()).jobs).toMatchObject({ blocked: 0, waiting: 100 });
  },
};
