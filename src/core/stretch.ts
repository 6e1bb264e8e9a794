// How long code goes on without finishing a step: what an invocation must have left for it to get on.
import { LEAST_WORK_MS } from './budget.ts';
import type { Clock } from './clock.ts';
import type { Outcome } from './outcome.ts';
import type { Why } from './stop.ts';

export interface Stretch {
  /** called when a step was finished and saved by this execution, not when one was replayed */
  saved(): void;
  /** whether this execution has saved anything that the next one need not do again */
  advanced(): boolean;
  /** Seconds of the longest stretch, as far as the way the code ended tells; null = nothing learned. */
  learned(outcome: Outcome, why: Why | null): number | null;
}

/** How much longer than the time it had a stretch would have taken that the deadline cut: nobody knows. */
const GUESS = 2;

/**
 * Quick ones, which fit whenever anything does, are told of one time in so many, so that nearly all
 * records of quick jobs teach nothing and cost nothing; stores count each that they hear of for all.
 */
export const QUICK_TIMES = 20;
export const QUICK_SECONDS = LEAST_WORK_MS / 1000;

/** What the store is to be told of a stretch; `random` is in [0, 1). */
export const told = (seconds: number | null, random: number): number | null =>
  seconds !== null && seconds < QUICK_SECONDS && random * QUICK_TIMES >= 1 ? null : seconds;

/** Begins to measure. */
export const createStretch = (clock: Clock): Stretch => {
  let since = clock.now();
  let longest = 0;
  let steps = 0;
  return {
    saved: () => {
      steps += 1;
      longest = Math.max(longest, clock.now() - since);
      since = clock.now();
    },
    advanced: () => steps > 0,
    learned: ({ status }, why) => {
      const last = clock.now() - since;
      if (status === 'lost') return null;
      if (status === 'success' || status === 'timeout') {
        return Math.max(longest, last) / 1000;
      }
      // Only a stretch longer than all finished ones says that more is needed than they did.
      if (why === 'deadline' && last > longest) return (last * GUESS) / 1000;
      return longest > 0 ? longest / 1000 : null;
    },
  };
};
