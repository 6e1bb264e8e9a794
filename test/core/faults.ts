// The real store behind a door that notes every call and can fail chosen ones, before or after they
// reach it.
import type { Store } from '../../src/core/store.ts';
import { StoreUnavailableError } from '../../src/errors.ts';

/**
 * `down`: the call does not reach the store · `answer lost`: it does, and is carried out, but nobody
 * hears of it · `silent`: it never comes back · an Error: thrown instead of the call
 */
export type Fault = 'down' | 'answer lost' | 'silent' | Error;

export interface Call {
  method: keyof Store;
  args: unknown[];
  /** counts the calls of this method from 1 */
  nth: number;
}

export type Faults = (call: Call) => Fault | undefined;

/** Faults of one method by the number of its call, counted from 1. */
export const onCalls =
  (method: keyof Store, fault: Fault, ...numbers: number[]): Faults =>
  (call) =>
    call.method === method && numbers.includes(call.nth) ? fault : undefined;

const away = (method: string) => new StoreUnavailableError(`${method}: nobody answers`);

/** The same store; `calls` grows by one with every call. */
export const withFaults = (store: Store, faults: Faults, calls: Call[]): Store =>
  new Proxy(store, {
    get: (target, method: keyof Store) => {
      const real = target[method] as (...args: unknown[]) => Promise<unknown>;
      if (typeof real !== 'function') return real;
      return async (...args: unknown[]) => {
        const nth = calls.filter((call) => call.method === method).length + 1;
        const call = { method, args, nth };
        calls.push(call);
        const fault = faults(call);
        if (fault instanceof Error) throw fault;
        if (fault === 'down') throw away(method);
        if (fault === 'silent') return new Promise(() => undefined);
        const answer = await real.apply(target, args);
        if (fault === 'answer lost') throw away(method);
        return answer;
      };
    },
  });
