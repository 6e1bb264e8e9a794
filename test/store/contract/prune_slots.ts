// Pruning the ledger: old rows go, and with their last one a deleted schedule.
import { expect } from '@jest/globals';
import type { Store } from '../../../src/core/store.ts';
import type { PruneCounts, PruneRequest } from '../../../src/core/upkeep.ts';
import { succeeded } from '../../support/jobs.ts';
import {
  createSchedule,
  ledgerOf,
  plannedSchedule,
  planShort,
  restore,
  scheduleOf,
  until,
} from '../../support/schedules.ts';
import { detailOf, pickOne } from '../../support/store.ts';
import type { ContractTests } from './world.ts';

const DAY = 86_400;
const old: PruneRequest = { older_than_days: 30, executions: true, jobs: false, limit: 100 };

const pruneAll = async (store: Store, request: PruneRequest): Promise<PruneCounts[]> => {
  const rounds = [await store.prune(request)];
  while (rounds.at(-1)?.more) {
    if (rounds.length > 50) throw new Error('pruning does not come to an end');
    rounds.push(await store.prune(request));
  }
  return rounds;
};

const slotsIn = (rounds: PruneCounts[]) => rounds.map(({ slots }) => slots);

export const pruneSlotTests: ContractTests = {
  'old rows of the ledger go; planned ones and younger ones stay': async (world) => {
    const { store, advance } = world;
    const id = await plannedSchedule(store);
    await until(world, '10:00');
    await restore(store);
    await advance(29 * DAY);
    await store.moveSchedule(id, 'pause');
    await store.moveSchedule(id, 'resume');
    await planShort(store);
    const planned = (await ledgerOf(store, id)).filter((line) => line.endsWith('planned'));
    await advance(1.5 * DAY);
    const before = await ledgerOf(store, id);
    expect(before[0]).toBe('10:00 fired due');
    expect(slotsIn(await pruneAll(store, old))).toEqual([1]);
    expect(await ledgerOf(store, id)).toEqual(before.slice(1));
    await advance(365 * DAY);
    expect(slotsIn(await pruneAll(store, old)).at(-1)).toBe(before.length - 1 - planned.length);
    expect(await ledgerOf(store, id)).toEqual(planned);
    expect((await scheduleOf(store, id)).schedule.status).toBe('active');
  },

  'the ledger stays where only jobs are asked for': async (world) => {
    const { store, advance } = world;
    const id = await plannedSchedule(store);
    await until(world, '10:00');
    await restore(store);
    await store.recordExecutions([succeeded(await pickOne(store))]);
    await advance(31 * DAY);
    const request = { ...old, executions: false, jobs: true };
    expect(await store.prune(request)).toMatchObject({ jobs: 1, slots: 0, more: false });
    const fired = (await scheduleOf(store, id)).slots.at(-1);
    expect(fired).toMatchObject({ status: 'fired', job_id: expect.any(String), job_status: null });
  },

  'no more rows of the ledger than the limit go at a time, the oldest first': async (world) => {
    const { store, advance } = world;
    const id = await plannedSchedule(store, { schedule_expression: '*/5 * * * *', missed: 'all' });
    for (const time of ['09:35', '09:40', '09:45', '09:50', '09:55']) {
      await until(world, time);
      await restore(store);
    }
    await advance(31 * DAY);
    const first = await store.prune({ ...old, limit: 2 });
    expect(first).toMatchObject({ slots: 2, more: true });
    expect((await ledgerOf(store, id))[0]).toBe('09:45 fired due');
    const rounds = slotsIn(await pruneAll(store, { ...old, limit: 2 }));
    expect(Math.max(...rounds)).toBeLessThanOrEqual(2);
    expect(rounds.reduce((sum, count) => sum + count, 0)).toBe(3);
    expect((await ledgerOf(store, id))[0]).toMatch(/ planned$/);
  },

  'a deleted schedule goes once it is old and its ledger is gone': async (world) => {
    const { store, advance } = world;
    const gone = await plannedSchedule(store, { schedule_expression: '*/10 * * * *' });
    await until(world, '09:40');
    const [slot] = await restore(store);
    await store.moveSchedule(gone, 'delete');
    const rows = (await ledgerOf(store, gone)).length;
    const paused = await createSchedule(store);
    await store.moveSchedule(paused, 'pause');
    await advance(29 * DAY);
    const young = await createSchedule(store);
    await store.moveSchedule(young, 'delete');
    expect(slotsIn(await pruneAll(store, old))).toEqual([0]);
    expect(await store.getSchedule(gone, 1)).not.toBeNull();

    await advance(2 * DAY);
    const jobs = { ...old, executions: false, jobs: true };
    await pruneAll(store, jobs);
    expect(await store.getSchedule(gone, 1)).not.toBeNull();
    expect(await store.prune({ ...old, limit: 4 })).toMatchObject({ slots: 4, more: true });
    expect(await store.getSchedule(gone, 1)).not.toBeNull();
    const rounds = slotsIn(await pruneAll(store, { ...old, limit: 4 }));
    expect(rounds.reduce((sum, count) => sum + count, 0)).toBe(rows - 4);
    expect(await store.getSchedule(gone, 1)).toBeNull();
    expect(await store.getSchedule(young, 1)).not.toBeNull();
    expect((await scheduleOf(store, paused)).schedule.status).toBe('paused');
    expect(await detailOf(store, slot?.job_id ?? '')).toMatchObject({
      job: { status: 'waiting', schedule_id: gone },
      schedule: null,
    });
    expect(await store.prune(old)).toMatchObject({ slots: 0, more: false });
  },

  'a job whose row of the ledger is gone tells its schedule and no time': async (world) => {
    const { store, advance } = world;
    const id = await plannedSchedule(store, { name: 'nightly' });
    await until(world, '10:00');
    const [slot] = await restore(store);
    await advance(31 * DAY);
    await pruneAll(store, old);
    const { schedule } = await detailOf(store, slot?.job_id ?? '');
    expect(schedule).toEqual({ schedule_id: id, name: 'nightly', slot_at: null });
  },
};
