// Schedules with times that are due already, by the clock on the wall, and whose plan is long enough.
import type { ScheduleWrite } from '../../src/core/schedule_store.ts';
import type { Store } from '../../src/core/store.ts';
import { aScheduleWrite, save } from '../support/schedules.ts';

/** Times of the past, one for each minute. */
const PAST = [0, 1, 2].map((minute) => new Date(Date.UTC(2026, 0, 1, 0, minute)));

/** Creates one of which `times` are due; answers its id. */
export const createDue = async (
  store: Store,
  overrides: Partial<ScheduleWrite> = {},
  times = 1,
): Promise<string> => {
  const write = aScheduleWrite({ missed: 'all', ...overrides });
  const { schedule_id } = write;
  await save(store, [write]);
  const slots = PAST.slice(0, times).map((slot_at) => ({ slot_at, late_after: null }));
  const end = { planned_until: null, plan_at: null };
  const written = await store.planSchedules([
    { schedule_id, revision: 1, slots, gone: [], ...end },
  ]);
  if (written !== 1) throw new Error('what is new cannot be planned');
  return schedule_id;
};
