// One instance of the runner in a world: the real line, with the world's clock.
import { randomUUID } from 'node:crypto';
import { type AnyDefinition, createRegistry } from '../../src/core/definition.ts';
import { drain } from '../../src/core/drain.ts';
import type { Store } from '../../src/core/store.ts';
import type { Tally } from '../../src/core/tally.ts';
import { clockOf, openWorld, type World } from './world.ts';

export interface InstanceOptions {
  definitions: (store: Store) => AnyDefinition[];
  instance_id?: string;
  /** executions of one drain at most; drains follow each other until one finds nothing to do */
  max_jobs?: number | null;
  /** minutes */
  lock_duration?: number | null;
  /** stands between the line and the store */
  between?: (store: Store) => Store;
}

/** Drains until nothing is due, and answers the tally of each drain. */
export const runInstance = async (world: World, options: InstanceOptions): Promise<Tally[]> => {
  const { definitions, max_jobs = null, lock_duration = null } = options;
  const opened = await openWorld(world);
  const store = options.between?.(opened) ?? opened;
  const tallies: Tally[] = [];
  try {
    for (;;) {
      const tally = await drain(
        { source: 'test', id: null, time_left_ms: null },
        { max_jobs, job_types: null, priority: null, interrupt: null },
        {
          store,
          registry: createRegistry(definitions(opened)),
          clock: clockOf(world),
          random: Math.random,
          newId: randomUUID,
          alerting: null,
          instance_id: options.instance_id ?? randomUUID(),
          lock_duration,
          emit: () => undefined,
        },
      );
      tallies.push(tally);
      if (tally.stopped !== 'limit') return tallies;
    }
  } finally {
    await opened.close();
  }
};
