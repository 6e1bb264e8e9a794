// Answers that are dear to make: asked again at once, they are given again.
import type { Clock } from '../core/clock.ts';

/** Of what it took to make, for so many times as long it is given again, and five seconds at most. */
const KEPT_TIMES = 20;
const KEPT_AT_MOST_MS = 5000;

/**
 * Calls `load` for one caller at a time, so that however many ask, the store is busy with it for a
 * twentieth of the time; at once after a failure.
 */
export const recent = <Answer>(
  load: () => Promise<Answer>,
  clock: Clock,
): (() => Promise<Answer>) => {
  let last: { answer: Promise<Answer>; until: number } | null = null;
  return () => {
    if (last !== null && clock.now() < last.until) return last.answer;
    const began = clock.now();
    const answer = load();
    const mine = { answer, until: Number.POSITIVE_INFINITY };
    last = mine;
    answer.then(
      () => {
        const now = clock.now();
        mine.until = now + Math.min(KEPT_AT_MOST_MS, (now - began) * KEPT_TIMES);
      },
      () => {
        mine.until = 0;
      },
    );
    return answer;
  };
};
