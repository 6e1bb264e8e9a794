// The process of a cloud function belongs to its platform: signals and stray errors would end it in
// the middle of a drain. While drains run they are ours; afterwards the platform hears them again,
// except for what code that was stopped leaves behind, which must not end a process that others use.
import { isAftermath } from './guard.ts';

type Listener = (...args: unknown[]) => void;

const signals = ['SIGTERM', 'SIGINT'] as const;
const errors = ['uncaughtException', 'unhandledRejection'] as const;

let drains = 0;
let held = new Map<string, Listener[]>();
let signalled: string | null = null;
let stop = new AbortController();

const listenersOf = (event: string) => process.rawListeners(event) as Listener[];

const onSignal = (signal: string) => {
  signalled = signal;
  if (!stop.signal.aborted) return stop.abort(signal);
  // Asked twice: what becomes of the process is the platform's affair.
  for (const listener of held.get(signal) ?? []) listener(signal);
};

/** Listens where the platform alone would: `uncaughtException` and `unhandledRejection` with their error. */
const leftBehind = (platform: Listener[]): Listener => {
  const listener: Listener = (error, ...more) => {
    if (isAftermath(error)) return;
    if (platform.length === 0) throw error;
    for (const each of platform) each(error, ...more);
  };
  return Object.assign(listener, { platform });
};

/** What the platform itself listens with, also where we stand between. */
const platformsOf = (event: string): Listener[] =>
  listenersOf(event).flatMap((listener) =>
    'platform' in listener ? (listener.platform as Listener[]) : [listener],
  );

// A signal that comes while nobody listens to it is lost, even if Node has it already: whoever listens
// next begins before the other one stops.
const take = () => {
  stop = new AbortController();
  held = new Map([...signals, ...errors].map((event) => [event, platformsOf(event)]));
  for (const event of errors) process.removeAllListeners(event);
  for (const signal of signals) {
    process.on(signal, onSignal);
    for (const listener of held.get(signal) ?? []) process.off(signal, listener);
  }
};

const giveBack = () => {
  for (const signal of signals) {
    for (const listener of held.get(signal) ?? []) process.on(signal, listener);
    process.off(signal, onSignal);
  }
  for (const event of errors) process.on(event, leftBehind(held.get(event) ?? []));
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
