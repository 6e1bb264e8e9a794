// Planning: from schedules whose plan is short to slots in the ledger.
import { InputError } from '../errors.ts';
import type { Clock } from './clock.ts';
import { planOf } from './cron/plan.ts';
import type { Emit } from './events.ts';
import type { Schedule, SchedulePlan, ShortPlan } from './schedule.ts';
import type { ScheduleStore } from './schedule_store.ts';

/** A rule that cannot be read is looked at again after so long: someone may have put it right. */
const AGAIN_MS = 60 * 60 * 1000;

/** Plans of one call: some ten thousand rows at most. */
const MOST_AT_ONCE = 200;

const planOne = (short: ShortPlan, emit: Emit): SchedulePlan => {
  try {
    return planOf(short);
  } catch (error) {
    // Whoever wrote it went round the checks. One such row must not stop every drain.
    if (!(error instanceof InputError)) throw error;
    const { schedule_id, revision, planned_until, now } = short;
    emit({ event: 'schedule.unplannable', schedule_id, reason: error.message });
    const plan_at = new Date(now.getTime() + AGAIN_MS);
    return { schedule_id, revision, slots: [], gone: [], planned_until, plan_at };
  }
};

/** For those who have other things to do meanwhile. */
export interface Pace {
  clock: Clock;
  mayGoOn: () => boolean;
}

/** Milliseconds of planning at a stretch: then what was found is written, and others get their turn. */
const SLICE_MS = 100;

/**
 * Plans on, and answers for how many schedules; the others are being planned by someone else. Dying here
 * loses nothing: the next pick finds them short again.
 */
export const planShort = async (
  short: ShortPlan[],
  store: Pick<ScheduleStore, 'planSchedules'>,
  emit: Emit,
  pace: Pace | null = null,
): Promise<number> => {
  let planned = 0;
  for (let at = 0; at < short.length && (pace?.mayGoOn() ?? true); ) {
    const began = pace?.clock.now() ?? 0;
    const plans: SchedulePlan[] = [];
    for (const one of short.slice(at, at + MOST_AT_ONCE)) {
      plans.push(planOne(one, emit));
      if (pace !== null && pace.clock.now() - began > SLICE_MS) break;
    }
    at += plans.length;
    planned += await store.planSchedules(plans);
    await pace?.clock.turn();
  }
  return planned;
};

/** What there is to plan of a schedule that was written a moment ago, at `now` of the store. */
export const shortOf = (schedule: Schedule, now: Date): ShortPlan[] => {
  const { plan_at } = schedule;
  return plan_at === null || plan_at > now ? [] : [{ ...schedule, now }];
};

/** Of one that is not active: that its times until now were skipped, and why. */
export const planAside = (
  schedule: Schedule,
  status: 'paused' | 'inactive',
  now: Date,
): SchedulePlan => {
  const { schedule_id, revision } = schedule;
  const short = { ...schedule, idle_until: now, idle_reason: status, now };
  const nothing = { schedule_id, revision, slots: [], planned_until: now, plan_at: null };
  try {
    return { ...nothing, gone: planOf(short).gone };
  } catch (error) {
    if (!(error instanceof InputError)) throw error;
    return { ...nothing, gone: [] };
  }
};
