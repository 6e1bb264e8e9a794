// Plans: what is written of them, and what is not because it is too old.
import { expect } from '@jest/globals';
import {
  aScheduleWrite,
  changeSchedule,
  createSchedule,
  dumpSchedules,
  handmadePlan,
  ledgerOf,
  plannedSchedule,
  planShort,
  restore,
  save,
  scheduleOf,
  shortPlans,
  until,
} from '../../support/schedules.ts';
import { at } from '../../support/start.ts';
import type { ContractTests } from './world.ts';

export const planTests: ContractTests = {
  'what was planned stands in the ledger, and the schedule tells the next time': async ({
    store,
    advance,
  }) => {
    const id = await createSchedule(store, { schedule_expression: '*/20 * * * *' });
    const created = (await scheduleOf(store, id)).schedule;
    await advance(1);
    expect(await planShort(store)).toBe(1);
    const { schedule, slots } = await scheduleOf(store, id);
    expect(schedule).toEqual({
      ...created,
      revision: created.revision + 1,
      planned_until: at('10:20'),
      plan_at: at('10:00'),
      next_execution: at('09:40'),
      updated_at: expect.any(Date),
    });
    const planned = { schedule_id: id, until_at: null, times: 1, status: 'planned' };
    const open = { ...planned, reason: null, job_id: null, decided_at: null, job_status: null };
    expect(slots.toReversed()).toEqual(
      ['09:40', '10:00', '10:20'].map((time) => ({ ...open, slot_at: at(time) })),
    );
  },

  'ranges of times that went by are written as they are told': async (world) => {
    const { store } = world;
    const id = await plannedSchedule(store, { schedule_expression: '* * * * *', missed: 'skip' });
    await until(world, '12:30');
    await planShort(store);
    const { schedule, slots } = await scheduleOf(store, id);
    const [range] = slots.filter(({ status }) => status === 'missed');
    expect(range).toEqual({
      schedule_id: id,
      slot_at: at('10:31'),
      until_at: at('12:19'),
      times: 109,
      status: 'missed',
      reason: 'too_late',
      job_id: null,
      decided_at: at('12:30'),
      job_status: null,
    });
    expect(schedule.next_execution).toEqual(at('09:31'));
    const many = { slot_at: at('05:00'), until_at: at('06:00'), times: null };
    const gone = [{ ...many, status: 'missed', reason: 'too_many' } as const];
    expect(await store.planSchedules([handmadePlan(id, schedule.revision, [], gone)])).toBe(1);
    expect((await ledgerOf(store, id))[0]).toBe('05:00-06:00 xmany missed too_many');
  },

  'a plan of an older revision, or with slots for one that is not active, writes nothing': async ({
    store,
  }) => {
    const ids: string[] = [];
    for (const stale of [
      (id: string) => store.moveSchedule(id, 'pause'),
      (id: string) => store.moveSchedule(id, 'delete'),
      (id: string) => store.moveSchedule(id, 'pause').then(() => store.moveSchedule(id, 'resume')),
      (id: string) => changeSchedule(store, id, { schedule_expression: '5 * * * *' }),
      (id: string) => changeSchedule(store, id, { timezone: 'Asia/Kolkata' }),
      (id: string) => changeSchedule(store, id, { missed: 'all' }),
      (id: string) => changeSchedule(store, id, { starting_deadline_seconds: 60 }),
      (id: string) => changeSchedule(store, id, { status: 'inactive' }),
      (id: string) => store.planSchedules([handmadePlan(id, 1, ['15:00'])]),
    ]) {
      ids.push(await createSchedule(store));
      await stale(ids.at(-1)!);
    }
    const before = await dumpSchedules(store, ids);
    const plans = ids.map((id) => handmadePlan(id, 1, ['10:00', '11:00']));
    expect(await store.planSchedules(plans)).toBe(0);
    expect(await store.planSchedules([handmadePlan('no-such', 1, ['10:00'])])).toBe(0);
    expect(await store.planSchedules([])).toBe(0);
    const paused = handmadePlan(ids[0]!, before[0]!.schedule.revision, ['10:00']);
    expect(await store.planSchedules([paused])).toBe(0);
    expect(await dumpSchedules(store, ids)).toEqual(before);
  },

  'of one that is not active what went by is written, unless it is deleted': async (world) => {
    const { store } = world;
    const id = await createSchedule(store);
    await store.moveSchedule(id, 'pause');
    await until(world, '12:30');
    const range = { slot_at: at('10:00'), until_at: at('12:00'), times: 3 };
    const gone = [{ ...range, status: 'skipped', reason: 'paused' } as const];
    const planned_until = at('12:30');
    const planNow = async () => {
      const { revision } = (await scheduleOf(store, id)).schedule;
      const plan = handmadePlan(id, revision, [], gone);
      return store.planSchedules([{ ...plan, planned_until, plan_at: null }]);
    };
    expect(await planNow()).toBe(1);
    expect(await ledgerOf(store, id)).toEqual(['10:00-12:00 x3 skipped paused']);
    const { schedule } = await scheduleOf(store, id);
    expect(schedule).toMatchObject({ status: 'paused', planned_until, plan_at: null });
    await store.moveSchedule(id, 'delete');
    expect(await planNow()).toBe(0);
  },

  'of several plans those that are too old are left out, and the others are written': async ({
    store,
  }) => {
    const ids = [await createSchedule(store), await createSchedule(store)];
    const plans = await shortPlans(store);
    await store.moveSchedule(ids[0]!, 'pause');
    expect(await store.planSchedules(plans)).toBe(1);
    expect(await ledgerOf(store, ids[0]!)).toEqual([]);
    expect(await ledgerOf(store, ids[1]!)).toEqual(['10:00 planned', '11:00 planned']);
  },

  'a plan that is written by many at once, or sent again, is written once': async ({
    store,
    open,
  }) => {
    const other = await open();
    const writes = Array.from({ length: 4 }, () => aScheduleWrite());
    await save(store, writes);
    const plans = await shortPlans(store);
    const written = await Promise.all(
      Array.from({ length: 6 }, (_, i) => (i % 2 === 0 ? store : other).planSchedules(plans)),
    );
    expect(written.reduce((sum, count) => sum + count, 0)).toBe(4);
    const ids = writes.map(({ schedule_id }) => schedule_id);
    const before = await dumpSchedules(store, ids);
    expect(await store.planSchedules(plans)).toBe(0);
    expect(await dumpSchedules(store, ids)).toEqual(before);
    expect(before[0]).toMatchObject({ schedule: { revision: 2 }, slots: [{}, {}] });
  },

  'a time that stands in the ledger stays as it is when it is planned again': async (world) => {
    const { store } = world;
    const id = await plannedSchedule(store);
    await until(world, '10:00');
    await restore(store);
    const before = await scheduleOf(store, id);
    const { revision } = before.schedule;
    const slots = handmadePlan(id, revision, ['10:00', '11:00', '14:00']);
    expect(await store.planSchedules([slots])).toBe(1);
    const range = { slot_at: at('10:00'), until_at: at('10:50'), times: 9 };
    const gone = [{ ...range, status: 'skipped', reason: 'paused' } as const];
    expect(await store.planSchedules([handmadePlan(id, revision + 1, [], gone)])).toBe(1);
    expect((await scheduleOf(store, id)).slots.slice(1)).toEqual(before.slots);
  },
};
