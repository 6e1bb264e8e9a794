// Time as the client sees it: waiting, and giving up on what stays silent.
import type { Clock } from '../core/clock.ts';

export type Timers = Pick<Clock, 'after'>;

/** Those of the platform. */
export const timers: Timers = {
  after: (ms, fn) => {
    const timer = setTimeout(fn, ms);
    return () => clearTimeout(timer);
  },
};

/** Calls `fn` when the signal is aborted, at once when it is already; the answer forgets it. */
const onAbort = (signal: AbortSignal | undefined, fn: () => void): (() => void) => {
  if (signal?.aborted) fn();
  signal?.addEventListener('abort', fn, { once: true });
  return () => signal?.removeEventListener('abort', fn);
};

/** Resolves after `ms`; rejects with the signal's reason as soon as it is aborted. */
export const pause = (
  { after }: Timers,
  ms: number,
  signal: AbortSignal | undefined,
): Promise<void> =>
  new Promise((resolve, reject) => {
    const stop = after(ms, () => {
      forget();
      resolve();
    });
    const forget = onAbort(signal, () => {
      stop();
      reject(signal?.reason);
    });
  });

/** A signal that follows another one, and is aborted as well when a wait takes too long. */
export interface Watch {
  signal: AbortSignal;
  /** From now on it waits, for `ms` at most. */
  begin(ms: number): void;
  /** What was waited for has come. */
  done(): void;
  /** Ends whatever still goes on with its signal, and lets go of the other one. */
  end(): void;
}

/** AbortSignal.any would do half of it, but older browsers have none, and some keep every signal. */
export const createWatch = ({ after }: Timers, followed: AbortSignal | undefined): Watch => {
  const controller = new AbortController();
  const forget = onAbort(followed, () => controller.abort(followed?.reason));
  let stop = () => {};
  return {
    signal: controller.signal,
    begin: (ms) => {
      stop();
      const late = new DOMException(`It took longer than ${ms / 1000} s.`, 'TimeoutError');
      stop = after(ms, () => controller.abort(late));
    },
    done: () => stop(),
    end: () => {
      stop();
      forget();
      controller.abort();
    },
  };
};
