// The process of a cloud function belongs to its platform: signals and stray errors would end it in
// the middle of a drain. While drains run they are ours; afterwards everything is as it was.
type Listener = (...args: unknown[]) => void;

const signals = ['SIGTERM', 'SIGINT'] as const;
const taken = [...signals, 'uncaughtException', 'unhandledRejection'] as const;

let drains = 0;
let held: [event: string, listeners: Listener[]][] = [];
let signalled: string | null = null;
let stop = new AbortController();

const onSignal = (signal: string) => {
  signalled = signal;
  stop.abort(signal);
};

const take = () => {
  stop = new AbortController();
  held = taken.map((event) => [event, process.rawListeners(event) as Listener[]]);
  for (const event of taken) process.removeAllListeners(event);
  for (const signal of signals) process.on(signal, onSignal);
};

const giveBack = () => {
  for (const signal of signals) process.off(signal, onSignal);
  for (const [event, listeners] of held) {
    for (const listener of listeners) process.on(event, listener);
  }
  const missed = signalled;
  signalled = null;
  // The platform hears of it once what the drain came to has been answered.
  if (missed !== null) setImmediate(() => process.emit(missed as 'SIGTERM', missed as 'SIGTERM'));
};

/** Runs `drain` with a signal that SIGTERM and SIGINT abort; many may run at once. */
export const takeOver = async <Result>(
  drain: (stop: AbortSignal) => Promise<Result>,
): Promise<Result> => {
  if (drains === 0) take();
  drains += 1;
  // The functions framework wraps a request in a `domain`, which would take what job code throws for
  // an error of the request, and answer it while the drain goes on.
  (process as { domain?: { exit(): void } }).domain?.exit();
  try {
    return await drain(stop.signal);
  } finally {
    drains -= 1;
    if (drains === 0) giveBack();
  }
};
