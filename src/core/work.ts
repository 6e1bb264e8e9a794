// Working: drain after drain until interrupted, for people who do run a process.
import { StoreUnavailableError } from '../errors.ts';
import { createTeller } from './alerting.ts';
import { type Bell, createBell } from './bell.ts';
import { sleep } from './clock.ts';
import { type DrainDeps, drain } from './drain.ts';
import { patient } from './resend.ts';
import { runOnStartup } from './schedules.ts';
import { emptyTally, type Tally } from './tally.ts';
import type { DrainOptions } from './trigger.ts';

export interface WorkOptions extends Omit<DrainOptions, 'interrupt'> {
  interrupt: AbortSignal;
  /** seconds to sleep when nothing is due, unless something falls due sooner */
  poll_interval_seconds: number;
  /** ends its sleep; for those who create jobs in the same process */
  bell?: Bell;
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

/** Seconds until it looks again when something is due that it could not get: others are at it. */
const BUSY_SECONDS = 1;

const pauseAfter = (tally: Tally | null, poll_interval_seconds: number): number => {
  const due = tally?.next_due_seconds ?? poll_interval_seconds;
  const idle = tally !== null && tally.picked === 0 && Object.keys(tally.slots).length === 0;
  const least = idle && due === 0 ? BUSY_SECONDS : 0.01;
  return Math.min(poll_interval_seconds, Math.max(least, due));
};

/**
 * Begins with a job of each schedule that is to run on start-up. Resolves with the sums of all drains once
 * `interrupt` is aborted and running code has been stopped and recorded, or once `max_jobs` are done. A
 * store out of reach is waited for; nobody waits for a message to people, but at the end.
 */
export const work = async (options: WorkOptions, deps: DrainDeps): Promise<Tally> => {
  const { interrupt, max_jobs, poll_interval_seconds, bell = createBell() } = options;
  const { clock, emit } = deps;
  const store = patient(deps.store, deps);
  const timeLeftMs = () => Number.POSITIVE_INFINITY;
  const teller = createTeller(deps.alerting, { store, emit, timeLeftMs });
  const sum = emptyTally();
  let started = false;
  const drainOnce = async (): Promise<Tally | null> => {
    const left = max_jobs === null ? null : max_jobs - sum.picked;
    const tally = emptyTally();
    try {
      if (!started) await runOnStartup(deps);
      started = true;
      const trigger = { source: 'work', id: null, time_left_ms: null };
      return await drain(trigger, { ...options, max_jobs: left }, { ...deps, teller }, tally);
    } catch (error) {
      if (!(error instanceof StoreUnavailableError)) throw error;
      const next_try_seconds = poll_interval_seconds;
      emit({ event: 'store.unavailable', reason: error.message, next_try_seconds });
      return null;
    } finally {
      add(sum, tally);
    }
  };
  const wake = () => bell.ring();
  interrupt.addEventListener('abort', wake);
  try {
    while (!interrupt.aborted) {
      const tally = await drainOnce();
      if (tally?.stopped === 'limit') return { ...sum, stopped: 'limit' };
      const pause = pauseAfter(tally, poll_interval_seconds);
      // An interrupt rings as well; the loop's condition then ends the work.
      await sleep(clock, pause * 1000, bell.next()).catch(() => undefined);
    }
    return { ...sum, stopped: 'interrupted' };
  } finally {
    interrupt.removeEventListener('abort', wake);
    await teller.finish();
  }
};
