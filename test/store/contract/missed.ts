// Times that went by while nothing ran: what each policy makes up for, and what the ledger says.
import { expect } from '@jest/globals';
import {
  createSchedule,
  decidedLines,
  handmadePlan,
  ledgerOf,
  plannedSchedule,
  restore,
  until,
  wake,
} from '../../support/schedules.ts';
import { at } from '../../support/start.ts';
import type { ContractTests, World } from './world.ts';

type Given = Parameters<typeof plannedSchedule>[1];

/** The ledger of an hourly schedule when nothing ran from half past nine to half past twelve. */
const afterThreeHours = async (world: World, given: Given): Promise<string[]> => {
  const id = await plannedSchedule(world.store, given);
  await until(world, '12:30');
  await restore(world.store);
  const lines = await ledgerOf(world.store, id);
  expect(lines.slice(-2)).toEqual(['13:00 planned', '14:00 planned']);
  return lines.slice(0, -2);
};

const runsOf = async ({ store }: World): Promise<Date[]> =>
  (await store.listJobs({ limit: 100 })).map(({ run_at }) => run_at).toSorted((a, b) => +a - +b);

export const missedTests: ContractTests = {
  'latest: one drain after three hours makes the last job, and tells of the others': async (
    world,
  ) => {
    const lines = await afterThreeHours(world, { missed: 'latest' });
    expect(lines).toEqual([
      '10:00 missed superseded',
      '11:00 missed superseded',
      '12:00 fired due',
    ]);
    expect(await runsOf(world)).toEqual([at('12:00')]);
  },

  'all: one drain after three hours makes every job': async (world) => {
    const lines = await afterThreeHours(world, { missed: 'all' });
    expect(lines).toEqual(['10:00 fired due', '11:00 fired due', '12:00 fired due']);
    expect(await runsOf(world)).toEqual([at('10:00'), at('11:00'), at('12:00')]);
  },

  'all: of more than a hundred that are due the last hundred are made up for': async (world) => {
    const { store } = world;
    const id = await createSchedule(store, { missed: 'all' });
    const times = Array.from({ length: 130 }, (_, i) => new Date(+at('09:31') + i * 60_000));
    const plan = handmadePlan(id, 1, times);
    await store.planSchedules([{ ...plan, planned_until: at('23:00'), plan_at: at('22:00') }]);
    await until(world, '11:45');
    await restore(store);
    const lines = await ledgerOf(store, id);
    expect([lines[0], lines[29]]).toEqual(['09:31 missed too_many', '10:00 missed too_many']);
    expect([lines[30], lines[129]]).toEqual(['10:01 fired due', '11:40 fired due']);
    expect(lines.filter((line) => line.endsWith(' fired due'))).toHaveLength(100);
    expect((await store.stats()).jobs.waiting).toBe(100);
  },

  'skip: one drain after three hours makes none of them': async (world) => {
    const lines = await afterThreeHours(world, { missed: 'skip' });
    expect(lines).toEqual([
      '10:00 missed too_late',
      '11:00 missed too_late',
      '12:00 missed too_late',
    ]);
    expect(await runsOf(world)).toEqual([]);
  },

  'a starting deadline bounds what is made up for, to the moment': async (world) => {
    expect(
      await afterThreeHours(world, { missed: 'all', starting_deadline_seconds: 5400 }),
    ).toEqual(['10:00 missed too_late', '11:00 missed too_late', '12:00 fired due']);
    expect(await runsOf(world)).toEqual([at('12:00')]);
  },

  'a starting deadline that is not over yet lets a job be made': async (world) => {
    const given = { missed: 'all', starting_deadline_seconds: 5401 } as const;
    expect((await afterThreeHours(world, given)).slice(1)).toEqual([
      '11:00 fired due',
      '12:00 fired due',
    ]);
  },

  'a starting deadline that is over leaves nothing to `latest`': async (world) => {
    const given = { missed: 'latest', starting_deadline_seconds: 60 } as const;
    expect(await afterThreeHours(world, given)).toEqual([
      '10:00 missed too_late',
      '11:00 missed too_late',
      '12:00 missed too_late',
    ]);
  },

  'skip still fires what is hardly late': async (world) => {
    const { store } = world;
    const id = await plannedSchedule(store, { missed: 'skip' });
    await until(world, '10:09:59.999');
    expect(decidedLines(await restore(store))).toEqual(['10:00 fired due']);
    await until(world, '11:10');
    expect(decidedLines(await restore(store))).toEqual(['11:00 missed too_late']);
    expect((await ledgerOf(store, id)).slice(0, 2)).toEqual([
      '10:00 fired due',
      '11:00 missed too_late',
    ]);
  },

  'a slot that was missed makes no job and no execution of its schedule': async (world) => {
    const { store } = world;
    const id = await plannedSchedule(store, { missed: 'skip' });
    await until(world, '10:30');
    const { slots } = await wake(store);
    expect(slots).toMatchObject([{ status: 'missed', reason: 'too_late', job_id: null }]);
    const detail = await store.getSchedule(id, 9);
    expect(detail?.schedule).toMatchObject({
      last_execution: null,
      next_execution: at('11:00'),
    });
    expect(detail?.slots[1]).toMatchObject({ job_id: null, decided_at: at('10:30') });
  },

  'three hours of minutes: every time is told of, none of them twice': async (world) => {
    const { store } = world;
    const id = await plannedSchedule(store, { schedule_expression: '* * * * *' });
    await until(world, '12:30');
    const decided = decidedLines(await restore(store));
    expect(decided).toHaveLength(61);
    expect([decided[0], decided[59], decided[60]]).toEqual([
      '09:31 missed superseded',
      '10:30 missed superseded',
      '12:30 fired due',
    ]);
    const lines = await ledgerOf(store, id);
    expect(lines.slice(59, 63)).toEqual([
      '10:30 missed superseded',
      '10:31-12:29 x119 missed superseded',
      '12:30 fired due',
      '12:31 planned',
    ]);
    expect(lines).toHaveLength(62 + 60);
  },

  'a drain every five minutes makes the latest of five minutes, or each of them': async (world) => {
    const { store } = world;
    const minutes = { schedule_expression: '* * * * *' };
    await plannedSchedule(store, { ...minutes, missed: 'latest' });
    await until(world, '09:35');
    expect(decidedLines(await restore(store)).slice(-2)).toEqual([
      '09:34 missed superseded',
      '09:35 fired due',
    ]);
    await plannedSchedule(store, { ...minutes, missed: 'all' });
    await until(world, '09:40');
    const { slots } = await wake(store);
    expect(slots.filter(({ status }) => status === 'fired')).toHaveLength(1 + 5);
  },
};
