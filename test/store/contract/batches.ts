// Many slots due at once: fired in bounded batches, each once.
import { expect } from '@jest/globals';
import type { DecidedSlot, SchedulePlan } from '../../../src/core/schedule.ts';
import type { Store } from '../../../src/core/store.ts';
import {
  aScheduleWrite,
  handmadePlan,
  plannedSchedules,
  save,
  scheduleOf,
  until,
  wake,
} from '../../support/schedules.ts';
import { at, START } from '../../support/start.ts';
import type { ContractTests } from './world.ts';

const MINUTE = 60_000;

/** Wakes until nothing is due; what each claim decided. */
const batches = async (store: Store): Promise<DecidedSlot[][]> => {
  const found: DecidedSlot[][] = [];
  for (let more = true; more; ) {
    const { slots, more_slots } = await wake(store);
    found.push(slots);
    more = more_slots;
    if (found.length > 20) throw new Error('there is no end of slots');
  }
  return found;
};

const expectBounded = (found: DecidedSlot[][], count: number): void => {
  expect(Math.max(...found.map(({ length }) => length))).toBeLessThanOrEqual(200);
  expect(found.slice(0, -1).every(({ length }) => length > 0)).toBe(true);
  const fired = found.flat().map(({ status, job_id }) => `${status} ${job_id}`);
  expect(fired.filter((it) => it.startsWith('fired '))).toHaveLength(count);
  expect(new Set(fired).size).toBe(count);
};

export const batchTests: ContractTests = {
  'slots of 250 schedules that are due at once are fired in batches': async (world) => {
    const { store } = world;
    const writes = Array.from({ length: 250 }, () => aScheduleWrite({ missed: 'all' }));
    await plannedSchedules(store, writes);
    await until(world, '10:00');
    const found = await batches(store);
    expectBounded(found, 250);
    expect(found.length).toBeGreaterThanOrEqual(2);
    expect((await store.stats()).jobs.waiting).toBe(250);
  },

  'slots of which many are due of each schedule are fired in batches': async (world) => {
    const { store } = world;
    const schedules = await save(
      store,
      Array.from({ length: 5 }, () => aScheduleWrite({ missed: 'all' })),
    );
    const times = Array.from({ length: 50 }, (_, i) => new Date(START.getTime() + i * MINUTE));
    const plans = schedules.map(
      ({ schedule_id, revision }): SchedulePlan => ({
        ...handmadePlan(schedule_id, revision, times),
        planned_until: at('23:00'),
        plan_at: at('22:00'),
      }),
    );
    await store.planSchedules(plans);
    await until(world, '10:30');
    const found = await batches(store);
    expectBounded(found, 250);
    expect(found.length).toBeGreaterThanOrEqual(2);
    for (const { schedule_id } of schedules) {
      const { schedule, slots } = await scheduleOf(store, schedule_id);
      expect(slots.every(({ status }) => status === 'fired')).toBe(true);
      expect(schedule.next_execution).toBeNull();
    }
  },

  'a claim that leaves nothing over says so': async (world) => {
    const { store } = world;
    expect((await wake(store)).more_slots).toBe(false);
    await plannedSchedules(store, [aScheduleWrite(), aScheduleWrite()]);
    await until(world, '10:00');
    expect(await wake(store)).toMatchObject({ slots: [{}, {}], more_slots: false });
    await until(world, '11:30');
    expect(await wake(store)).toMatchObject({ slots: [], more_slots: false, to_plan: [{}, {}] });
  },
};
