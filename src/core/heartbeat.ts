// Extends the lock while code runs, takes the code's log lines along, and stops the code when the
// lock is lost or a cancel was asked.
import { StoreUnavailableError } from '../errors.ts';
import type { Clock } from './clock.ts';
import type { Fence } from './job.ts';
import type { Stop } from './stop.ts';
import type { Hold, LogEntry, RunStore } from './store.ts';

/** A cancel is noticed within this time, also under a long lock. */
const LONGEST_PAUSE_MS = 5000;

export interface Heartbeat {
  end(): void;
  /** what the store said of the lock; stops the code accordingly. Other fenced writes tell it too. */
  heard(hold: Hold): void;
}

interface HeartbeatDeps {
  store: Pick<RunStore, 'heartbeat'>;
  clock: Clock;
  fence: Fence;
  stop: Stop;
  /** seconds the lock shall last from the moment of the beat */
  lockSeconds: () => number;
  /** clock time at which the lock of the pick may run out, counted from before it was asked for */
  lockedUntil: number;
  /** log lines not stored yet; they are put back when a beat does not get through */
  logs: LogEntry[];
}

/**
 * Beats at a quarter of the lock's length, at most 5 s apart. A store that cannot be reached is
 * asked again at the next beat; once our lock may have run out by our own measure, the code is
 * stopped as `lost`, since another instance may hold the job by now.
 */
export const startHeartbeat = (deps: HeartbeatDeps): Heartbeat => {
  const { store, clock, fence, stop, lockSeconds, logs, lockedUntil } = deps;
  let ended = false;
  let underway: LogEntry[] = [];
  let cancelBeat = () => {};
  let cancelWatch = () => {};

  const watchUntil = (ms: number) => {
    cancelWatch();
    cancelWatch = clock.after(ms, () =>
      stop.stop('lost', 'the lock could not be extended in time'),
    );
  };

  const heard = (hold: Hold) => {
    if (!hold.held) stop.stop('lost', 'the lock expired or another instance holds the job');
    else if (hold.cancel_requested) stop.stop('cancel', 'cancelled by request');
  };

  const beat = async () => {
    const sent = clock.now();
    const seconds = lockSeconds();
    const taken = logs.splice(0);
    underway = taken;
    try {
      const hold = await store.heartbeat(fence, seconds, taken);
      if (ended) return;
      underway = [];
      // Counted from before the sending: the store cannot have granted less than that.
      if (hold.held) watchUntil(seconds * 1000 - (clock.now() - sent));
      heard(hold);
    } catch (error) {
      if (ended) return;
      underway = [];
      logs.unshift(...taken);
      if (!(error instanceof StoreUnavailableError)) {
        stop.stop('crash', 'the heartbeat failed', error);
      }
    }
    plan();
  };

  const plan = () => {
    if (ended) return;
    const pause = Math.min(LONGEST_PAUSE_MS, (lockSeconds() * 1000) / 4);
    cancelBeat = clock.after(pause, () => void beat());
  };

  watchUntil(lockedUntil - clock.now());
  plan();
  return {
    heard,
    end: () => {
      ended = true;
      // A beat may be overtaken by the record and then keep nothing: its lines go with the record.
      logs.unshift(...underway);
      cancelBeat();
      cancelWatch();
    },
  };
};
