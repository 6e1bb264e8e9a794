// Time as the core sees it: lengths measured on this instance. What time it is, only the store says.

export interface Clock {
  /** milliseconds that only grow; compare two of them, nothing else */
  now(): number;
  /** lets the event loop turn once: what was due before has happened when it resolves */
  turn(): Promise<void>;
  /** calls `fn` once after `ms`; the answer stops it */
  after(ms: number, fn: () => void): () => void;
}

/** Resolves after `ms`, or rejects with the signal's reason as soon as it is aborted. */
export const sleep = (clock: Clock, ms: number, signal?: AbortSignal): Promise<void> =>
  new Promise((resolve, reject) => {
    if (signal?.aborted) return reject(signal.reason);
    const onAbort = () => {
      stop();
      reject(signal?.reason);
    };
    const stop = clock.after(ms, () => {
      signal?.removeEventListener('abort', onAbort);
      resolve();
    });
    signal?.addEventListener('abort', onAbort, { once: true });
  });
