// What one story of schedules has come to, as far as it is remembered beside the store.
import type { Pick } from '../../../../src/core/job.ts';
import type { SchedulePlan, ShortPlan } from '../../../../src/core/schedule.ts';
import type { Store } from '../../../../src/core/store.ts';
import type { StoreUnderTest } from '../../contract/world.ts';
import type { LateAfter } from './decisions.ts';
import type { Eras } from './invariants.ts';
import { keyOf, rowsOf, type Snapshot } from './snapshot.ts';

export interface Scene {
  data: StoreUnderTest;
  stores: Store[];
  ids: string[];
  /** not recorded yet */
  picks: Pick[];
  /** what was planned last */
  plans: SchedulePlan[];
  late: LateAfter;
  eras: Eras;
  /** slots of which some claim has told that they made a job */
  made: Set<string>;
  /** as it was when the action began */
  before: Snapshot;
}

/** What an action promises about the snapshot after it; `null` = nothing changes at all. */
export type Promised = ((after: Snapshot) => void) | null;

export const newest = <T>(items: T[], index: number): T | undefined =>
  items.length === 0 ? undefined : items[items.length - 1 - (index % items.length)];

export const beginScene = async (
  data: StoreUnderTest,
  snapshot: (store: Store) => Promise<Snapshot>,
): Promise<Scene> => {
  const stores = [await data.open(), await data.open(), await data.open()];
  return {
    data,
    stores,
    ids: [],
    picks: [],
    plans: [],
    late: new Map(),
    eras: new Map(),
    made: new Set(),
    before: await snapshot(stores[0] as Store),
  };
};

/**
 * From `from` on, the times of the schedule are those of this expression. If clocks were set back and
 * nothing is told of the times since, those are its times as well.
 */
export const beginEra = (
  { eras }: Scene,
  id: string,
  schedule_expression: string,
  from: Date,
): void => {
  const earlier = (eras.get(id) ?? []).filter((era) => era.from < from.getTime());
  const last = earlier.at(-1);
  if (last) last.until = from.getTime();
  eras.set(id, [...earlier, { schedule_expression, from: from.getTime(), until: null }]);
};

/** The present era begins no later than the ledger ends. */
export const stretchEra = (scene: Scene, id: string, planned_until: Date | null): void => {
  const era = scene.eras.get(id)?.at(-1);
  if (!era || !planned_until || era.from <= planned_until.getTime()) return;
  beginEra(scene, id, era.schedule_expression, planned_until);
};

/** Remembers until when the slots that were written are made up for. */
export const rememberLate = ({ before, late }: Scene, written: SchedulePlan[]): void => {
  const rows = rowsOf(before);
  for (const { schedule_id, slots } of written) {
    for (const { slot_at, late_after } of slots) {
      const key = keyOf({ schedule_id, slot_at });
      if (rows.get(key)?.status !== 'planned') late.set(key, late_after);
    }
  }
};

/** The schedules that are to be planned, by what was read of them. */
export const shortIn = ({ now, schedules }: Snapshot): ShortPlan['schedule_id'][] =>
  [...schedules.values()].flatMap(({ schedule: { schedule_id, plan_at } }) =>
    plan_at !== null && plan_at <= now ? [schedule_id] : [],
  );
