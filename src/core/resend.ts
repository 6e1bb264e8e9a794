// A store that is asked again when it does not answer: every call of the port may be sent twice.
import { StoreUnavailableError } from '../errors.ts';
import { type Clock, sleep } from './clock.ts';
import type { Emit } from './events.ts';
import type { Store } from './store.ts';

interface ResendDeps {
  clock: Clock;
  /** in [0, 1) */
  random: () => number;
  emit: Emit;
  /** milliseconds a call may go on being sent again */
  patienceMs: () => number;
  /** milliseconds after which a sending counts as unanswered; without it the store alone says so */
  answerMs?: number;
  /** once aborted no new work is asked for any more; what was done is still recorded */
  interrupt: AbortSignal | null;
}

/** How long a store that does not answer is asked again, when no deadline is nearer. */
export const PATIENCE_MS = 30_000;

/** How long a drain waits for one answer: all that it asks takes milliseconds. */
export const ANSWER_MS = 10_000;

/** Also when time is up, an answer is waited for at least this long. */
const LEAST_ANSWER_MS = 500;

const FIRST_PAUSE_MS = 100;
const LONGEST_PAUSE_MS = 5000;

/** Gives up waiting, not the call: it may still arrive, which is why sending it again must be safe. */
const inTime = (
  clock: Clock,
  ms: number,
  method: string,
  send: () => Promise<unknown>,
): Promise<unknown> =>
  new Promise((resolve, reject) => {
    const stop = clock.after(ms, () => {
      const seconds = Math.round(ms / 100) / 10;
      reject(new StoreUnavailableError(`the store did not answer ${method} within ${seconds} s`));
    });
    void send().then(resolve, reject).finally(stop);
  });

/** For who has no deadline: asks again for as long as anybody would wait. */
export const patient = (
  store: Store,
  { clock, random, emit }: Pick<ResendDeps, 'clock' | 'random' | 'emit'>,
): Store =>
  resending(store, { clock, random, emit, patienceMs: () => PATIENCE_MS, interrupt: null });

/**
 * The same store, but a StoreUnavailableError is answered by sending the call again, after 0.1 s,
 * 0.2 s, 0.4 s … (each shortened at random by up to a half), until the patience is used up.
 */
export const resending = (store: Store, deps: ResendDeps): Store => {
  const { clock, random, emit, patienceMs, answerMs, interrupt } = deps;
  const sendUntil = (until: number, method: string, send: () => Promise<unknown>) => {
    if (answerMs === undefined) return send();
    const left = Math.max(LEAST_ANSWER_MS, until - clock.now());
    return inTime(clock, Math.min(answerMs, left), method, send);
  };
  const resend = async (method: string, send: () => Promise<unknown>): Promise<unknown> => {
    const until = clock.now() + patienceMs();
    for (let sending = 1; ; sending += 1) {
      try {
        return await sendUntil(until, method, send);
      } catch (error) {
        if (!(error instanceof StoreUnavailableError)) throw error;
        const longest = Math.min(LONGEST_PAUSE_MS, FIRST_PAUSE_MS * 2 ** (sending - 1));
        const pause = longest * (1 - random() / 2);
        const given = method === 'claimJobs' ? interrupt : null;
        if (clock.now() + pause > until || given?.aborted) throw error;
        emit({ event: 'store.retried', method, sending, reason: error.message });
        await sleep(clock, pause, given ?? undefined).catch(() => {
          throw error; // interrupted meanwhile: the fault is what there is to tell
        });
      }
    }
  };
  return new Proxy(store, {
    get: (target, name: keyof Store) => {
      const method = target[name] as (...args: unknown[]) => Promise<unknown>;
      if (typeof method !== 'function' || name === 'close') return method;
      // A heartbeat that does not get through is followed by the next one: no need to insist.
      const once = name === 'heartbeat';
      return (...args: unknown[]) => {
        const send = () => method.apply(target, args);
        return once ? sendUntil(Number.POSITIVE_INFINITY, name, send) : resend(name, send);
      };
    },
  });
};
