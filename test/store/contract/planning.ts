// Planning: who is told of as short, and when.
import { expect } from '@jest/globals';
import { planOf } from '../../../src/core/cron/plan.ts';
import { claimRequest, succeeded } from '../../support/jobs.ts';
import {
  aScheduleWrite,
  createSchedule,
  handmadePlan,
  ledgerOf,
  plannedSchedule,
  planShort,
  save,
  scheduleOf,
  until,
  wake,
} from '../../support/schedules.ts';
import { at, START } from '../../support/start.ts';
import { createJob } from '../../support/store.ts';
import type { ContractTests } from './world.ts';

export const planningTests: ContractTests = {
  'a claim tells what is needed to plan a new schedule': async ({ store }) => {
    const rule = {
      schedule_expression: '*/10 * * * *',
      timezone: 'Asia/Kolkata',
      missed: 'all',
      starting_deadline_seconds: 90.5,
    } as const;
    const schedule_id = await createSchedule(store, rule);
    const needed = {
      ...rule,
      schedule_id,
      revision: 1,
      planned_until: START,
      idle_until: null,
      idle_reason: null,
      now: START,
    };
    expect((await wake(store)).to_plan).toEqual([needed]);
  },

  'a schedule is told of when half of its plan has passed, and until more is planned': async (
    world,
  ) => {
    const { store } = world;
    const id = await plannedSchedule(store, { schedule_expression: '*/10 * * * *' });
    const told = async () => (await wake(store)).to_plan.map(({ schedule_id }) => schedule_id);
    await until(world, '09:59:59.999');
    expect(await told()).toEqual([]);
    await until(world, '10:00');
    expect([await told(), await told()]).toEqual([[id], [id]]);
    expect(await planShort(store)).toBe(1);
    expect(await told()).toEqual([]);
    expect((await scheduleOf(store, id)).schedule.planned_until).toEqual(at('11:00'));
  },

  'fifty schedules at most are told of at once, the shortest plans first': async ({
    store,
    advance,
  }) => {
    const batch = () => Array.from({ length: 30 }, () => aScheduleWrite());
    const late = await save(store, batch());
    await advance(-60);
    const early = await save(store, batch());
    await advance(120);
    const ids = (them: { schedule_id: string }[]) => them.map((it) => it.schedule_id).sort();
    const { to_plan } = await wake(store);
    expect(to_plan).toHaveLength(50);
    expect(ids(to_plan.slice(0, 30))).toEqual(ids(early));
    expect(await store.planSchedules(to_plan.map(planOf))).toBe(50);
    const rest = (await wake(store)).to_plan;
    expect(ids([...to_plan, ...rest])).toEqual(ids([...late, ...early]));
  },

  'what is to be planned is told beside picks, also with a record': async ({ store }) => {
    await createJob(store);
    await createJob(store);
    const id = await createSchedule(store);
    const first = await store.claimJobs(claimRequest());
    expect(first).toMatchObject({ picks: [{}], to_plan: [{ schedule_id: id }] });
    const [pick] = first.picks;
    const { claim } = await store.recordExecutions([succeeded(pick!)], claimRequest());
    expect(claim).toMatchObject({ picks: [{}], to_plan: [{ schedule_id: id }] });
  },

  'a schedule that will never be due is planned once': async ({ store, advance }) => {
    const id = await plannedSchedule(store, { schedule_expression: '0 0 30 2 *' });
    const never = { planned_until: null, plan_at: null, next_execution: null, status: 'active' };
    expect((await scheduleOf(store, id)).schedule).toMatchObject(never);
    await advance(86_400 * 400);
    expect(await wake(store)).toMatchObject({ to_plan: [], next_due_seconds: null });
  },

  'slots of a schedule that is to be planned only later do not wait for that': async (world) => {
    const { store } = world;
    const id = await createSchedule(store);
    await store.planSchedules([handmadePlan(id, 1, ['10:00'])]);
    const later = { ...handmadePlan(id, 2, []), planned_until: at('10:00'), plan_at: at('12:00') };
    expect(await store.planSchedules([later])).toBe(1);
    await until(world, '10:30');
    expect(await wake(store)).toMatchObject({ slots: [{ status: 'fired' }], to_plan: [] });
    expect(await ledgerOf(store, id)).toEqual(['10:00 fired due']);
  },
};
