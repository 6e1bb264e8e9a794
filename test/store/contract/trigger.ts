// Triggering a schedule by hand: a job now, beside the planned times.
import { randomUUID } from 'node:crypto';
import { expect } from '@jest/globals';
import type { ScheduleTrigger } from '../../../src/core/schedule_store.ts';
import { failed, succeeded } from '../../support/jobs.ts';
import {
  createSchedule,
  decidedLines,
  plannedSchedule,
  restore,
  scheduleOf,
  until,
} from '../../support/schedules.ts';
import { at } from '../../support/start.ts';
import { createJob, detailOf, dump, eventsOf, pickOne } from '../../support/store.ts';
import type { ContractTests } from './world.ts';

const triggerOf = (schedule_id: string, more: Partial<ScheduleTrigger> = {}): ScheduleTrigger => ({
  schedule_id,
  job_id: randomUUID(),
  actor: null,
  only_if_idle: false,
  ...more,
});

export const triggerTests: ContractTests = {
  'a triggered schedule makes a job now and leaves what is planned as it is': async (world) => {
    const { store } = world;
    const fields = { name: 'nightly', priority: -3, max_retries: 1, config: { a: 1 } };
    const id = await plannedSchedule(store, fields);
    const before = await scheduleOf(store, id);
    await until(world, '09:45');
    const trigger = triggerOf(id, { actor: 'ada', source_ip: '192.0.2.7' });
    const { job_id } = trigger;
    expect(await store.triggerSchedule(trigger)).toEqual({
      job_id,
      status: 'waiting',
      created: true,
    });
    const { job, schedule } = await detailOf(store, job_id);
    expect(job).toMatchObject({
      ...fields,
      schedule_id: id,
      status: 'waiting',
      actor: 'ada',
      source_ip: '192.0.2.7',
      metadata: {},
      run_at: at('09:45'),
      created_at: at('09:45'),
    });
    expect(schedule).toEqual({ schedule_id: id, name: 'nightly', slot_at: null });
    expect((await eventsOf(store, job_id)).map(({ data }) => data)).toMatchObject([
      { status: 'waiting' },
    ]);
    const after = await scheduleOf(store, id);
    const changed = { last_execution: at('09:45'), updated_at: expect.any(Date) };
    expect(after.schedule).toEqual({ ...before.schedule, ...changed });
    expect(after.slots).toEqual(before.slots);
    await until(world, '10:00');
    expect(decidedLines(await restore(store))).toEqual(['10:00 fired due']);
  },

  'a schedule that is not active is triggered as well': async ({ store }) => {
    const paused = await plannedSchedule(store);
    await store.moveSchedule(paused, 'pause');
    const inactive = await createSchedule(store, { status: 'inactive' });
    for (const id of [paused, inactive]) {
      const before = await scheduleOf(store, id);
      const trigger = triggerOf(id);
      expect(await store.triggerSchedule(trigger)).toMatchObject({ created: true });
      expect((await pickOne(store)).job.job_id).toBe(trigger.job_id);
      const { schedule, slots } = await scheduleOf(store, id);
      expect([schedule.status, slots]).toEqual([before.schedule.status, before.slots]);
    }
  },

  'a deleted schedule makes no job, and one that is not there is answered with null': async ({
    store,
  }) => {
    const id = await createSchedule(store);
    await store.moveSchedule(id, 'delete');
    const trigger = triggerOf(id);
    const nothing = { job_id: null, status: null, created: false };
    expect(await store.triggerSchedule(trigger)).toEqual(nothing);
    expect(await store.getJob(trigger.job_id)).toBeNull();
    expect(await store.triggerSchedule(triggerOf(randomUUID()))).toBeNull();
    expect(await store.triggerSchedule(triggerOf('no\0such'))).toBeNull();
  },

  'a trigger that is sent again makes one job, whatever came of it since': async ({
    store,
    open,
  }) => {
    const id = await createSchedule(store);
    const trigger = triggerOf(id);
    const { job_id } = trigger;
    const other = await open();
    await Promise.all([store.triggerSchedule(trigger), other.triggerSchedule(trigger)]);
    const again = () => other.triggerSchedule(trigger);
    expect(await again()).toEqual({ job_id, status: 'waiting', created: false });
    await store.recordExecutions([succeeded(await pickOne(store))]);
    const before = await dump(store, [job_id]);
    expect(await again()).toEqual({ job_id, status: 'success', created: false });
    expect(await dump(store, [job_id])).toEqual(before);
    expect(await store.listJobs({ limit: 9 })).toHaveLength(1);
  },

  'a trigger makes a job beside one that is not finished, whatever the schedule forbids': async ({
    store,
  }) => {
    for (const concurrency_policy of ['allow', 'forbid', 'replace'] as const) {
      const id = await createSchedule(store, { concurrency_policy });
      const first = triggerOf(id);
      await store.triggerSchedule(first);
      const before = await dump(store, [first.job_id]);
      expect(await store.triggerSchedule(triggerOf(id))).toMatchObject({ created: true });
      expect(await dump(store, [first.job_id])).toEqual(before);
    }
  },

  'a triggered job that is not finished counts as an earlier job of its schedule': async (
    world,
  ) => {
    const { store } = world;
    const forbid = await plannedSchedule(store, { concurrency_policy: 'forbid' });
    const replace = await plannedSchedule(store, { concurrency_policy: 'replace' });
    const triggers = [triggerOf(forbid), triggerOf(replace)];
    for (const trigger of triggers) await store.triggerSchedule(trigger);
    await until(world, '10:00');
    const slots = await restore(store);
    const [kept, cancelled] = triggers.map(({ job_id }) => job_id);
    const of = (id: string) => slots.filter(({ schedule_id }) => schedule_id === id);
    expect(of(forbid)).toMatchObject([{ reason: 'still_running', job_id: kept }]);
    expect(of(replace)).toMatchObject([{ status: 'fired', reason: 'due' }]);
    expect((await detailOf(store, cancelled ?? '')).job.status).toBe('cancelled');
  },

  'a trigger that asks for it makes none while an earlier job is not finished': async ({
    store,
  }) => {
    const id = await createSchedule(store);
    const first = triggerOf(id, { only_if_idle: true });
    const { job_id } = first;
    const ask = () => store.triggerSchedule(triggerOf(id, { only_if_idle: true }));
    expect(await store.triggerSchedule(first)).toMatchObject({ job_id, created: true });
    expect(await ask()).toEqual({ job_id, status: 'waiting', created: false });
    const pick = await pickOne(store);
    expect(await ask()).toEqual({ job_id, status: 'locked', created: false });
    await store.recordExecutions([failed(pick)]);
    expect(await ask()).toMatchObject({ created: true });
  },

  'of many triggers at once that ask for it one makes a job': async ({ store, open }) => {
    const other = await open();
    const id = await createSchedule(store);
    const answers = await Promise.all(
      Array.from({ length: 8 }, (_, i) =>
        (i % 2 === 0 ? store : other).triggerSchedule(triggerOf(id, { only_if_idle: true })),
      ),
    );
    expect(answers.filter((answer) => answer?.created)).toHaveLength(1);
    expect(new Set(answers.map((answer) => answer?.job_id)).size).toBe(1);
    expect(await store.listJobs({ limit: 9 })).toHaveLength(1);
  },

  'a trigger of a schedule whose unique key is held makes none': async ({ store }) => {
    const unique_key = 'one at a time';
    const id = await createSchedule(store, { unique_key });
    const holder = await createJob(store, { unique_key });
    const ask = () => store.triggerSchedule(triggerOf(id));
    expect(await ask()).toEqual({ job_id: holder, status: 'waiting', created: false });
    await store.moveJob(holder, 'disable');
    expect(await ask()).toEqual({ job_id: holder, status: 'disabled', created: false });
    await store.moveJob(holder, 'cancel');
    expect((await scheduleOf(store, id)).schedule.last_execution).toBeNull();
    expect(await ask()).toMatchObject({ created: true });
    expect(await ask()).toMatchObject({ created: false });
  },
};
