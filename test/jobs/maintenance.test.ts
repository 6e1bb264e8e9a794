// maintenance on a real store: what it deletes, what it leaves, and that it stops when told.
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import * as z from 'zod';
import { acceptConfig, defineJob, parseConfig } from '../../src/core/definition.ts';
import type { Store } from '../../src/core/store.ts';
import { maintenance } from '../../src/jobs/maintenance.ts';
import { newJob } from '../support/jobs.ts';
import { createLine, type Instance, type Line } from './line.ts';

let line: Line;
let instance: Instance;
const demo = defineJob({ type: 'demo', config: z.object({}), run: () => null });
const DAY = 24 * 60 * 60;

beforeEach(async () => {
  line = await createLine();
  instance = await line.instance((store: Store) => [maintenance(store), demo]);
});
afterEach(() => line.close());

/** Runs `count` jobs to their end, and answers their ids. */
const finish = async (count: number): Promise<string[]> => {
  const jobs = Array.from({ length: count }, () => newJob());
  await instance.store.createJobs(jobs);
  for (let done = 0; done < count; done += 1) await line.until(instance.run());
  return jobs.map(({ job_id }) => job_id);
};

const maintain = async (config: object) => {
  await line.create(instance.store, 'maintenance', config);
  return (await line.until(instance.run())).result;
};

const left = async (ids: string[]): Promise<number> => {
  const found = await Promise.all(ids.map((id) => instance.store.getJob(id)));
  return found.filter((detail) => detail !== null).length;
};

describe('maintenance', () => {
  test('deletes what ended more than 30 days ago, and nothing younger or unfinished', async () => {
    const old = await finish(3);
    const unfinished = newJob({ run_at: new Date('2040-01-01') });
    await instance.store.createJobs([unfinished]);
    await line.advance(31 * DAY);
    const young = await finish(2);
    expect(await maintain({})).toEqual({
      executions_deleted: 3,
      events_deleted: expect.any(Number),
      slots_deleted: 0,
      jobs_deleted: 3,
      vacuumed: false,
    });
    expect(await left(old)).toBe(0);
    expect(await left([...young, unfinished.job_id])).toBe(3);
  });

  test('deletes only what it is told to', async () => {
    const ids = await finish(2);
    await line.advance(10);
    const nothing = { cleanup_days: 0, cleanup_executions: false, cleanup_jobs: false };
    expect(await maintain(nothing)).toMatchObject({ executions_deleted: 0, jobs_deleted: 0 });
    await line.advance(10);
    const executions = { cleanup_days: 0, cleanup_jobs: false, vacuum: true };
    const result = await maintain(executions);
    expect(result).toMatchObject({ executions_deleted: 3, jobs_deleted: 0, vacuumed: true });
    expect(await left(ids)).toBe(2);
  });

  test('goes on batch by batch until nothing old is left, and stops between two when told', async () => {
    const batches = [500, 500, 500, 20];
    const requests: object[] = [];
    const abort = new AbortController();
    const store: Pick<Store, 'prune' | 'vacuum'> = {
      prune: async (request) => {
        requests.push(request);
        const jobs = batches[requests.length - 1]!;
        if (requests.length === 6) abort.abort(new Error('told to stop'));
        return { executions: jobs, events: 1, slots: 2, jobs, more: jobs === 500 };
      },
      vacuum: async () => {},
    };
    const definition = maintenance(store);
    const config = await parseConfig(definition, {});
    const ctx = { config, signal: abort.signal, progress: async () => {} };
    const result = await definition.run(ctx as never);
    expect(result).toMatchObject({
      jobs_deleted: 1520,
      executions_deleted: 1520,
      events_deleted: 4,
      slots_deleted: 8,
    });
    expect(requests).toHaveLength(4);
    expect(requests[0]).toEqual({ older_than_days: 30, executions: true, jobs: true, limit: 500 });

    batches.push(500, 500, 500);
    await expect(definition.run(ctx as never)).rejects.toThrow('told to stop');
    expect(requests).toHaveLength(6);
  });

  test.each([
    [{ cleanup_days: -1 }, 'config.cleanup_days'],
    [{ cleanup_days: '30' }, 'config.cleanup_days'],
    [{ vacuum: 'yes' }, 'config.vacuum'],
    [{ cleanup_day: 1 }, 'config'],
  ])('refuses %j at %s', async (config, path) => {
    const refused = expect(acceptConfig(maintenance(instance.store), config)).rejects;
    await refused.toMatchObject({ problems: [expect.objectContaining({ path })] });
  });
});
