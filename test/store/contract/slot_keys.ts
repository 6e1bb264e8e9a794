// Slots of schedules with a unique key: made while no unfinished job has it.
import { expect } from '@jest/globals';
import { jobIdOf } from '../../../src/core/schedule.ts';
import { claimRequest, newJob, succeeded } from '../../support/jobs.ts';
import { plannedSchedule, restore, scheduleOf, until } from '../../support/schedules.ts';
import { at } from '../../support/start.ts';
import { createJob, pickOne } from '../../support/store.ts';
import type { ContractTests } from './world.ts';

export const slotKeyTests: ContractTests = {
  'a slot whose unique key an unfinished job has is skipped and names it': async (world) => {
    const { store } = world;
    const unique_key = 'one at a time';
    const id = await plannedSchedule(store, { unique_key, schedule_expression: '*/10 * * * *' });
    const holder = await createJob(store, { unique_key });
    const skipped = async (time: string) => {
      await until(world, time);
      const told = { slot_at: at(time), status: 'skipped', reason: 'unique_key', job_id: holder };
      expect(await restore(store)).toMatchObject([{ ...told, schedule_id: id }]);
    };
    await skipped('09:40');
    await store.moveJob(holder, 'disable');
    await skipped('09:50');
    await store.moveJob(holder, 'enable');
    const pick = await pickOne(store, { lock_seconds: 86_400 });
    await skipped('10:00');
    await store.recordExecutions([succeeded(pick)]);
    await until(world, '10:10');
    const job_id = jobIdOf(id, at('10:10'));
    expect(await restore(store)).toMatchObject([{ status: 'fired', job_id }]);
    const [answer] = await store.createJobs([newJob({ unique_key })]);
    expect(answer).toEqual({ job_id, status: 'waiting', created: false });
    await until(world, '10:20');
    expect(await restore(store)).toMatchObject([{ reason: 'unique_key', job_id }]);
    expect((await scheduleOf(store, id)).schedule.last_execution).toEqual(at('10:10'));
  },

  'of two schedules with one unique key the slot of one is fired': async (world) => {
    const { store } = world;
    const ids = [
      await plannedSchedule(store, { unique_key: 'k' }),
      await plannedSchedule(store, { unique_key: 'k' }),
    ];
    await until(world, '10:00');
    const slots = await restore(store);
    expect(slots.map(({ schedule_id }) => schedule_id).sort()).toEqual(ids.sort());
    expect(slots.map(({ reason }) => reason).sort()).toEqual(['due', 'unique_key']);
    expect(new Set(slots.map(({ job_id }) => job_id)).size).toBe(1);
    expect((await store.claimJobs(claimRequest())).picks).toHaveLength(1);
  },
};
