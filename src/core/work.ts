// Working: drain after drain until interrupted, for people who do run a process.
import { StoreUnavailableError } from '../errors.ts';
import { sleep } from './clock.ts';
import { type DrainDeps, drain } from './drain.ts';
import { runOnStartup } from './schedules.ts';
import { emptyTally, type Tally } from './tally.ts';
import type { DrainOptions } from './trigger.ts';

export interface WorkOptions extends Omit<DrainOptions, 'interrupt'> {
  interrupt: AbortSignal;
  /** seconds to sleep when nothing is due, unless something falls due sooner */
  poll_interval_seconds: number;
}

const addCounts = <Key extends string>(
  sum: Partial<Record<Key, number>>,
  more: Partial<Record<Key, number>>,
): void => {
  for (const key of Object.keys(more) as Key[]) sum[key] = (sum[key] ?? 0) + (more[key] ?? 0);
};

const add = (sum: Tally, tally: Tally): void => {
  sum.picked += tally.picked;
  sum.released += tally.released;
  sum.duration_seconds += tally.duration_seconds;
  addCounts(sum.outcomes, tally.outcomes);
  addCounts(sum.slots, tally.slots);
};

/**
 * Begins with a job of each schedule that is to run on start-up. Resolves with the sums of all drains once `interrupt` is aborted and running code has been stopped
 * and recorded, or once `max_jobs` are done. A store out of reach is waited for.
 */
export const work = async (options: WorkOptions, deps: DrainDeps): Promise<Tally> => {
  const { interrupt, max_jobs, poll_interval_seconds } = options;
  const sum = emptyTally();
  let started = false;
  const drainOnce = async (): Promise<Tally | null> => {
    const left = max_jobs === null ? null : max_jobs - sum.picked;
    const tally = emptyTally();
    try {
      if (!started) await runOnStartup(deps);
      started = true;
      const trigger = { source: 'work', id: null, time_left_ms: null };
      return await drain(trigger, { ...options, max_jobs: left }, deps, tally);
    } catch (error) {
      if (!(error instanceof StoreUnavailableError)) throw error;
      const { emit } = deps;
      emit({
        event: 'store.unavailable',
        reason: error.message,
        next_try_seconds: poll_interval_seconds,
      });
      return null;
    } finally {
      add(sum, tally);
    }
  };
  while (!interrupt.aborted) {
    const tally = await drainOnce();
    if (tally?.stopped === 'limit') return { ...sum, stopped: 'limit' };
    const due = tally?.next_due_seconds ?? poll_interval_seconds;
    const pause = Math.min(poll_interval_seconds, Math.max(0.01, due));
    // An interrupt ends the sleep; the loop's condition then ends the work.
    await sleep(deps.clock, pause * 1000, interrupt).catch(() => undefined);
  }
  return { ...sum, stopped: 'interrupted' };
};
