// A store's clock that is set back: nothing is made twice, and no time is told of twice or lost.
import { expect } from '@jest/globals';
import type { Store } from '../../../src/core/store.ts';
import {
  changeSchedule,
  decidedLines,
  ledgerOf,
  plannedSchedule,
  planShort,
  restore,
  until,
} from '../../support/schedules.ts';
import { at } from '../../support/start.ts';
import type { ContractTests } from './world.ts';

const every_ten = { schedule_expression: '*/10 * * * *' };

/** Pauses, resumes a while later, and plans. */
const pausedUntil = async (
  world: Parameters<typeof until>[0] & { store: Store },
  id: string,
  time: string,
) => {
  const { store } = world;
  const paused = await store.moveSchedule(id, 'pause');
  await until(world, time);
  await store.moveSchedule(id, 'resume');
  await planShort(store);
  return paused?.schedule.planned_until;
};

export const clockBackTests: ContractTests = {
  'a clock that is set back by an hour makes nothing twice': async (world) => {
    const { store } = world;
    const id = await plannedSchedule(store, { schedule_expression: '*/20 * * * *', missed: 'all' });
    await until(world, '10:10');
    await restore(store);
    const before = await ledgerOf(store, id);
    expect(before.slice(0, 2)).toEqual(['09:40 fired due', '10:00 fired due']);
    await until(world, '09:10');
    expect(await restore(store)).toEqual([]);
    await until(world, '10:10');
    expect(await restore(store)).toEqual([]);
    expect((await ledgerOf(store, id)).slice(0, before.length)).toEqual(before);
    await until(world, '10:20');
    expect(decidedLines(await restore(store))).toEqual(['10:20 fired due']);
    expect(await store.listJobs({ limit: 50 })).toHaveLength(3);
  },

  'a pause while the clock is back does not hide behind what was fired since': async (world) => {
    const { store } = world;
    const id = await plannedSchedule(store, { ...every_ten, missed: 'all' });
    await until(world, '10:05');
    await restore(store);
    await until(world, '09:35');
    expect(await pausedUntil(world, id, '12:05')).toEqual(at('10:00'));
    expect((await ledgerOf(store, id)).slice(0, 5)).toEqual([
      '09:40 fired due',
      '09:50 fired due',
      '10:00 fired due',
      '10:10-12:00 x12 skipped paused',
      '12:10 planned',
    ]);
  },

  'what a range tells of is not planned again after a pause while the clock is back': async (
    world,
  ) => {
    const { store } = world;
    const given = { missed: 'skip', starting_deadline_seconds: 60 } as const;
    const id = await plannedSchedule(store, { ...every_ten, ...given });
    await until(world, '12:05');
    await restore(store);
    const before = (await ledgerOf(store, id)).filter((line) => !line.endsWith('planned'));
    expect(before.at(-1)).toBe('10:40-12:00 x9 missed too_late');
    await until(world, '11:05');
    expect(await pausedUntil(world, id, '11:15')).toEqual(at('12:00'));
    expect(await ledgerOf(store, id)).toEqual([...before, '12:10 planned', '12:20 planned']);
  },

  'a rule that is changed while the clock is back counts after what was decided': async (world) => {
    const { store } = world;
    const id = await plannedSchedule(store, { ...every_ten, missed: 'all' });
    await until(world, '10:05');
    await restore(store);
    await until(world, '09:35');
    const changed = await changeSchedule(store, id, { schedule_expression: '*/15 * * * *' });
    expect(changed).toMatchObject({ planned_until: at('10:00'), plan_at: at('09:35') });
    await planShort(store);
    expect((await ledgerOf(store, id)).slice(0, 5)).toEqual([
      '09:40 fired due',
      '09:50 fired due',
      '10:00 fired due',
      '10:10 skipped changed',
      '10:15 planned',
    ]);
  },
};
