// A line whose schedules are applied from a file, where someone else may come in at a chosen moment.
import { type Applied, type ApplyOptions, applySchedules } from '../../src/core/apply.ts';
import type { Schedule } from '../../src/core/schedule.ts';
import type { Store } from '../../src/core/store.ts';
import { nearest } from '../../src/settings/nearest.ts';
import { scene as line } from './schedules/scene.ts';

type Interrupt = (method: keyof Store, nth: number) => Promise<unknown> | undefined;

/** The same store, where someone else comes in before a call. */
const interrupted = (store: Store, before: Interrupt): Store => {
  const calls: (keyof Store)[] = [];
  return new Proxy(store, {
    get: (target, method: keyof Store) => {
      const real = target[method] as (...args: unknown[]) => Promise<unknown>;
      return async (...args: unknown[]) => {
        calls.push(method);
        await before(method, calls.filter((call) => call === method).length);
        return real.apply(target, args);
      };
    },
  });
};

export const scene = async () => {
  const made = await line();
  const applyWith =
    (store: Store) =>
    (schedules: object[], options: ApplyOptions = {}) =>
      applySchedules({ defaults: { job_type: 'demo' }, schedules }, options, {
        ...made.scheduleDeps,
        store,
        nearest,
      });
  return {
    ...made,
    apply: applyWith(made.store),
    /** someone else comes in before chosen calls */
    applyWhile: (before: Interrupt) => applyWith(interrupted(made.store, before)),
    all: (): Promise<Schedule[]> => made.store.listSchedules({ limit: 5000 }),
    names: async (): Promise<string[]> =>
      (await made.store.listSchedules({ limit: 5000 })).map(({ name }) => name),
  };
};

export const hourly = { name: 'hourly', schedule_expression: '0 * * * *' };
export const daily = {
  name: 'daily',
  schedule_expression: '30 6 * * *',
  timezone: 'Europe/Berlin',
};

export const actions = ({ changes }: Applied) =>
  changes.map(({ action, name }) => `${action} ${name}`);

/** What a failing call threw. */
export const thrown = (promise: Promise<unknown>): Promise<unknown> =>
  promise.then(
    () => {
      throw new Error('it was done');
    },
    (error) => error,
  );
