// Time left to this drain, and how long a lock it should take: as long as we can be alive, no longer.

import type { Fits } from './claim.ts';
import type { Clock } from './clock.ts';

/** With nobody to stop us the lock is short and the heartbeat extends it. */
const SHORT_LOCK_SECONDS = 120;
/** Beyond the platform's deadline, so that a last write still finds its lock. */
const LOCK_MARGIN_SECONDS = 30;
/** The last bit of the time, in which a store that does not answer is told of. */
const LAST_WORDS_MS = 1000;
/** Less than this and nothing new is begun. */
export const LEAST_WORK_MS = 1000;
/** A type is left to another invocation when more than one in twenty of its jobs would not get on. */
const USUAL_SHARE = 0.95;
/** Waiting for an invocation with all of its time ahead helps no more: now half of them is enough. */
const FRESH_SHARE = 0.5;
/** One pick in so many asks for no more either, or a type could wait for ever behind a regular guest. */
const TRIED_ANYHOW = 5;
/** From this part of the time on, nothing to speak of is used up. */
const FRESH_PART = 0.9;

export interface Budget {
  /** milliseconds until the platform stops us; Infinity when nobody will */
  left(): number;
  /** milliseconds until running code must be aborted, so that its outcome can still be recorded */
  workLeft(): number;
  /** milliseconds until the store must have answered, so that this drain can still say that it did not */
  callLeft(): number;
  mayPick(): boolean;
  /** hardly any time is used up: no later invocation of this kind will have more */
  isFresh(): boolean;
  /** What a job must not need more of to be picked now; null when nobody will stop us. `random` is in [0, 1). */
  fits(random: number): Fits | null;
  lockSeconds(): number;
}

/** Part of the time that is kept back for stopping code and recording: a fifth, at most 5 s. */
const reserveOf = (time_left_ms: number): number => Math.min(5000, time_left_ms / 5);

/** `lock_duration` in minutes sets the lock outright; null = chosen from the time left. */
export const createBudget = (
  clock: Clock,
  time_left_ms: number | null,
  lock_duration: number | null,
): Budget => {
  const end = time_left_ms === null ? Number.POSITIVE_INFINITY : clock.now() + time_left_ms;
  const reserve = time_left_ms === null ? 0 : reserveOf(time_left_ms);
  const left = () => end - clock.now();
  const workLeft = () => left() - reserve;
  const whole = workLeft();
  const isFresh = () => workLeft() >= whole * FRESH_PART;
  const lastWords = Math.min(LAST_WORDS_MS, reserve / 5);
  return {
    left,
    workLeft,
    callLeft: () => left() - lastWords,
    mayPick: () => workLeft() >= LEAST_WORK_MS,
    isFresh,
    fits: (random) => {
      if (time_left_ms === null) return null;
      const half = isFresh() || random * TRIED_ANYHOW < 1;
      return { seconds: workLeft() / 1000, share: half ? FRESH_SHARE : USUAL_SHARE };
    },
    lockSeconds: () => {
      if (lock_duration !== null) return lock_duration * 60;
      if (time_left_ms === null) return SHORT_LOCK_SECONDS;
      return Math.max(0, left()) / 1000 + LOCK_MARGIN_SECONDS;
    },
  };
};
