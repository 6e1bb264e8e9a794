// Reading schedules: by id and by name, their ledgers, lists, and the schedule of a job.
import { expect } from '@jest/globals';
import { jobIdOf } from '../../../src/core/schedule.ts';
import { failed } from '../../support/jobs.ts';
import {
  aScheduleWrite,
  createSchedule,
  ledgerOf,
  line,
  plannedSchedule,
  restore,
  save,
  scheduleOf,
  until,
  wake,
} from '../../support/schedules.ts';
import { at, START } from '../../support/start.ts';
import { createJob, detailOf, pickOne } from '../../support/store.ts';
import type { ContractTests } from './world.ts';

export const scheduleReadTests: ContractTests = {
  'a schedule is found by its id or its name, a deleted one by its id alone': async ({ store }) => {
    const id = await createSchedule(store, { name: 'nightly' });
    const namesake = await createSchedule(store, { name: id });
    const found = async (key: string) => (await store.getSchedule(key, 1))?.schedule.schedule_id;
    expect([await found(id), await found('nightly')]).toEqual([id, id]);
    await store.moveSchedule(id, 'delete');
    expect([await found(id), await found('nightly')]).toEqual([id, undefined]);
    expect((await scheduleOf(store, id)).schedule.status).toBe('deleted');
    for (const strange of ['Nightly', 'no such', '', 'nightly\0']) {
      expect(await store.getSchedule(strange, 1)).toBeNull();
    }
    expect((await scheduleOf(store, namesake)).schedule.name).toBe(id);
  },

  'a name that a deleted schedule had tells of it, newest first and ten at most': async ({
    store,
    advance,
  }) => {
    const earlier: string[] = [];
    for (let i = 0; i < 12; i += 1) {
      earlier.unshift(await createSchedule(store, { name: 'nightly' }));
      await store.moveSchedule(earlier[0] ?? '', 'delete');
      await advance(60);
    }
    await createSchedule(store, { name: 'other' });
    await createSchedule(store, { name: 'nightly' });
    const told = (await scheduleOf(store, 'nightly')).earlier;
    expect(told.map(({ schedule_id }) => schedule_id)).toEqual(earlier.slice(0, 10));
    const newest = new Date(START.getTime() + 11 * 60_000);
    expect(told[0]).toMatchObject({ created_at: newest, deleted_at: newest });
    expect((await scheduleOf(store, 'other')).earlier).toEqual([]);
  },

  'the ledger is read newest time first, with what became of each job': async (world) => {
    const { store } = world;
    const id = await plannedSchedule(store, { missed: 'all', schedule_expression: '*/5 * * * *' });
    await until(world, '09:45');
    const [first, second] = (await wake(store)).slots.map(({ job_id }) => job_id ?? '').sort();
    await store.recordExecutions([failed(await pickOne(store))]);
    await store.moveJob(second ?? '', 'cancel');
    await store.deleteJob(second ?? '');
    const { slots } = await scheduleOf(store, id);
    expect(slots.slice(-4).map((slot) => `${line(slot)} ${slot.job_status}`)).toEqual([
      '09:50 planned null',
      '09:45 fired due waiting',
      '09:40 fired due null',
      '09:35 fired due failed',
    ]);
    const decided = { schedule_id: id, until_at: null, times: 1, decided_at: at('09:45') };
    const row = { ...decided, slot_at: at('09:35'), status: 'fired', reason: 'due', job_id: first };
    expect(slots.at(-1)).toEqual({ ...row, job_status: 'failed' });
    expect(slots.at(-4)).toMatchObject({ reason: null, job_id: null, decided_at: null });
    const some = await store.getSchedule(id, 2);
    expect(some?.slots).toEqual(slots.slice(0, 2));
    expect((await store.getSchedule(id, 0))?.slots).toEqual([]);
  },

  'schedules are listed by name, and those of one name by creation': async ({ store, advance }) => {
    const gone: string[] = [];
    for (let i = 0; i < 2; i += 1) {
      gone.push(await createSchedule(store, { name: 'b' }));
      await store.moveSchedule(gone[i] ?? '', 'delete');
      await advance(1);
    }
    for (const name of ['b', 'Z', 'ä', 'a']) {
      await createSchedule(store, { name });
      await advance(1);
    }
    const listed = await store.listSchedules({ limit: 10 });
    expect(listed.map(({ name }) => name)).toEqual(['Z', 'a', 'b', 'ä']);
    const deleted = await store.listSchedules({ status: 'deleted', limit: 10 });
    expect(deleted.map(({ schedule_id }) => schedule_id)).toEqual(gone);
  },

  'a list of schedules is filtered by status, bounded, and read on by name': async ({ store }) => {
    const names = ['a', 'b', 'c', 'd', 'e'];
    const writes = names.map((name) => aScheduleWrite({ name }));
    const run_on_startup = true;
    const last = aScheduleWrite({ name: 'f', status: 'inactive', run_on_startup });
    await save(store, [...writes, aScheduleWrite({ name: 'ab', run_on_startup }), last]);
    await store.moveSchedule(writes[1]?.schedule_id ?? '', 'pause');
    await store.moveSchedule(writes[2]?.schedule_id ?? '', 'delete');
    const listed = async (filter: object) =>
      (await store.listSchedules({ limit: 10, ...filter })).map(({ name }) => name).join(' ');
    expect(await listed({})).toBe('a ab b d e f');
    expect(await listed({ limit: 2 })).toBe('a ab');
    expect(await listed({ after: 'b', limit: 2 })).toBe('d e');
    expect(await listed({ after: 'c' })).toBe('d e f');
    expect(await listed({ status: 'active' })).toBe('a ab d e');
    expect(await listed({ status: 'active', after: 'ab', limit: 1 })).toBe('d');
    expect(await listed({ status: 'paused' })).toBe('b');
    expect(await listed({ status: 'inactive' })).toBe('f');
    expect(await listed({ status: 'deleted' })).toBe('c');
    expect(await listed({ after: 'f' })).toBe('');
    expect(await listed({ run_on_startup })).toBe('ab f');
    expect(await listed({ run_on_startup, status: 'active' })).toBe('ab');
    expect(await listed({ run_on_startup, after: 'ab' })).toBe('f');
    const [first] = await store.listSchedules({ limit: 1 });
    expect(first).toEqual((await scheduleOf(store, 'a')).schedule);
  },

  'a job tells which schedule made it and for which time': async (world) => {
    const { store } = world;
    const [kept, replaced] = [
      await plannedSchedule(store, { name: 'kept', concurrency_policy: 'forbid' }),
      await plannedSchedule(store, { name: 'replaced', concurrency_policy: 'replace' }),
    ];
    const trigger = { schedule_id: kept, job_id: 'by-hand', actor: null, only_if_idle: false };
    await until(world, '10:00');
    await restore(store);
    await store.triggerSchedule(trigger);
    const other = await createJob(store);
    await until(world, '11:00');
    await restore(store);
    expect((await ledgerOf(store, kept))[1]).toBe('11:00 skipped still_running');
    expect((await ledgerOf(store, replaced))[0]).toBe('10:00 replaced later_slot');

    const told = async (jobId: string) => (await detailOf(store, jobId)).schedule;
    const of = (schedule_id: string, name: string) => ({ schedule_id, name });
    const ten = at('10:00');
    expect(await told(jobIdOf(kept, ten))).toEqual({ ...of(kept, 'kept'), slot_at: ten });
    expect(await told('by-hand')).toEqual({ ...of(kept, 'kept'), slot_at: null });
    expect(await told(jobIdOf(replaced, ten))).toEqual({
      ...of(replaced, 'replaced'),
      slot_at: ten,
    });
    expect(await told(other)).toBeNull();
  },
};
