// A bell that wakes who sleeps until something is due: something has become due earlier.

export interface Bell {
  ring(): void;
  /** Aborted at the next ring; at once when it has rung since this was asked for last. */
  next(): AbortSignal;
}

export const createBell = (): Bell => {
  let rung = new AbortController();
  return {
    ring: () => rung.abort(),
    next: () => {
      const { signal } = rung;
      if (signal.aborted) rung = new AbortController();
      return signal;
    },
  };
};
