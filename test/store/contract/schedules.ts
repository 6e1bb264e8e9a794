// Saving schedules: all or none, once, and only as they were read.
import { randomUUID } from 'node:crypto';
import { expect } from '@jest/globals';
import type { ScheduleWrite } from '../../../src/core/schedule_store.ts';
import type { Store } from '../../../src/core/store.ts';
import {
  aScheduleWrite,
  changeSchedule,
  createSchedule,
  dumpSchedules,
  ledgerOf,
  plannedSchedule,
  planShort,
  rewrite,
  save,
  scheduleOf,
  until,
  wake,
} from '../../support/schedules.ts';
import { START } from '../../support/start.ts';
import { jobOf } from '../../support/store.ts';
import type { ContractTests } from './world.ts';

const nothingToPlan = async (store: Store): Promise<void> => {
  expect((await wake(store)).to_plan).toEqual([]);
};

export const scheduleTests: ContractTests = {
  'a created schedule is what was written, active, and to be planned at once': async ({
    store,
  }) => {
    const write = aScheduleWrite({
      name: 'nightly',
      job_type: 'fetch',
      schedule_expression: '30 2 L * *',
      timezone: 'Europe/Berlin',
      missed: 'all',
      starting_deadline_seconds: 90.5,
      config: { keywords: ['ünïcode'], deep: { n: 1 } },
      description: 'fetches papers',
      priority: -10,
      max_retries: 7,
      retry_delay_seconds: 12.5,
      retry_backoff: 'fixed',
      timeout_seconds: 90.5,
      unique_key: 'nightly/1',
      concurrency_policy: 'forbid',
      run_on_startup: true,
      applied: true,
    });
    const schedule = {
      ...write,
      status: 'active',
      revision: 1,
      planned_until: START,
      plan_at: START,
      idle_until: null,
      idle_reason: null,
      created_at: START,
      updated_at: START,
      last_execution: null,
      next_execution: null,
    };
    expect(await store.saveSchedules([write])).toEqual({ schedules: [schedule], refused: null });
    const detail = await store.getSchedule(write.schedule_id, 10);
    expect(detail).toEqual({ schedule, slots: [], earlier: [], now: START });
  },

  'an inactive schedule is created without anything to plan': async ({ store }) => {
    const [schedule] = await save(store, [aScheduleWrite({ status: 'inactive' })]);
    expect(schedule).toMatchObject({ status: 'inactive', plan_at: null, idle_reason: null });
    await nothingToPlan(store);
  },

  'saving nothing is answered with nothing': async ({ store }) => {
    expect(await store.saveSchedules([])).toEqual({ schedules: [], refused: null });
  },

  'schedules are answered in the order they were written in': async ({ store }) => {
    const writes = ['c', 'a', 'b'].map((name) => aScheduleWrite({ name }));
    const saved = await save(store, writes);
    expect(saved.map(({ name }) => name)).toEqual(['c', 'a', 'b']);
  },

  'a creation that is sent again changes nothing, whatever was done since': async ({
    store,
    open,
    advance,
  }) => {
    const other = await open();
    const write = aScheduleWrite();
    const id = write.schedule_id;
    await save(store, [write]);
    for (const change of [
      () => Promise.resolve(),
      () => planShort(store),
      () => store.moveSchedule(id, 'pause'),
    ]) {
      await change();
      await advance(60);
      const before = await scheduleOf(store, id);
      expect(await save(other, [write])).toEqual([before.schedule]);
      expect(await scheduleOf(store, id)).toEqual(before);
    }
  },

  'a creation under an id that is taken by something else is refused': async ({ store }) => {
    const id = await createSchedule(store, { name: 'first' });
    const before = await dumpSchedules(store, [id]);
    const write = aScheduleWrite({ schedule_id: id, name: 'second', priority: 5 });
    const refused = { name: 'second', reason: 'changed' };
    expect(await store.saveSchedules([write])).toEqual({ schedules: [], refused });
    expect(await dumpSchedules(store, [id])).toEqual(before);
  },

  'a name that another schedule has is refused, and nothing of the call is written': async ({
    store,
  }) => {
    const taken = await createSchedule(store, { name: 'taken' });
    const renamed = await createSchedule(store, { name: 'free' });
    const { schedule } = await scheduleOf(store, renamed);
    const before = await dumpSchedules(store, [taken, renamed]);
    const fresh = aScheduleWrite();
    const calls = [
      [fresh, aScheduleWrite({ name: 'taken' })],
      [fresh, rewrite(schedule, { name: 'taken' })],
      [aScheduleWrite({ name: 'taken' }), fresh],
      [fresh, aScheduleWrite({ name: fresh.name })],
    ];
    for (const writes of calls) {
      const { schedules, refused } = await store.saveSchedules(writes);
      expect([schedules, refused?.reason]).toEqual([[], 'name_taken']);
      expect(['taken', fresh.name]).toContain(refused?.name);
    }
    expect(await store.getSchedule(fresh.schedule_id, 1)).toBeNull();
    expect(await dumpSchedules(store, [taken, renamed])).toEqual(before);
  },

  'a name that many ask for at once is given once': async ({ store, open }) => {
    const other = await open();
    const writes = Array.from({ length: 8 }, () => aScheduleWrite({ name: 'wanted' }));
    const answers = await Promise.all(
      writes.map((write, i) => (i % 2 === 0 ? store : other).saveSchedules([write])),
    );
    expect(answers.filter(({ refused }) => refused === null)).toHaveLength(1);
    expect(new Set(answers.map(({ refused }) => refused?.reason))).toEqual(
      new Set([undefined, 'name_taken']),
    );
    expect(await store.listSchedules({ limit: 9 })).toHaveLength(1);
  },

  'the name of a deleted schedule is free again': async ({ store }) => {
    const first = await createSchedule(store, { name: 'nightly' });
    await store.moveSchedule(first, 'delete');
    const second = await createSchedule(store, { name: 'nightly' });
    expect((await store.getSchedule('nightly', 1))?.schedule.schedule_id).toBe(second);
  },

  'a change made from an older reading is refused, and nothing of the call is written': async ({
    store,
  }) => {
    const [id, gone] = [await createSchedule(store), await createSchedule(store)];
    const read = (await scheduleOf(store, id)).schedule;
    const deleted = (await scheduleOf(store, gone)).schedule;
    await store.moveSchedule(id, 'pause');
    await store.moveSchedule(gone, 'delete');
    const before = await dumpSchedules(store, [id, gone]);
    const fresh = aScheduleWrite();
    const strange = { schedule_id: randomUUID(), name: 'strange', revision: 1 };
    const stale = [
      rewrite(read, { priority: 5 }),
      rewrite(deleted, { priority: 5 }),
      aScheduleWrite(strange),
    ];
    for (const write of stale) {
      const refused = { name: write.name, reason: 'changed' };
      expect(await store.saveSchedules([fresh, write])).toEqual({ schedules: [], refused });
    }
    expect(await store.getSchedule(fresh.schedule_id, 1)).toBeNull();
    expect(await dumpSchedules(store, [id, gone])).toEqual(before);
  },

  'a change that finds everything as it is changes nothing': async ({ store, advance }) => {
    const id = await plannedSchedule(store, { starting_deadline_seconds: 0.1, config: { a: 1 } });
    const before = await scheduleOf(store, id);
    await advance(60);
    for (const status of [null, 'active'] as const) {
      expect(await changeSchedule(store, id, { status })).toEqual(before.schedule);
    }
    expect((await scheduleOf(store, id)).slots).toEqual(before.slots);
  },

  'a change that is sent again is made once': async ({ store, open, advance }) => {
    const id = await plannedSchedule(store);
    const { schedule } = await scheduleOf(store, id);
    const write = rewrite(schedule, { schedule_expression: '30 * * * *' });
    const [changed] = await save(store, [write]);
    await advance(60);
    const before = await dumpSchedules(store, [id]);
    expect(await save(await open(), [write])).toEqual([changed]);
    expect(await dumpSchedules(store, [id])).toEqual(before);
  },

  'what is no part of the rule changes without touching the plan': async ({ store, advance }) => {
    const id = await plannedSchedule(store, { name: 'before' });
    const { schedule, slots } = await scheduleOf(store, id);
    await advance(60);
    const given: Partial<ScheduleWrite> = {
      name: 'after',
      job_type: 'other',
      config: { a: [1] },
      description: 'told',
      priority: 10,
      max_retries: 0,
      retry_delay_seconds: 1,
      retry_backoff: 'fixed',
      timeout_seconds: 5,
      concurrency_policy: 'replace',
      run_on_startup: true,
      applied: true,
    };
    const changed = await changeSchedule(store, id, given);
    const updated_at = new Date(START.getTime() + 60_000);
    const { revision } = changed;
    expect(changed).toEqual({ ...schedule, ...given, updated_at, revision });
    expect((await scheduleOf(store, id)).slots).toEqual(slots);
    await nothingToPlan(store);
  },

  'times that are planned make jobs of what the schedule says by then': async (world) => {
    const { store } = world;
    const id = await plannedSchedule(store, { config: { v: 1 } });
    await changeSchedule(store, id, { config: { v: 2 }, name: 'renamed', priority: 7 });
    await until(world, '10:00');
    const { slots } = await wake(store);
    expect(slots).toMatchObject([{ name: 'renamed', status: 'fired' }]);
    const job = await jobOf(store, slots[0]?.job_id ?? '');
    expect(job).toMatchObject({ name: 'renamed', config: { v: 2 }, priority: 7 });
    expect(await ledgerOf(store, id)).toEqual(['10:00 fired due', '11:00 planned']);
  },
};
