// Slots that find something unfinished: an earlier job of their schedule, or one with its unique key.
import { expect } from '@jest/globals';
import { jobIdOf } from '../../../src/core/schedule.ts';
import type { Store } from '../../../src/core/store.ts';
import { failed, retried, succeeded } from '../../support/jobs.ts';
import {
  changeSchedule,
  decidedLines,
  ledgerOf,
  plannedSchedule,
  restore,
  scheduleOf,
  until,
} from '../../support/schedules.ts';
import { at } from '../../support/start.ts';
import {
  createJob,
  detailOf,
  dump,
  eventsOf,
  jobOf,
  pickOne,
  statusOf,
} from '../../support/store.ts';
import type { ContractTests, World } from './world.ts';

type Given = Parameters<typeof plannedSchedule>[1];

/** An hourly schedule whose slot of ten o'clock has made its job; with ids of that job and the next. */
const fired = async (world: World, given: Given) => {
  const id = await plannedSchedule(world.store, given);
  await until(world, '10:00');
  await restore(world.store);
  return { id, first: jobIdOf(id, at('10:00')), second: jobIdOf(id, at('11:00')) };
};

/** Picks one job for so long that no lock expires. */
const hold = (store: Store) => pickOne(store, { lock_seconds: 86_400 });

const atEleven = async (world: World, id: string) => {
  await until(world, '11:00');
  const slots = await restore(world.store);
  return { slots, lines: (await ledgerOf(world.store, id)).slice(0, 2) };
};

/** How a job comes to each of these statuses; `job_type` is its alone. */
const ends: Record<string, (store: Store, jobId: string, job_type: string) => Promise<unknown>> = {
  success: async (store, _, job_type) =>
    store.recordExecutions([succeeded(await pickOne(store, { job_types: [job_type] }))]),
  failed: async (store, _, job_type) =>
    store.recordExecutions([failed(await pickOne(store, { job_types: [job_type] }))]),
  cancelled: (store, jobId) => store.moveJob(jobId, 'cancel'),
  disabled: (store, jobId) => store.moveJob(jobId, 'disable'),
};

/** Four hourly schedules, each with a job of ten o'clock that is finished or put aside; by its status. */
const overFour = async (world: World, given: Given): Promise<Map<string, string>> => {
  const { store } = world;
  const ids = new Map<string, string>();
  for (const status of Object.keys(ends)) {
    ids.set(status, await plannedSchedule(store, { ...given, job_type: status }));
  }
  await until(world, '10:00');
  await restore(store);
  for (const [status, id] of ids) {
    const jobId = jobIdOf(id, at('10:00'));
    await ends[status]?.(store, jobId, status);
    expect(await statusOf(store, jobId)).toBe(status);
  }
  return ids;
};

