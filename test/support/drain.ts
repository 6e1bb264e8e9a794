// One drain of the real line on a store that is open, by this machine's clock.
import { randomUUID } from 'node:crypto';
import { systemClock } from '../../src/clock.ts';
import { type AnyDefinition, createRegistry } from '../../src/core/definition.ts';
import { type DrainDeps, drain } from '../../src/core/drain.ts';
import type { Store } from '../../src/core/store.ts';
import { emptyTally, type Tally } from '../../src/core/tally.ts';
import type { DrainOptions, Trigger } from '../../src/core/trigger.ts';

type Given = Partial<Trigger> & Partial<DrainOptions> & Partial<DrainDeps>;

/** `tally` holds what was done also when the drain ends with an error. */
export const drainOn = (
  store: Store,
  definitions: AnyDefinition[],
  given: Given = {},
  tally = emptyTally(),
): Promise<Tally> => {
  const { source = 'test', id = null, time_left_ms = null, ...more } = given;
  const options = { max_jobs: null, job_types: null, priority: null, interrupt: null };
  const deps: DrainDeps = {
    store,
    registry: createRegistry(definitions),
    clock: systemClock,
    random: Math.random,
    newId: randomUUID,
    alerting: null,
    instance_id: 'instance-a',
    lock_duration: null,
    emit: () => undefined,
  };
  return drain({ source, id, time_left_ms }, { ...options, ...more }, { ...deps, ...more }, tally);
};
