// A clock that stands still until a test moves it.
import type { Clock } from '../../src/core/clock.ts';

export interface FakeClock extends Clock {
  /** Moves on by `ms`: fires the timers that fall due, in order, and lets promises settle. */
  advance(ms: number): Promise<void>;
  /** Timers that have neither fired nor been stopped. */
  readonly timers: number;
}

/** More calls of a store, one after the other, than any code makes between two timers. */
const TURNS = 20;

const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

/** Lets everything run that waits for the event loop alone, not for time or for the network. */
export const settle = async (): Promise<void> => {
  for (let turns = 0; turns < TURNS; turns += 1) await turn();
};

/** Starts at `start` milliseconds. A timer set while another one fires is honoured in its turn. */
export const fakeClock = (start = 0): FakeClock => {
  let now = start;
  const timers = new Set<{ at: number; fn: () => void }>();

  const nextUntil = (end: number) => {
    const due = [...timers].filter(({ at }) => at <= end);
    // A set keeps the order of insertion and sort is stable: equal times fire in the order they were set.
    return due.sort((a, b) => a.at - b.at)[0];
  };

  return {
    now: () => now,
    turn,
    after: (ms, fn) => {
      const timer = { at: now + Math.max(0, ms), fn };
      timers.add(timer);
      return () => {
        timers.delete(timer);
      };
    },
    get timers() {
      return timers.size;
    },
    advance: async (ms) => {
      const end = now + ms;
      await settle();
      for (let timer = nextUntil(end); timer; timer = nextUntil(end)) {
        timers.delete(timer);
        now = Math.max(now, timer.at);
        timer.fn();
        await settle();
      }
      now = end;
    },
  };
};
