// Events: a job's history, in order, readable from any point on.
import { expect } from '@jest/globals';
import type { JobEvent } from '../../../src/core/job.ts';
import { failed, retried, succeeded } from '../../support/jobs.ts';
import { createJob, eventsOf, pickOne } from '../../support/store.ts';
import type { ContractTests } from './world.ts';

const ofKind = (events: JobEvent[], kind: JobEvent['kind']) =>
  events.filter((event) => event.kind === kind).map(({ data }) => data);

export const eventTests: ContractTests = {
  'events tell status, steps, progress and log lines in the order they happened': async ({
    store,
  }) => {
    const jobId = await createJob(store);
    const pick = await pickOne(store);
    const { fence } = pick;
    await store.saveStep(fence, { name: 'one', step_order: 1, status: 'running' });
    await store.heartbeat(fence, 60, [
      { level: 'info', message: 'first line' },
      { level: 'warn', message: 'second line', fields: { page: 2 } },
    ]);
    await store.saveStep(fence, { name: 'one', step_order: 1, status: 'success', output: 1 });
    await store.saveProgress(fence, { percent: 50, message: 'half' });
    await store.recordExecutions([
      succeeded(pick, { logs: [{ level: 'error', message: 'last line' }] }),
    ]);

    const events = await eventsOf(store, jobId);
    expect(events.map(({ kind, data }) => ({ kind, data }))).toMatchObject([
      { kind: 'status', data: { status: 'waiting' } },
      { kind: 'status', data: { status: 'locked' } },
      { kind: 'step', data: { name: 'one', status: 'running' } },
      { kind: 'log', data: { level: 'info', message: 'first line' } },
      { kind: 'log', data: { level: 'warn', message: 'second line', fields: { page: 2 } } },
      { kind: 'step', data: { name: 'one', status: 'success' } },
      { kind: 'progress', data: { percent: 50, message: 'half' } },
      { kind: 'log', data: { level: 'error', message: 'last line' } },
      { kind: 'status', data: { status: 'success' } },
    ]);
    expect(events.every((event) => event.job_id === jobId && event.at instanceof Date)).toBe(true);
    const ofExecution = events.filter(({ kind }) => kind !== 'status');
    expect(new Set(ofExecution.map((event) => event.execution_id))).toEqual(
      new Set([fence.execution_id]),
    );
  },

  'event ids of a job only grow, whichever handle writes': async ({ store, open }) => {
    const other = await open();
    const jobId = await createJob(store, { retry_delay_seconds: 0 });
    for (let i = 0; i < 3; i += 1) {
      await (i % 2 === 0 ? store : other).recordExecutions([retried(await pickOne(other))]);
    }
    const ids = (await eventsOf(store, jobId)).map(({ event_id }) => event_id);
    expect(ids.length).toBeGreaterThanOrEqual(7);
    expect(ids).toEqual(ids.toSorted((a, b) => a - b));
    expect(new Set(ids).size).toBe(ids.length);
  },

  'event ids of a job go on growing after old ones were pruned': async ({ store, advance }) => {
    const jobId = await createJob(store);
    await store.recordExecutions([failed(await pickOne(store))]);
    const newest = Math.max(...(await eventsOf(store, jobId)).map(({ event_id }) => event_id));
    await advance(40 * 24 * 60 * 60);
    const prune = { older_than_days: 30, executions: true, jobs: false, limit: 100 };
    expect(await store.prune(prune)).toMatchObject({ executions: 1, jobs: 0 });
    await store.moveJob(jobId, 'retry');
    const after = (await eventsOf(store, jobId)).at(-1);
    expect(after?.data).toMatchObject({ status: 'waiting' });
    expect(after?.event_id).toBeGreaterThan(newest);
  },

  'events are read on from where one stopped': async ({ store }) => {
    const jobId = await createJob(store);
    await createJob(store, { job_type: 'other' });
    await store.recordExecutions([succeeded(await pickOne(store))]);
    const all = await eventsOf(store, jobId);
    const pages: JobEvent[] = [];
    for (let page = await store.listEvents(jobId, 0, 2); page.length > 0; ) {
      expect(page.length).toBeLessThanOrEqual(2);
      pages.push(...page);
      page = await store.listEvents(jobId, page.at(-1)?.event_id ?? 0, 2);
    }
    expect(pages).toEqual(all);
    expect(await store.listEvents('no such job', 0, 10)).toEqual([]);
  },

  'every change of status is told: retries, lost locks, moves and unblocked jobs': async ({
    store,
    advance,
  }) => {
    const jobId = await createJob(store);
    const dependent = await createJob(store, { depends_on: [jobId], job_type: 'other' });
    await store.recordExecutions([retried(await pickOne(store))]);
    await pickOne(store);
    await advance(61);
    await store.releaseExpired(10);
    for (const move of ['disable', 'enable', 'cancel', 'retry'] as const) {
      await store.moveJob(jobId, move);
    }
    await store.recordExecutions([succeeded(await pickOne(store))]);

    const told = async (id: string) => ofKind(await eventsOf(store, id), 'status');
    expect(await told(jobId)).toMatchObject(
      [
        ['waiting', 'locked', 'waiting', 'locked', 'waiting'],
        ['disabled', 'waiting', 'cancelled', 'waiting', 'locked', 'success'],
      ]
        .flat()
        .map((status) => ({ status })),
    );
    expect(await told(dependent)).toMatchObject([{ status: 'blocked' }, { status: 'waiting' }]);
  },

  'log lines are kept by the first sending of a record alone': async ({ store }) => {
    const jobId = await createJob(store);
    const record = succeeded(await pickOne(store), { logs: [{ level: 'info', message: 'once' }] });
    await store.recordExecutions([record]);
    await store.recordExecutions([record]);
    expect(ofKind(await eventsOf(store, jobId), 'log')).toHaveLength(1);
  },
};
