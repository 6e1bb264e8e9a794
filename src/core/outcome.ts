// What an execution came to: one word for every way code can end.
import { InputError, isDiscard, isRetryLater, StoreUnavailableError } from '../errors.ts';
import type { Json } from './json.ts';
import { MAX_SECONDS, show } from './rules.ts';
import type { StoppedError } from './stop.ts';
import { describeThrown, type ErrorRecord } from './thrown.ts';

/** What an execution came to. Fixed before anything is written. */
export type Outcome =
  | { status: 'success'; result: Json }
  /** `final`: no retry can help */
  | { status: 'failed' | 'timeout'; error: ErrorRecord; final: boolean }
  | { status: 'cancelled'; error: ErrorRecord }
  /** stopped early without fault; goes on after `delay_seconds` from its saved steps */
  | { status: 'yielded'; error: ErrorRecord; delay_seconds: number }
  /** the lock is gone: nothing may be written any more */
  | { status: 'lost'; reason: string };

/** RetryLater(0) must not keep one drain busy with one job for ever. */
const LEAST_DELAY_SECONDS = 1;

/** Code that was stopped: why decides, whatever it came to afterwards. */
export const ofStopped = (stopped: StoppedError): Outcome => {
  const error = { name: 'StoppedError', message: stopped.message, stack: null };
  switch (stopped.why) {
    case 'timeout':
      return { status: 'timeout', error, final: false };
    case 'cancel':
      return { status: 'cancelled', error };
    case 'lost':
      return { status: 'lost', reason: stopped.message };
    case 'crash':
      return { status: 'failed', error: describeThrown(stopped.cause ?? stopped), final: false };
    default:
      return { status: 'yielded', error, delay_seconds: 0 };
  }
};

/**
 * Code that the deadline has stopped once more, after it had all of an invocation's time and finished
 * no step: the next invocation would only repeat that. It waits ten times as long as it ran: so such
 * a job, whatever its priority, takes at most a tenth of the time that others could have.
 */
export const withoutProgress = (ran_seconds: number): Outcome => {
  const ran = Math.round(ran_seconds);
  const message = `stopped by the platform's deadline after ${ran} s in which no step was finished; it needs steps, or a function that may run longer`;
  const error = { name: 'StoppedError', message, stack: null };
  return { status: 'yielded', error, delay_seconds: ran_seconds * 10 };
};

/** When the store was out of reach: that is not the job's fault, and costs it no retry. */
const STORE_AWAY_DELAY_SECONDS = 30;

const isA = (thrown: unknown, kind: typeof InputError | typeof StoreUnavailableError): boolean => {
  try {
    return thrown instanceof kind;
  } catch {
    return false; // a Proxy may refuse even this question
  }
};

/** Code that threw, or whose config or result was refused. */
export const ofThrown = (thrown: unknown): Outcome => {
  const error = describeThrown(thrown);
  if (isRetryLater(thrown)) {
    const delay: unknown = thrown.delaySeconds;
    if (typeof delay === 'number' && delay >= 0 && delay <= MAX_SECONDS) {
      const delay_seconds = Math.max(LEAST_DELAY_SECONDS, delay);
      return { status: 'yielded', error, delay_seconds };
    }
    const expected = `a number of seconds from 0 to ${MAX_SECONDS}`;
    error.message = `RetryLater was given ${show(delay)}; expected ${expected} (${error.message})`;
  }
  if (isA(thrown, StoreUnavailableError)) {
    return { status: 'yielded', error, delay_seconds: STORE_AWAY_DELAY_SECONDS };
  }
  // What cannot be stored or accepted now cannot be next time: a retry would only repeat the work.
  return { status: 'failed', error, final: isDiscard(thrown) || isA(thrown, InputError) };
};
