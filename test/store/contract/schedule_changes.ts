// Changing the rule or the status of a schedule by writing it anew.
import { expect } from '@jest/globals';
import type { Store } from '../../../src/core/store.ts';
import {
  changeSchedule,
  createSchedule,
  decidedLines,
  dumpSchedules,
  ledgerOf,
  plannedSchedule,
  planShort,
  restore,
  scheduleOf,
  until,
  wake,
} from '../../support/schedules.ts';
import { at, START } from '../../support/start.ts';
import type { ContractTests } from './world.ts';

const half_past = { schedule_expression: '30 * * * *' };

const revisionOf = async (store: Store, id: string): Promise<number> =>
  (await scheduleOf(store, id)).schedule.revision;

export const scheduleChangeTests: ContractTests = {
  'where the rule changes, planned times are skipped and others planned from now on': async (
    world,
  ) => {
    const { store } = world;
    const id = await plannedSchedule(store);
    const revision = await revisionOf(store, id);
    await until(world, '09:45');
    expect(await changeSchedule(store, id, half_past)).toMatchObject({
      ...half_past,
      status: 'active',
      revision: revision + 1,
      planned_until: at('09:45'),
      plan_at: at('09:45'),
      next_execution: null,
      updated_at: at('09:45'),
    });
    expect(await ledgerOf(store, id)).toEqual(['10:00 skipped changed', '11:00 skipped changed']);
    expect((await scheduleOf(store, id)).slots[0]).toMatchObject({
      decided_at: at('09:45'),
      job_id: null,
    });
    await planShort(store);
    await until(world, '10:30');
    await restore(store);
    expect((await ledgerOf(store, id)).slice(0, 4)).toEqual([
      '10:00 skipped changed',
      '10:30 fired due',
      '11:00 skipped changed',
      '11:30 planned',
    ]);
  },

  'every part of the rule brings a new plan': async ({ store }) => {
    for (const [change, first] of [
      [{ timezone: 'Asia/Kolkata' }, '10:00 skipped changed'],
      [{ missed: 'skip' }, '10:00 planned'],
      [{ starting_deadline_seconds: 60 }, '10:00 planned'],
    ] as const) {
      const id = await plannedSchedule(store);
      const revision = await revisionOf(store, id);
      const changed = await changeSchedule(store, id, change);
      expect(changed).toMatchObject({ ...change, revision: revision + 1, plan_at: START });
      expect((await ledgerOf(store, id))[0]).toBe('10:00 skipped changed');
      await planShort(store);
      expect((await ledgerOf(store, id))[0]).toBe(first);
    }
  },

  'a time that the new rule has as well is planned again and makes its job': async (world) => {
    const { store } = world;
    const id = await plannedSchedule(store);
    await changeSchedule(store, id, { schedule_expression: '*/30 * * * *' });
    await planShort(store);
    expect(await ledgerOf(store, id)).toEqual([
      '10:00 planned',
      '10:30 planned',
      '11:00 skipped changed',
    ]);
    const [, , row] = (await scheduleOf(store, id)).slots;
    expect(row).toMatchObject({ reason: null, decided_at: null, job_id: null });
    await until(world, '10:00');
    expect(decidedLines(await restore(store))).toEqual(['10:00 fired due']);
    expect((await ledgerOf(store, id)).slice(0, 3)).toEqual([
      '10:00 fired due',
      '10:30 planned',
      '11:00 planned',
    ]);
  },

  'a time that is planned again may be as late as the new rule says': async (world) => {
    const { store } = world;
    const strict = await plannedSchedule(store);
    const patient = await plannedSchedule(store, { starting_deadline_seconds: 60 });
    await changeSchedule(store, strict, { starting_deadline_seconds: 60 });
    await changeSchedule(store, patient, { starting_deadline_seconds: null });
    await planShort(store);
    await until(world, '10:05');
    await restore(store);
    expect((await ledgerOf(store, strict))[0]).toBe('10:00 missed too_late');
    expect((await ledgerOf(store, patient))[0]).toBe('10:00 fired due');
  },

  'a time that was skipped for a change may turn out to have gone by': async (world) => {
    const { store } = world;
    const id = await plannedSchedule(store);
    await changeSchedule(store, id, { schedule_expression: '*/30 * * * *' });
    await until(world, '12:40');
    await planShort(store);
    expect((await ledgerOf(store, id)).slice(0, 3)).toEqual([
      '10:00-12:00 x5 missed superseded',
      '12:30 planned',
      '13:00 planned',
    ]);
  },

  'a changed rule leaves what is due to be decided as it was planned': async (world) => {
    const { store } = world;
    const id = await plannedSchedule(store);
    await until(world, '10:20');
    const changed = await changeSchedule(store, id, half_past);
    expect(changed).toMatchObject({ next_execution: at('10:00'), planned_until: at('10:20') });
    const early = await wake(store);
    expect(early).toMatchObject({ slots: [], to_plan: [{ schedule_id: id }] });
    expect(decidedLines(await restore(store))).toEqual(['10:00 fired due']);
    expect((await ledgerOf(store, id)).slice(0, 3)).toEqual([
      '10:00 fired due',
      '10:30 planned',
      '11:00 skipped changed',
    ]);
  },

  'a rule that is never due is changed to one that is, and back': async ({ store, advance }) => {
    const never = { schedule_expression: '0 0 30 2 *' };
    const id = await plannedSchedule(store, never);
    await advance(60);
    const now = new Date(START.getTime() + 60_000);
    const changed = await changeSchedule(store, id, { schedule_expression: '0 * * * *' });
    expect(changed).toMatchObject({ planned_until: now, plan_at: now });
    await planShort(store);
    expect(await ledgerOf(store, id)).toEqual(['10:00 planned', '11:00 planned']);
    await changeSchedule(store, id, never);
    await planShort(store);
    expect(await ledgerOf(store, id)).toEqual(['10:00 skipped changed', '11:00 skipped changed']);
    expect((await wake(store)).to_plan).toEqual([]);
  },

  'the rule of a paused schedule changes without a plan, and counts when it is resumed': async (
    world,
  ) => {
    const { store } = world;
    const id = await plannedSchedule(store);
    await store.moveSchedule(id, 'pause');
    const revision = await revisionOf(store, id);
    const changed = await changeSchedule(store, id, half_past);
    expect(changed).toMatchObject({ status: 'paused', plan_at: null, revision: revision + 1 });
    expect((await wake(store)).to_plan).toEqual([]);
    await until(world, '11:45');
    await store.moveSchedule(id, 'resume');
    await planShort(store);
    expect((await ledgerOf(store, id)).slice(0, 2)).toEqual([
      '10:30-11:30 x2 skipped paused',
      '12:30 planned',
    ]);
  },

  'a schedule that is written as inactive is put aside as by a pause': async (world) => {
    const { store } = world;
    const id = await plannedSchedule(store, { schedule_expression: '*/10 * * * *' });
    const revision = await revisionOf(store, id);
    await until(world, '09:45');
    expect(await changeSchedule(store, id, { status: 'inactive' })).toMatchObject({
      status: 'inactive',
      revision: revision + 1,
      planned_until: at('09:45'),
      plan_at: null,
      next_execution: null,
      updated_at: at('09:45'),
    });
    expect(await ledgerOf(store, id)).toEqual(['09:40 skipped inactive']);
    const before = await dumpSchedules(store, [id]);
    for (const status of ['inactive', null] as const) await changeSchedule(store, id, { status });
    expect(await dumpSchedules(store, [id])).toEqual(before);
  },

  'a schedule that is written as active again tells what it was before': async (world) => {
    const { store } = world;
    for (const reason of ['inactive', 'paused'] as const) {
      await until(world, '09:45');
      const id = await createSchedule(store, { status: 'inactive' });
      if (reason === 'paused') {
        await store.moveSchedule(id, 'resume');
        await store.moveSchedule(id, 'pause');
      }
      const revision = await revisionOf(store, id);
      await until(world, '11:15');
      const changed = await changeSchedule(store, id, { status: 'active' });
      const idle = { idle_until: at('11:15'), idle_reason: reason, plan_at: at('11:15') };
      expect(changed).toMatchObject({ ...idle, status: 'active', revision: revision + 1 });
      await planShort(store);
      expect(await ledgerOf(store, id)).toEqual([
        `10:00-11:00 x2 skipped ${reason}`,
        '12:00 planned',
        '13:00 planned',
      ]);
    }
  },

  'rule and status change together': async (world) => {
    const { store } = world;
    const id = await plannedSchedule(store);
    await until(world, '09:40');
    await changeSchedule(store, id, { ...half_past, status: 'inactive' });
    await until(world, '11:45');
    const back = { schedule_expression: '15 * * * *', status: 'active' } as const;
    expect(await changeSchedule(store, id, back)).toMatchObject({
      ...back,
      idle_reason: 'inactive',
    });
    await planShort(store);
    const lines = await ledgerOf(store, id);
    expect(lines.filter((line) => !line.endsWith('skipped changed'))).toEqual([
      '10:15-11:15 x2 skipped inactive',
      '12:15 planned',
      '13:15 planned',
    ]);
  },
};
