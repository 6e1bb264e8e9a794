// Pruning: old rows go, bounded, and nothing that is still needed.
import { expect } from '@jest/globals';
import type { Store } from '../../../src/core/store.ts';
import type { PruneCounts, PruneRequest } from '../../../src/core/upkeep.ts';
import {
  claimRequest,
  executionIds,
  failed,
  newJob,
  retried,
  succeeded,
} from '../../support/jobs.ts';
import { createJob, dump, eventsOf, pickOne, statusOf } from '../../support/store.ts';
import type { ContractTests } from './world.ts';

const DAY = 86_400;
const all: PruneRequest = { older_than_days: 30, executions: true, jobs: true, limit: 100 };
const nothing: PruneCounts = { executions: 0, events: 0, jobs: 0, slots: 0, more: false };

const finish = async (store: Store, count: number): Promise<void> => {
  await store.createJobs(Array.from({ length: count }, () => newJob()));
  const { picks } = await store.claimJobs(claimRequest({ execution_ids: executionIds(count) }));
  await store.recordExecutions(picks.map((pick) => succeeded(pick)));
};

/** Prunes until nothing old is left, as `maintenance` does. */
const pruneAll = async (store: Store, request: PruneRequest): Promise<PruneCounts[]> => {
  const rounds = [await store.prune(request)];
  while (rounds.at(-1)?.more) {
    if (rounds.length > 200) throw new Error('pruning does not come to an end');
    rounds.push(await store.prune(request));
  }
  return rounds;
};

