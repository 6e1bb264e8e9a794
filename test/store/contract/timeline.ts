// Timelines: what ended and what became of slots, part by part, by the store's clock.
import { expect } from '@jest/globals';
import type { Store } from '../../../src/core/store.ts';
import { failed, retried, succeeded } from '../../support/jobs.ts';
import {
  changeSchedule,
  handmadePlan,
  plannedSchedule,
  restore,
  until,
} from '../../support/schedules.ts';
import { at } from '../../support/start.ts';
import { createJob, pickOne } from '../../support/store.ts';
import type { ContractTests, World } from './world.ts';

const HOUR = 3600;

/** A job that begins now, runs for `seconds` and ends so. */
const run = async ({ store, advance }: World, seconds: number, end: typeof succeeded) => {
  await createJob(store);
  const pick = await pickOne(store, { lock_seconds: 1e6 });
  await advance(seconds);
  await store.recordExecutions([end(pick)]);
};

/** Executions as `10:00 success 2`. */
const linesOf = async (store: Store, bucket_seconds: number, buckets: number) => {
  const { executions } = await store.timeline({ bucket_seconds, buckets });
  return executions.map(
    ({ from, status, count }) => `${from.toISOString().slice(11, 16)} ${status} ${count}`,
  );
};

export const timelineTests: ContractTests = {
  'an empty store has a timeline of nothing, by its own clock': async ({ store, setClock }) => {
    await setClock(at('10:47'));
    expect(await store.timeline({ bucket_seconds: HOUR, buckets: 24 })).toEqual({
      at: at('10:47'),
      bucket_seconds: HOUR,
      since: at('2031-05-16T11:00'),
      executions: [],
      slots: [],
    });
  },

  'parts begin at whole multiples of their length, and the last one holds the present': async ({
    store,
    setClock,
  }) => {
    const since = async (bucket_seconds: number, buckets: number) =>
      (await store.timeline({ bucket_seconds, buckets })).since;
    await setClock(at('10:47'));
    expect(await since(HOUR, 1)).toEqual(at('10:00'));
    expect(await since(900, 4)).toEqual(at('10:00'));
    expect(await since(86_400, 1)).toEqual(at('00:00'));
    expect(await since(60, 2)).toEqual(at('10:46'));
    // A Thursday, as the first of January 1970 was.
    expect(await since(7 * 86_400, 1)).toEqual(at('2031-05-15T00:00'));
    await setClock(at('11:00'));
    expect(await since(HOUR, 1)).toEqual(at('11:00'));
    expect(await since(7, 1)).toEqual(new Date(Math.floor(at('11:00').getTime() / 7000) * 7000));
  },

  'executions are counted where they ended, not where they began': async (world) => {
    const { store, setClock } = world;
    await setClock(at('09:50'));
    await run(world, 900, succeeded);
    await run(world, 60, failed);
    await setClock(at('11:59'));
    await run(world, 30, succeeded);
    expect(await linesOf(store, HOUR, 3)).toEqual([
      '10:00 failed 1',
      '10:00 success 1',
      '11:00 success 1',
    ]);
    expect(await linesOf(store, HOUR, 2)).toEqual([
      '10:00 failed 1',
      '10:00 success 1',
      '11:00 success 1',
    ]);
    expect(await linesOf(store, HOUR, 1)).toEqual(['11:00 success 1']);
  },

  'a part begins with its first moment and ends before that of the next': async (world) => {
    const { store, setClock } = world;
    await setClock(at('10:00'));
    await run(world, HOUR - 0.001, succeeded);
    await setClock(at('11:00'));
    await run(world, 0, failed);
    expect(await linesOf(store, HOUR, 2)).toEqual(['10:00 success 1', '11:00 failed 1']);
    expect(await linesOf(store, HOUR, 1)).toEqual(['11:00 failed 1']);
  },

  'an execution is told of with the average and the longest of its part': async (world) => {
    const { store, setClock } = world;
    await setClock(at('10:00'));
    for (const seconds of [10, 20, 60]) await run(world, seconds, succeeded);
    await run(world, 5, failed);
    const { executions } = await store.timeline({ bucket_seconds: HOUR, buckets: 1 });
    expect(executions).toEqual([
      {
        from: at('10:00'),
        status: 'failed',
        count: 1,
        average_seconds: expect.closeTo(5, 3),
        longest_seconds: expect.closeTo(5, 3),
      },
      {
        from: at('10:00'),
        status: 'success',
        count: 3,
        average_seconds: expect.closeTo(30, 3),
        longest_seconds: expect.closeTo(60, 3),
      },
    ]);
  },

  'each execution of a job counts, one that runs does not, one that is lost does': async (
    world,
  ) => {
    const { store, advance, setClock } = world;
    await setClock(at('10:00'));
    await createJob(store);
    await store.recordExecutions([retried(await pickOne(store))]);
    await store.recordExecutions([succeeded(await pickOne(store))]);
    await createJob(store);
    await pickOne(store);
    expect(await linesOf(store, HOUR, 1)).toEqual(['10:00 failed 1', '10:00 success 1']);
    await advance(90);
    await store.releaseExpired(10);
    expect(await linesOf(store, HOUR, 1)).toEqual([
      '10:00 failed 1',
      '10:00 lost 1',
      '10:00 success 1',
    ]);
  },

  'a timeline as long as one likes leaves out the parts without any': async (world) => {
    const { store, setClock } = world;
    await setClock(at('2031-05-10T10:00'));
    await run(world, 1, succeeded);
    await setClock(at('2031-05-17T10:00'));
    await run(world, 1, succeeded);
    const { executions, since } = await store.timeline({ bucket_seconds: 300, buckets: 4000 });
    expect(since.getTime()).toBe(at('10:00').getTime() - 3999 * 300_000);
    expect(executions.map(({ from }) => from)).toEqual([at('2031-05-10T10:00'), at('10:00')]);
  },

  'slots are counted when they were decided upon, planned ones are not': async (world) => {
    const { store } = world;
    await plannedSchedule(store, { missed: 'all' });
    await until(world, '12:20');
    await restore(store);
    const { slots } = await store.timeline({ bucket_seconds: HOUR, buckets: 4 });
    expect(slots).toEqual([{ from: at('12:00'), status: 'fired', count: 3 }]);
  },

  'a row of the ledger counts for all times that it stands for': async (world) => {
    const { store } = world;
    const id = await plannedSchedule(store, { schedule_expression: '0 0 1 1 *' });
    const { revision } = await changeSchedule(store, id, { schedule_expression: '0 0 2 1 *' });
    const gone = (slot_at: string, until_at: string, times: number | null) => ({
      slot_at: at(slot_at),
      until_at: at(until_at),
      times,
      status: 'missed' as const,
      reason: 'superseded' as const,
    });
    await until(world, '11:10');
    const plan = handmadePlan(
      id,
      revision,
      [],
      [
        gone('06:00', '06:40', 41),
        gone('07:00', '07:30', null),
        { ...gone('08:00', '08:00', 1), status: 'skipped', reason: 'paused', until_at: null },
      ],
    );
    expect(await store.planSchedules([plan])).toBe(1);
    const { slots } = await store.timeline({ bucket_seconds: HOUR, buckets: 1 });
    expect(slots.filter(({ status }) => status !== 'fired')).toEqual([
      { from: at('11:00'), status: 'missed', count: 42 },
      { from: at('11:00'), status: 'skipped', count: 1 },
    ]);
  },
};
