// Firing: a due slot makes its job once, whoever and however many wake up.
import { expect } from '@jest/globals';
import { jobIdOf } from '../../../src/core/schedule.ts';
import type { ScheduleWrite } from '../../../src/core/schedule_store.ts';
import { claimRequest, emptyClaim, executionIds, succeeded } from '../../support/jobs.ts';
import {
  aScheduleWrite,
  decidedLines,
  dumpSchedules,
  ledgerOf,
  plannedSchedule,
  plannedSchedules,
  planShort,
  scheduleOf,
  until,
  wake,
} from '../../support/schedules.ts';
import { at } from '../../support/start.ts';
import { createJob, detailOf, dump, eventsOf, inSeconds, jobOf } from '../../support/store.ts';
import type { ContractTests } from './world.ts';

export const firingTests: ContractTests = {
  'a due slot makes one job, as the schedule says': async (world) => {
    const { store } = world;
    const fields: Partial<ScheduleWrite> = {
      name: 'nightly',
      job_type: 'fetch',
      config: { keywords: ['ünïcode'] },
      description: 'fetches papers',
      priority: -10,
      max_retries: 7,
      retry_delay_seconds: 12.5,
      retry_backoff: 'fixed',
      timeout_seconds: 90.5,
      unique_key: 'nightly/1',
    };
    const schedule_id = await plannedSchedule(store, fields);
    const before = (await scheduleOf(store, schedule_id)).schedule;
    await until(world, '10:15');
    const job_id = `${schedule_id}:2031-05-17T10:00Z`;
    const told = { schedule_id, name: 'nightly', slot_at: at('10:00'), status: 'fired' };
    expect((await wake(store)).slots).toEqual([{ ...told, reason: 'due', job_id }]);

    const { job, executions } = await detailOf(store, job_id);
    expect(job).toEqual({
      ...fields,
      job_id,
      schedule_id,
      actor: null,
      source_ip: null,
      metadata: {},
      created_at: at('10:15'),
      updated_at: at('10:15'),
      status: 'waiting',
      run_at: at('10:00'),
      current_retries: 0,
      finished_at: null,
      lock_epoch: 0,
      locked_at: null,
      locked_by: null,
      lock_expires_at: null,
      last_execution: null,
      progress: null,
      cancel_requested_at: null,
    });
    expect(executions).toEqual([]);
    expect((await eventsOf(store, job_id)).map(({ data }) => data)).toMatchObject([
      { status: 'waiting' },
    ]);
    const { schedule, slots } = await scheduleOf(store, schedule_id);
    expect(schedule).toEqual({
      ...before,
      last_execution: at('10:15'),
      next_execution: at('11:00'),
      updated_at: expect.any(Date),
    });
    const row = { status: 'fired', reason: 'due', job_id, decided_at: at('10:15') };
    expect(slots[1]).toMatchObject({ ...row, job_status: 'waiting', times: 1 });
  },

  'a slot is fired when its time has come, not before': async (world) => {
    const { store } = world;
    const id = await plannedSchedule(store);
    await until(world, '09:59:59.999');
    expect((await wake(store)).slots).toEqual([]);
    await until(world, '10:00');
    expect((await wake(store)).slots).toMatchObject([{ schedule_id: id, slot_at: at('10:00') }]);
    expect((await wake(store)).slots).toEqual([]);
    expect(await ledgerOf(store, id)).toEqual(['10:00 fired due', '11:00 planned']);
  },

  'a job that was just fired is picked by the same claim, in its order among others': async (
    world,
  ) => {
    const { store } = world;
    await plannedSchedule(store, { name: 'urgent', priority: 10 });
    await plannedSchedule(store, { name: 'late', schedule_expression: '45 * * * *' });
    await until(world, '09:50');
    await createJob(store, { name: 'by hand' });
    await until(world, '10:00');
    const request = claimRequest({ execution_ids: executionIds(9) });
    const shown = await store.previewClaim(request);
    const claim = await store.claimJobs(request);
    expect(claim.picks.map(({ job }) => job.name)).toEqual(['urgent', 'late', 'by hand']);
    expect(claim.picks[0]?.job).toMatchObject({ status: 'locked', lock_epoch: 1 });
    expect(shown).toEqual(claim);
  },

  'the claim that comes with a record fires too': async (world) => {
    const { store } = world;
    const id = await plannedSchedule(store);
    await createJob(store);
    const [pick] = (await store.claimJobs(claimRequest({ lock_seconds: 7200 }))).picks;
    await until(world, '10:00');
    const { claim } = await store.recordExecutions([succeeded(pick!)], claimRequest());
    const job_id = jobIdOf(id, at('10:00'));
    expect(claim).toMatchObject({ slots: [{ job_id }], picks: [{ job: { job_id } }] });
  },

  'what a preview shows is not fired': async (world) => {
    const { store } = world;
    const id = await plannedSchedule(store);
    await until(world, '10:00');
    const before = await dumpSchedules(store, [id]);
    const shown = await store.previewClaim(claimRequest());
    expect(shown).toMatchObject({ slots: [{ status: 'fired' }], picks: [{}], to_plan: [{}] });
    expect(await dumpSchedules(store, [id])).toEqual(before);
    expect(await store.getJob(jobIdOf(id, at('10:00')))).toBeNull();
  },

  'slots are fired whatever types of jobs an instance knows': async (world) => {
    const { store } = world;
    const id = await plannedSchedule(store, { job_type: 'strange' });
    await until(world, '10:00');
    const claim = await store.claimJobs(claimRequest());
    expect(claim).toMatchObject({ picks: [], slots: [{ status: 'fired' }] });
    expect((await jobOf(store, jobIdOf(id, at('10:00')))).status).toBe('waiting');
  },

  'a slot fires once, however many claim at once': async (world) => {
    const { store, open } = world;
    const stores = [store, await open(), await open(), await open()];
    const writes = Array.from({ length: 6 }, () => aScheduleWrite());
    await plannedSchedules(store, writes);
    await until(world, '10:00');
    const claims = await Promise.all(
      Array.from({ length: 12 }, (_, i) =>
        stores[i % 4]!.claimJobs(claimRequest({ execution_ids: executionIds(2) })),
      ),
    );
    claims.push(await store.claimJobs(claimRequest({ execution_ids: executionIds(9) })));
    const expected = writes.map((it) => jobIdOf(it.schedule_id, at('10:00'))).sort();
    expect(claims.flatMap(({ slots }) => slots.map(({ job_id }) => job_id)).sort()).toEqual(
      expected,
    );
    const picked = claims.flatMap(({ picks }) => picks.map(({ job }) => job.job_id));
    expect(picked.sort()).toEqual(expected);
    expect(await store.listJobs({ limit: 50 })).toHaveLength(6);
  },

  'due slots of a schedule whose plan is over wait until more is planned': async (world) => {
    const { store } = world;
    const id = await plannedSchedule(store);
    const other = await plannedSchedule(store, { schedule_expression: '@weekly' });
    await until(world, '11:00');
    const before = await dumpSchedules(store, [id, other]);
    const claim = await store.claimJobs(claimRequest());
    const { to_plan, ...rest } = claim;
    expect(rest).toEqual({ ...emptyClaim, next_due_seconds: 0, to_plan: undefined });
    expect(to_plan.map(({ schedule_id }) => schedule_id)).toEqual([id]);
    expect(await dumpSchedules(store, [id, other])).toEqual(before);
    await planShort(store);
    const { slots } = await wake(store);
    expect(decidedLines(slots)).toEqual(['10:00 missed superseded', '11:00 fired due']);
  },

  'a job that is there under the id of a slot stands for it': async (world) => {
    const { store } = world;
    const id = await plannedSchedule(store, { config: { of: 'the schedule' } });
    const job_id = jobIdOf(id, at('10:00'));
    await createJob(store, { job_id, config: { of: 'somebody' } });
    const before = await dump(store, [job_id]);
    await until(world, '10:00');
    const { slots } = await wake(store);
    expect(slots).toMatchObject([{ status: 'fired', reason: 'due', job_id }]);
    expect((await dump(store, [job_id]))[0]?.detail?.job).toEqual(before[0]?.detail?.job);
    expect(await ledgerOf(store, id)).toEqual(['10:00 fired due', '11:00 planned']);
  },

  'a claim sent again answers its picks and nothing of schedules': async (world) => {
    const { store } = world;
    await plannedSchedule(store);
    await plannedSchedule(store, { schedule_expression: '*/20 * * * *' });
    await until(world, '10:00');
    const request = claimRequest();
    const first = await store.claimJobs(request);
    expect(first).toMatchObject({ slots: [{}, {}, {}], picks: [{}], to_plan: [{}, {}] });
    await until(world, '10:00:30');
    expect(await store.claimJobs(request)).toEqual({ ...emptyClaim, picks: first.picks });
  },

  'next_due_seconds knows the next slot, whatever its type, and the next job': async (world) => {
    const { store } = world;
    expect((await wake(store)).next_due_seconds).toBeNull();
    await plannedSchedule(store, { job_type: 'strange' });
    await until(world, '09:45');
    const due = async () => (await store.claimJobs(claimRequest())).next_due_seconds;
    expect(await due()).toBe(900);
    await createJob(store, { run_at: await inSeconds(store, 1000) });
    expect(await due()).toBe(900);
    await createJob(store, { run_at: await inSeconds(store, 800) });
    expect(await due()).toBe(800);
    await createJob(store);
    expect(await due()).toBeNull();
  },
};