export const concurrencyTests: ContractTests = {
  'allow: a job is made beside earlier ones that are not finished': async (world) => {
    const { id, first, second } = await fired(world, { concurrency_policy: 'allow' });
    await hold(world.store);
    expect((await atEleven(world, id)).lines).toEqual(['10:00 fired due', '11:00 fired due']);
    expect(await statusOf(world.store, first)).toBe('locked');
    expect(await statusOf(world.store, second)).toBe('waiting');
  },

  'forbid: while an earlier job waits or runs, a slot is skipped and names it': async (world) => {
    const { store } = world;
    const { id, first } = await fired(world, { concurrency_policy: 'forbid' });
    const told = { schedule_id: id, status: 'skipped', reason: 'still_running', job_id: first };
    expect((await atEleven(world, id)).slots).toMatchObject([{ ...told, slot_at: at('11:00') }]);
    await hold(store);
    await until(world, '12:00');
    expect(await restore(store)).toMatchObject([{ ...told, slot_at: at('12:00') }]);
    expect((await ledgerOf(store, id)).slice(0, 3)).toEqual([
      '10:00 fired due',
      '11:00 skipped still_running',
      '12:00 skipped still_running',
    ]);
    const { slots, schedule } = await scheduleOf(store, id);
    expect(slots.at(-2)).toMatchObject({ job_id: first, job_status: 'locked' });
    expect(schedule.last_execution).toEqual(at('10:00'));
    expect(await store.listJobs({ limit: 9 })).toHaveLength(1);
  },

  'forbid: a job that is finished, or put aside, stands in nobody’s way': async (world) => {
    const ids = await overFour(world, { concurrency_policy: 'forbid' });
    for (const id of ids.values()) {
      const { lines } = await atEleven(world, id);
      expect(lines).toEqual(['10:00 fired due', '11:00 fired due']);
    }
  },

  'forbid: of several slots made up for at once the first stands in the way of the others': async (
    world,
  ) => {
    const given = { concurrency_policy: 'forbid', missed: 'all' } as const;
    const id = await plannedSchedule(world.store, given);
    await until(world, '12:30');
    const slots = await restore(world.store);
    expect(decidedLines(slots)).toEqual([
      '10:00 fired due',
      '11:00 skipped still_running',
      '12:00 skipped still_running',
    ]);
    expect(new Set(slots.map(({ job_id }) => job_id))).toEqual(new Set([jobIdOf(id, at('10:00'))]));
  },

  'replace: an earlier job that waits is cancelled for the later one': async (world) => {
    const { store } = world;
    const { id, first, second } = await fired(world, { concurrency_policy: 'replace' });
    const { slots, lines } = await atEleven(world, id);
    expect(decidedLines(slots)).toEqual(['10:00 replaced later_slot', '11:00 fired due']);
    expect(lines).toEqual(['10:00 replaced later_slot', '11:00 fired due']);
    expect(new Map(slots.map((slot) => [slot.status, slot.job_id]))).toEqual(
      new Map([
        ['replaced', first],
        ['fired', second],
      ]),
    );
    expect(await jobOf(store, first)).toMatchObject({
      status: 'cancelled',
      finished_at: at('11:00'),
      updated_at: at('11:00'),
    });
    const [, last] = await eventsOf(store, first);
    expect(last).toMatchObject({ kind: 'status', data: { status: 'cancelled', by: 'schedule' } });
    const row = (await scheduleOf(store, id)).slots.at(-1);
    expect(row).toMatchObject({ decided_at: at('11:00'), job_id: first, job_status: 'cancelled' });
    expect((await hold(store)).job.job_id).toBe(second);
  },

  'replace: an earlier job that runs is asked to stop, and the later one does not wait': async (
    world,
  ) => {
    const { store } = world;
    const { id, first, second } = await fired(world, { concurrency_policy: 'replace' });
    const running = await hold(store);
    const { lines } = await atEleven(world, id);
    expect(lines).toEqual(['10:00 replaced later_slot', '11:00 fired due']);
    const job = await jobOf(store, first);
    expect(job).toMatchObject({ status: 'locked', cancel_requested_at: at('11:00') });
    expect((await eventsOf(store, first)).at(-1)).toMatchObject({
      kind: 'log',
      data: { level: 'info', message: 'cancel requested' },
    });
    expect((await hold(store)).job.job_id).toBe(second);
    expect(await store.heartbeat(running.fence, 60, [])).toMatchObject({ cancel_requested: true });
    await store.recordExecutions([retried(running)]);
    expect(await statusOf(store, first)).toBe('cancelled');
  },

  'replace: what goes on though it was asked to stop is not told of twice': async (world) => {
    const { store } = world;
    const { id, first } = await fired(world, { concurrency_policy: 'replace' });
    const running = await hold(store);
    await atEleven(world, id);
    await until(world, '12:00');
    const slots = await restore(store);
    expect(decidedLines(slots)).toEqual(['11:00 replaced later_slot', '12:00 fired due']);
    expect((await jobOf(store, first)).cancel_requested_at).toEqual(at('11:00'));
    const asked = (await eventsOf(store, first)).filter(({ kind }) => kind === 'log');
    expect(asked).toHaveLength(1);
    await store.recordExecutions([succeeded(running)]);
    expect((await scheduleOf(store, id)).slots.at(-1)).toMatchObject({
      status: 'replaced',
      decided_at: at('11:00'),
      job_status: 'success',
    });
  },

  'replace: of several slots made up for at once the last one is left': async (world) => {
    const { store } = world;
    const id = await plannedSchedule(store, { concurrency_policy: 'replace', missed: 'all' });
    await until(world, '12:30');
    await restore(store);
    expect((await ledgerOf(store, id)).slice(0, 3)).toEqual([
      '10:00 replaced later_slot',
      '11:00 replaced later_slot',
      '12:00 fired due',
    ]);
    const { jobs } = await store.stats();
    expect(jobs).toMatchObject({ waiting: 1, locked: 0 });
    expect((await hold(store)).job.run_at).toEqual(at('12:00'));
  },

  'replace: jobs that are finished or put aside, and those of others, stay': async (world) => {
    const { store } = world;
    const ids = await overFour(world, { concurrency_policy: 'replace' });
    const jobIds = [...ids.values()].map((id) => jobIdOf(id, at('10:00')));
    const all = [...jobIds, await createJob(store, { job_type: 'success' })];
    const before = await dump(store, all);
    for (const id of ids.values()) {
      const { lines } = await atEleven(world, id);
      expect(lines).toEqual(['10:00 fired due', '11:00 fired due']);
    }
    expect(await dump(store, all)).toEqual(before);
  },

  'what a schedule does with earlier jobs is as it says when a slot is due': async (world) => {
    const { store } = world;
    const { id, first } = await fired(world, { concurrency_policy: 'allow' });
    await changeSchedule(store, id, { concurrency_policy: 'replace' });
    const { lines } = await atEleven(world, id);
    expect(lines).toEqual(['10:00 replaced later_slot', '11:00 fired due']);
    expect((await detailOf(store, first)).job.status).toBe('cancelled');
  },
};
