// Stopping running code: why, and how its signal carries the reason.
import { describeThrown, isError } from './thrown.ts';

/**
 * `timeout` it took too long · `cancel` a person asked · `lost` the lock is gone ·
 * `deadline` the platform will stop us · `interrupt` SIGTERM or the like ·
 * `crash` something its code left behind threw outside of it
 */
export type Why = 'timeout' | 'cancel' | 'lost' | 'deadline' | 'interrupt' | 'crash';

/** The reason of an aborted `ctx.signal`. */
export class StoppedError extends Error {
  readonly why: Why;

  constructor(why: Why, message: string, options?: { cause?: unknown }) {
    super(message, options);
    this.name = 'StoppedError';
    this.why = why;
  }
}

export interface Stop {
  signal: AbortSignal;
  /** the first reason stands; later ones change nothing */
  stop(why: Why, message: string, cause?: unknown): void;
  stopped(): StoppedError | null;
}

export const createStop = (): Stop => {
  const controller = new AbortController();
  let stopped: StoppedError | null = null;
  return {
    signal: controller.signal,
    stop: (why, message, cause) => {
      if (stopped !== null) return;
      stopped = new StoppedError(why, message, { cause });
      controller.abort(stopped);
    },
    stopped: () => stopped,
  };
};

const PLAIN = new Set(['AbortError', 'TimeoutError']);

/**
 * Passes an interrupt on. One whose reason is an Error (other than those of a plain `abort()` and of
 * AbortSignal.timeout) means that code crashed outside of its promise; all else asks to make room.
 */
export const followInterrupt = (stop: Stop, interrupt: AbortSignal | null): (() => void) => {
  if (interrupt === null) return () => undefined;
  const follow = () => {
    const { reason } = interrupt;
    if (isError(reason) && !PLAIN.has(reason.name)) {
      stop.stop('crash', describeThrown(reason).message, reason);
    } else {
      stop.stop('interrupt', `interrupted${typeof reason === 'string' ? ` by ${reason}` : ''}`);
    }
  };
  if (interrupt.aborted) follow();
  else interrupt.addEventListener('abort', follow, { once: true });
  return () => interrupt.removeEventListener('abort', follow);
};