export const pruneTests: ContractTests = {
  'the jobs that finished first go first, whatever their type and status': async ({
    store,
    advance,
  }) => {
    const ids: string[] = [];
    for (let place = 0; place < 7; place += 1) {
      const job_type = ['demo', 'other', 'a'][place % 3] ?? '';
      ids.push(await createJob(store, { job_type }));
      const end = place % 2 === 0 ? succeeded : failed;
      await store.recordExecutions([end(await pickOne(store, { job_types: [job_type] }))]);
      await advance(1);
    }
    await advance(31 * DAY);
    const left = async () => (await store.listJobs({ limit: 10 })).map(({ job_id }) => job_id);
    for (let gone = 2; gone <= 6; gone += 2) {
      expect(await store.prune({ ...all, limit: 2 })).toMatchObject({ jobs: 2, more: true });
      expect(await left()).toEqual(ids.slice(gone).reverse());
    }
    expect(await store.prune({ ...all, limit: 2 })).toMatchObject({ jobs: 1 });
    expect(await left()).toEqual([]);
  },

  'pruning an empty store deletes nothing': async ({ store }) => {
    expect(await store.prune(all)).toEqual(nothing);
  },

  'old finished jobs go with all their rows, younger ones stay': async ({ store, advance }) => {
    const old = [];
    for (const end of [succeeded, failed]) {
      old.push(await createJob(store));
      await store.recordExecutions([end(await pickOne(store))]);
    }
    old.push(await createJob(store));
    await store.moveJob(old.at(-1) ?? '', 'cancel');
    await advance(29 * DAY);
    const young = await createJob(store);
    await store.recordExecutions([succeeded(await pickOne(store))]);
    const before = await dump(store, [young]);
    await advance(2 * DAY);

    const rounds = await pruneAll(store, all);
    expect(rounds.reduce((sum, { jobs }) => sum + jobs, 0)).toBe(3);
    for (const jobId of old) {
      expect(await store.getJob(jobId)).toBeNull();
      expect(await eventsOf(store, jobId)).toEqual([]);
    }
    expect(await dump(store, [young])).toEqual(before);
  },

  'no more than the limit of each kind goes at a time, and `more` says whether to go on': async ({
    store,
    advance,
  }) => {
    await finish(store, 10);
    await advance(31 * DAY);
    const rounds = await pruneAll(store, { ...all, limit: 4 });
    for (const { executions, events, jobs } of rounds) {
      expect(Math.max(executions, events, jobs)).toBeLessThanOrEqual(4);
    }
    expect(rounds.length).toBeGreaterThanOrEqual(3);
    expect(rounds.reduce((sum, { jobs }) => sum + jobs, 0)).toBe(10);
    expect(await store.listJobs({ limit: 20 })).toEqual([]);
    expect(await store.prune(all)).toEqual(nothing);
  },

  'the oldest jobs go first': async ({ store, advance }) => {
    const jobIds: string[] = [];
    for (let i = 0; i < 4; i += 1) {
      jobIds.push(await createJob(store));
      await store.recordExecutions([succeeded(await pickOne(store))]);
      await advance(60);
    }
    await advance(31 * DAY);
    await store.prune({ ...all, executions: false, limit: 2 });
    const left = (await store.listJobs({ limit: 10 })).map(({ job_id }) => job_id);
    expect(left.sort()).toEqual(jobIds.slice(2).sort());
  },

  'unfinished jobs stay, however old': async ({ store, advance }) => {
    const waiting = await createJob(store, { job_type: 'never' });
    const blocked = await createJob(store, { depends_on: [waiting] });
    const disabled = await createJob(store);
    await store.moveJob(disabled, 'disable');
    const locked = await createJob(store);
    await pickOne(store, { lock_seconds: 60 * DAY });
    await advance(50 * DAY);
    const rounds = await pruneAll(store, all);
    expect(rounds.every(({ jobs, executions }) => jobs + executions === 0)).toBe(true);
    const statuses = await Promise.all(
      [waiting, blocked, disabled, locked].map((id) => statusOf(store, id)),
    );
    expect(statuses).toEqual(['waiting', 'blocked', 'disabled', 'locked']);
    expect((await store.getJob(locked))?.executions).toHaveLength(1);
  },

  'finished jobs for which a blocked job waits stay, and pruning comes to an end': async ({
    store,
    advance,
  }) => {
    const done = await createJob(store);
    await store.recordExecutions([succeeded(await pickOne(store))]);
    const broken = await createJob(store);
    await store.recordExecutions([failed(await pickOne(store))]);
    const blocked = await createJob(store, { depends_on: [done, broken] });
    await finish(store, 3);
    await advance(31 * DAY);

    await pruneAll(store, { ...all, limit: 2 });
    expect(await statusOf(store, broken)).toBe('failed');
    expect((await store.getJob(blocked))?.depends_on.map(({ job_id }) => job_id)).toContain(broken);
    await store.moveJob(broken, 'retry');
    await store.recordExecutions([succeeded(await pickOne(store))]);
    expect(await statusOf(store, blocked)).toBe('waiting');
    expect((await store.stats()).jobs.success).toBeLessThanOrEqual(2);
  },

  'old executions of a job that goes on are deleted, its running one stays': async ({
    store,
    advance,
  }) => {
    const jobId = await createJob(store);
    await store.recordExecutions([retried(await pickOne(store), 31 * DAY)]);
    await advance(32 * DAY);
    const running = await pickOne(store);
    const rounds = await pruneAll(store, { ...all, jobs: false });
    expect(rounds.reduce((sum, { executions }) => sum + executions, 0)).toBe(1);
    const executions = (await store.getJob(jobId))?.executions ?? [];
    expect(executions.map(({ execution_id }) => execution_id)).toEqual([
      running.fence.execution_id,
    ]);
    expect((await store.recordExecutions([succeeded(running)])).verdicts).toEqual(['recorded']);
  },

  'only what was asked for goes': async ({ store, advance }) => {
    await finish(store, 3);
    await advance(31 * DAY);
    const counts = async (request: Partial<PruneRequest>) =>
      (await pruneAll(store, { ...all, ...request })).reduce(
        (sum, { executions, jobs }) => ({
          executions: sum.executions + executions,
          jobs: sum.jobs + jobs,
        }),
        { executions: 0, jobs: 0 },
      );
    expect(await counts({ executions: false, jobs: false })).toEqual({ executions: 0, jobs: 0 });
    expect(await counts({ executions: true, jobs: false })).toEqual({ executions: 3, jobs: 0 });
    expect(await store.listJobs({ limit: 10 })).toHaveLength(3);
    expect((await counts({ executions: false, jobs: true })).jobs).toBe(3);
    expect(await store.listJobs({ limit: 10 })).toEqual([]);
  },

  'space is given back while jobs are there': async ({ store }) => {
    const jobId = await createJob(store);
    const before = await dump(store, [jobId]);
    await store.vacuum();
    expect(await dump(store, [jobId])).toEqual(before);
  },
};
