// Pausing, resuming and deleting schedules, and what their ledgers say of it.
import { randomUUID } from 'node:crypto';
import { expect } from '@jest/globals';
import {
  type Schedule,
  type ScheduleMove,
  type ScheduleStatus,
  scheduleMoves,
} from '../../../src/core/schedule.ts';
import type { Store } from '../../../src/core/store.ts';
import {
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
import { statusOf } from '../../support/store.ts';
import type { ContractTests } from './world.ts';

const moved = async (store: Store, id: string, move: ScheduleMove): Promise<Schedule> => {
  const answer = await store.moveSchedule(id, move);
  expect(answer).toMatchObject({ moved: true, schedule: { status: scheduleMoves[move].to } });
  expect(answer?.schedule).toEqual((await scheduleOf(store, id)).schedule);
  return answer!.schedule;
};

/** One brought to `status`. */
const scheduleIn = async (store: Store, status: ScheduleStatus): Promise<string> => {
  const id = await createSchedule(store, { status: status === 'inactive' ? status : null });
  if (status === 'paused') await store.moveSchedule(id, 'pause');
  if (status === 'deleted') await store.moveSchedule(id, 'delete');
  return id;
};

export const scheduleMoveTests: ContractTests = {
  'every move of a schedule is allowed or refused as the table says': async ({ store }) => {
    for (const [move, { from, to }] of Object.entries(scheduleMoves)) {
      for (const status of ['active', 'inactive', 'paused', 'deleted'] as const) {
        const id = await scheduleIn(store, status);
        const before = await dumpSchedules(store, [id]);
        const answer = await store.moveSchedule(id, move as ScheduleMove);
        const allowed = (from as readonly ScheduleStatus[]).includes(status);
        expect({ move, status, moved: answer?.moved }).toEqual({ move, status, moved: allowed });
        expect(answer?.schedule.status).toBe(allowed ? to : status);
        if (!allowed) {
          expect(answer?.schedule).toEqual(before[0]?.schedule);
          expect(await dumpSchedules(store, [id])).toEqual(before);
        }
      }
      for (const strange of [randomUUID(), 'no\0such']) {
        expect(await store.moveSchedule(strange, move as ScheduleMove)).toBeNull();
      }
    }
  },

  'a move that many ask for at once is made once': async ({ store, open }) => {
    const other = await open();
    const id = await plannedSchedule(store);
    const answers = await Promise.all(
      Array.from({ length: 6 }, (_, i) => (i % 2 === 0 ? store : other).moveSchedule(id, 'pause')),
    );
    expect(answers.filter((answer) => answer?.moved)).toHaveLength(1);
    expect((await scheduleOf(store, id)).schedule.revision).toBe(3);
  },

  'pausing takes out what is planned ahead and skips what is due': async (world) => {
    const { store } = world;
    const id = await plannedSchedule(store, { schedule_expression: '*/10 * * * *' });
    const { revision } = (await scheduleOf(store, id)).schedule;
    await until(world, '09:55');
    expect(await moved(store, id, 'pause')).toMatchObject({
      status: 'paused',
      revision: revision + 1,
      planned_until: at('09:55'),
      plan_at: null,
      next_execution: null,
      idle_until: null,
      idle_reason: null,
      updated_at: at('09:55'),
    });
    expect(await ledgerOf(store, id)).toEqual(['09:40 skipped paused', '09:50 skipped paused']);
    const [skipped] = (await scheduleOf(store, id)).slots;
    expect(skipped).toMatchObject({ decided_at: at('09:55'), job_id: null });
    await until(world, '11:00');
    expect(await wake(store)).toMatchObject({ slots: [], to_plan: [], next_due_seconds: null });
  },

  'pausing one whose plan is over leaves unplanned what went by': async (world) => {
    const { store } = world;
    const id = await plannedSchedule(store);
    await until(world, '12:30');
    expect(await moved(store, id, 'pause')).toMatchObject({ planned_until: at('11:00') });
    expect(await ledgerOf(store, id)).toEqual(['10:00 skipped paused', '11:00 skipped paused']);
    await until(world, '13:30');
    await moved(store, id, 'resume');
    await planShort(store);
    expect((await ledgerOf(store, id))[2]).toBe('12:00-13:00 x2 skipped paused');
  },

  'a resumed schedule tells of its pause, and goes on with the next time': async (world) => {
    const { store } = world;
    const id = await plannedSchedule(store, { missed: 'all' });
    await until(world, '09:45');
    const paused = await moved(store, id, 'pause');
    await until(world, '12:30');
    expect(await moved(store, id, 'resume')).toEqual({
      ...paused,
      status: 'active',
      revision: paused.revision + 1,
      idle_until: at('12:30'),
      idle_reason: 'paused',
      plan_at: at('12:30'),
      updated_at: at('12:30'),
    });
    expect((await wake(store)).to_plan).toMatchObject([
      { planned_until: at('09:45'), idle_until: at('12:30'), idle_reason: 'paused' },
    ]);
    await planShort(store);
    expect(await ledgerOf(store, id)).toEqual([
      '10:00-12:00 x3 skipped paused',
      '13:00 planned',
      '14:00 planned',
    ]);
    expect((await scheduleOf(store, id)).schedule).toMatchObject({
      idle_until: null,
      idle_reason: null,
      next_execution: at('13:00'),
    });
    await until(world, '13:00');
    expect(decidedLines(await restore(store))).toEqual(['13:00 fired due']);
    expect(await store.listJobs({ limit: 9 })).toHaveLength(1);
  },

  'a resumed schedule that is planned late makes up for what went by since': async (world) => {
    const { store } = world;
    const id = await plannedSchedule(store);
    await until(world, '09:45');
    await moved(store, id, 'pause');
    await until(world, '10:30');
    await moved(store, id, 'resume');
    await until(world, '12:30');
    await restore(store);
    expect((await ledgerOf(store, id)).slice(0, 3)).toEqual([
      '10:00 skipped paused',
      '11:00 missed superseded',
      '12:00 fired due',
    ]);
  },

  'a pause of three months is one row': async (world) => {
    const { store } = world;
    const id = await plannedSchedule(store, { schedule_expression: '* * * * *' });
    await moved(store, id, 'pause');
    await until(world, '2031-08-17T10:00:30');
    await moved(store, id, 'resume');
    await planShort(store);
    const [row, next] = await ledgerOf(store, id);
    expect(row).toBe('09:31-2031-08-17T10:00 xmany skipped paused');
    expect(next).toBe('2031-08-17T10:01 planned');
  },

  'a pause that no time fell into leaves no row': async (world) => {
    const { store } = world;
    const id = await plannedSchedule(store);
    await until(world, '09:40');
    await moved(store, id, 'pause');
    await moved(store, id, 'resume');
    await planShort(store);
    expect(await ledgerOf(store, id)).toEqual(['10:00 planned', '11:00 planned']);
  },

  'one that will never be due is paused and resumed like any other': async ({ store, advance }) => {
    const id = await plannedSchedule(store, { schedule_expression: '0 0 30 2 *' });
    expect(await moved(store, id, 'pause')).toMatchObject({ planned_until: START, plan_at: null });
    await advance(60);
    await moved(store, id, 'resume');
    await planShort(store);
    expect((await scheduleOf(store, id)).schedule).toMatchObject({
      planned_until: null,
      plan_at: null,
      idle_reason: null,
    });
  },

  'an inactive schedule that is resumed tells that it was inactive': async (world) => {
    const { store } = world;
    const id = await createSchedule(store, { status: 'inactive' });
    await until(world, '11:30');
    expect(await moved(store, id, 'resume')).toMatchObject({ idle_reason: 'inactive' });
    await planShort(store);
    expect((await ledgerOf(store, id))[0]).toBe('10:00-11:00 x2 skipped inactive');
  },

  'deleting skips what is planned, due or not, and leaves jobs as they are': async (world) => {
    const { store } = world;
    const id = await plannedSchedule(store, { schedule_expression: '*/10 * * * *' });
    const { revision } = (await scheduleOf(store, id)).schedule;
    await until(world, '09:40');
    const [slot] = await restore(store);
    await until(world, '10:15');
    expect(await moved(store, id, 'delete')).toMatchObject({
      status: 'deleted',
      plan_at: null,
      next_execution: null,
      last_execution: at('09:40'),
      updated_at: at('10:15'),
    });
    expect(await ledgerOf(store, id)).toEqual([
      '09:40 fired due',
      ...['09:50', '10:00', '10:10', '10:20', '10:30'].map((time) => `${time} skipped deleted`),
    ]);
    expect((await scheduleOf(store, id)).schedule.revision).toBe(revision + 1);
    await until(world, '11:00');
    expect(await wake(store)).toMatchObject({ slots: [], to_plan: [] });
    expect(await statusOf(store, slot?.job_id ?? '')).toBe('waiting');
  },

  'a schedule that is deleted and created anew has a ledger and jobs of its own': async (world) => {
    const { store } = world;
    const first = await plannedSchedule(store, { name: 'nightly' });
    await until(world, '10:00');
    await restore(store);
    await moved(store, first, 'delete');
    await until(world, '09:45');
    const second = await plannedSchedule(store, { name: 'nightly' });
    await until(world, '10:00');
    const slots = await restore(store);
    expect(slots).toMatchObject([{ schedule_id: second, status: 'fired' }]);
    expect((await ledgerOf(store, 'nightly'))[0]).toBe('10:00 fired due');
    expect(await ledgerOf(store, first)).toContain('11:00 skipped deleted');
    const deleted = { schedule_id: first, created_at: START, deleted_at: at('10:00') };
    expect((await scheduleOf(store, 'nightly')).earlier).toEqual([deleted]);
    expect(await store.listJobs({ limit: 9 })).toHaveLength(2);
  },
};
