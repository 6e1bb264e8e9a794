// Planning on beside the jobs of a drain: a job in hand does not wait for it.
import type { Emit } from './events.ts';
import { type Pace, planShort } from './planning.ts';
import type { ShortPlan } from './schedule.ts';
import type { ScheduleStore } from './schedule_store.ts';

export interface Planner {
  /** Begins, unless it is still at what it was given before: the next pick tells what is left. */
  start(short: ShortPlan[]): void;
  /**
   * Waits for what was begun, and answers whether slots may be due because of it, since this was last
   * asked. Rejects with what kept a plan from being written.
   */
  finish(): Promise<boolean>;
}

/** Times went by that nobody had planned, and those that were wait for it. */
const isOver = ({ planned_until, now }: ShortPlan): boolean =>
  planned_until === null || planned_until <= now;

export const createPlanner = (
  store: Pick<ScheduleStore, 'planSchedules'>,
  emit: Emit,
  pace: Pace,
): Planner => {
  let running: Promise<void> | null = null;
  let due = false;
  let fault: unknown = null;
  const plan = async (short: ShortPlan[]): Promise<void> => {
    try {
      const written = await planShort(short, store, emit, pace);
      due ||= written > 0 && short.some(isOver);
      if (written > 0) emit({ event: 'schedules.planned', planned: written });
    } catch (error) {
      fault = error;
    }
    running = null;
  };
  return {
    start: (short) => {
      if (running === null && short.length > 0) running = plan(short);
    },
    finish: async () => {
      await running;
      const [any, failed] = [due, fault];
      due = false;
      fault = null;
      if (failed !== null) throw failed;
      return any;
    },
  };
};
