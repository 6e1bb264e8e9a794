// Plays one story of schedules against a store and says beforehand what each action must bring.
import { randomUUID } from 'node:crypto';
import { expect } from '@jest/globals';
import type { Store } from '../../../../src/core/store.ts';
import { aScheduleWrite, rewrite, shortPlans } from '../../../support/schedules.ts';
import type { StoreUnderTest } from '../../contract/world.ts';
import type { Action } from './actions.ts';
import { claim, record } from './claims.ts';
import { violations } from './invariants.ts';
import { afterChange, afterMove, isAllowed, isRuleChanged, told } from './ledger.ts';
import {
  beginEra,
  beginScene,
  newest,
  type Promised,
  rememberLate,
  type Scene,
  stretchEra,
} from './scene.ts';
import { seenIn, takeSnapshot } from './snapshot.ts';

type Of<Do extends Action['do']> = Extract<Action, { do: Do }>;

const create = async (scene: Scene, action: Of<'create'>, store: Store): Promise<Promised> => {
  const { do: _, keyed, ...fields } = action;
  const schedule_id = randomUUID();
  const unique_key = keyed && fields.concurrency_policy !== 'replace' ? schedule_id : null;
  const write = aScheduleWrite({ ...fields, schedule_id, unique_key });
  const { now } = scene.before;
  for (let sendings = 0; sendings < 2; sendings += 1) {
    const { schedules, refused } = await store.saveSchedules([write]);
    expect(refused).toBeNull();
    expect(schedules).toMatchObject([{ ...write, status: fields.status ?? 'active', revision: 1 }]);
  }
  scene.ids.push(schedule_id);
  beginEra(scene, schedule_id, fields.schedule_expression, now);
  return (after) => expect(seenIn(after, schedule_id).schedule.planned_until).toEqual(now);
};

const change = async (scene: Scene, action: Of<'change'>, store: Store): Promise<Promised> => {
  const id = newest(scene.ids, action.schedule_index);
  if (id === undefined) return null;
  const seen = seenIn(scene.before, id);
  const write = rewrite(seen.schedule, action.change);
  if (write.concurrency_policy === 'replace' && write.unique_key !== null) return null;
  const rule = isRuleChanged(seen, write);
  const was = seen.schedule.status;
  const answer = await store.saveSchedules([write]);
  if (was === 'deleted') {
    expect(answer).toEqual({ schedules: [], refused: { name: write.name, reason: 'changed' } });
    return null;
  }
  expect(answer.schedules).toHaveLength(1);
  const [saved] = answer.schedules;
  return (after) => {
    const { schedule, slots } = seenIn(after, id);
    expect(schedule).toEqual(saved);
    expect(schedule.status).toBe(write.status ?? was);
    expect(told(slots)).toEqual(afterChange(seen, write, scene.before.now));
    const began = schedule.planned_until;
    if (rule && began) beginEra(scene, id, write.schedule_expression, began);
    else stretchEra(scene, id, began);
  };
};

const move = async (scene: Scene, action: Of<'move'>, store: Store): Promise<Promised> => {
  const id = newest(scene.ids, action.schedule_index);
  if (id === undefined) return null;
  const seen = seenIn(scene.before, id);
  const answer = await store.moveSchedule(id, action.move);
  expect(answer?.moved).toBe(isAllowed(seen.schedule.status, action.move));
  if (!answer?.moved) return null;
  return (after) => {
    const { schedule, slots } = seenIn(after, id);
    expect(schedule).toEqual(answer.schedule);
    expect(told(slots)).toEqual(afterMove(seen, action.move, scene.before.now));
    stretchEra(scene, id, schedule.planned_until);
  };
};

const trigger = async (scene: Scene, action: Of<'trigger'>, store: Store): Promise<Promised> => {
  const schedule_id = newest(scene.ids, action.schedule_index);
  if (schedule_id === undefined) return null;
  const { only_if_idle } = action;
  const request = { schedule_id, job_id: randomUUID(), actor: null, only_if_idle };
  const answer = await store.triggerSchedule(request);
  const seen = seenIn(scene.before, schedule_id);
  if (seen.schedule.status === 'deleted') {
    expect(answer).toEqual({ job_id: null, status: null, created: false });
    return null;
  }
  return (after) => {
    expect(after.jobs.get(answer?.job_id ?? '')?.status).toBe(answer?.status);
    expect(after.jobs.size).toBe(scene.before.jobs.size + (answer?.created ? 1 : 0));
    expect(seenIn(after, schedule_id).slots).toEqual(seen.slots);
  };
};

const plan = async (scene: Scene, action: Of<'plan'>, store: Store): Promise<Promised> => {
  if (!action.again) scene.plans = await shortPlans(store);
  const fitting = scene.plans.filter(({ schedule_id, revision }) => {
    const { schedule } = seenIn(scene.before, schedule_id);
    return schedule.revision === revision && schedule.status === 'active';
  });
  expect(await store.planSchedules(scene.plans)).toBe(fitting.length);
  rememberLate(scene, fitting);
  if (fitting.length === 0) return null;
  return (after) => {
    for (const { schedule_id, planned_until, plan_at } of fitting) {
      const { schedule } = seenIn(after, schedule_id);
      expect(schedule).toMatchObject({ planned_until, plan_at, idle_until: null });
    }
  };
};

const cancel = async (scene: Scene, action: Of<'cancel'>, store: Store): Promise<Promised> => {
  const pick = newest(scene.picks, action.pick_index);
  if (!pick) return null;
  await store.moveJob(pick.job.job_id, 'cancel');
  return (after) => expect(after.schedules).toEqual(scene.before.schedules);
};

const act = async (scene: Scene, action: Action, store: Store): Promise<Promised> => {
  switch (action.do) {
    case 'create':
      return create(scene, action, store);
    case 'change':
      return change(scene, action, store);
    case 'move':
      return move(scene, action, store);
    case 'trigger':
      return trigger(scene, action, store);
    case 'plan':
      return plan(scene, action, store);
    case 'claim':
      return claim(scene, action);
    case 'record':
      return record(scene, action, store);
    case 'cancel':
      return cancel(scene, action, store);
    case 'advance':
      await scene.data.advance(action.seconds);
      return null;
  }
};

/** Throws at the first action that breaks a promise; the handles take turns. */
export const playSchedules = async (data: StoreUnderTest, actions: Action[]): Promise<void> => {
  const scene = await beginScene(data, (store) => takeSnapshot(store, []));
  const [first] = scene.stores as [Store];
  for (const [i, action] of actions.entries()) {
    const store = scene.stores[i % scene.stores.length] as Store;
    const promised = await act(scene, action, store);
    const after = await takeSnapshot(first, scene.ids);
    if (promised === null) {
      expect([after.schedules, after.jobs]).toEqual([scene.before.schedules, scene.before.jobs]);
    } else promised(after);
    expect(violations(scene.before, after, scene.eras)).toEqual([]);
    scene.before = after;
  }
};
