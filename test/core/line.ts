// The whole core on a real SQLite file; its time moves on only when a test says so.
import { randomUUID } from 'node:crypto';
import { afterEach } from '@jest/globals';
import { createBudget } from '../../src/core/budget.ts';
import { type AnyDefinition, createRegistry, defineJob } from '../../src/core/definition.ts';
import { type DrainDeps, drain } from '../../src/core/drain.ts';
import type { RunnerEvent } from '../../src/core/events.ts';
import type { NewJob, Store } from '../../src/core/store.ts';
import type { ExecutionSummary, Tally } from '../../src/core/tally.ts';
import type { DrainOptions, Trigger } from '../../src/core/trigger.ts';
import { type WorkOptions, work } from '../../src/core/work.ts';
import { type JobContext, type JobDefinition, z } from '../../src/index.ts';
import { migrateSqlite } from '../../src/stores/sqlite/migrate.ts';
import { openSqlite } from '../../src/stores/sqlite/open.ts';
import { fakeClock, settle } from '../support/clock.ts';
import { createJob } from '../support/store.ts';
import { tempFile } from '../support/temp.ts';
import { type Call, type Faults, withFaults } from './faults.ts';

const START = Date.UTC(2031, 4, 17, 9, 30);
/** Fake time after which a test is taken to wait for something that never comes. */
const PATIENCE_MS = 12 * 60 * 60 * 1000;

const config = z.looseObject({});
type Demo = JobDefinition<typeof config>;

/** A job type `demo` that takes any config. */
export const demo = (
  run: (ctx: JobContext<z.output<typeof config>>) => unknown,
  more: Partial<Omit<Demo, 'run' | 'config'>> = {},
): Demo => defineJob({ type: 'demo', config, run, ...more });

/** Waits until stopped and comes to its end at once, as polite code does. */
export const untilStopped = ({ signal }: JobContext): Promise<never> =>
  new Promise((_, reject) => {
    if (signal.aborted) reject(signal.reason);
    signal.addEventListener('abort', () => reject(signal.reason), { once: true });
  });

/** Never settles, whatever it is told. */
export const forever = (): Promise<never> => new Promise(() => undefined);

export interface LineOptions {
  faults?: Faults;
  /** minutes */
  lock_duration?: number | null;
  random?: () => number;
}

export interface Drained extends Partial<Trigger>, Partial<DrainOptions> {}

const stores: Store[] = [];

afterEach(async () => {
  for (const store of stores.splice(0)) await store.close();
});

/** A line with code for these job types. `store` is the real store; the core sees it behind `faults`. */
export const createLine = async (
  definitions: AnyDefinition[],
  { faults = () => undefined, lock_duration = null, random = () => 0 }: LineOptions = {},
) => {
  const path = tempFile();
  await migrateSqlite(path);
  const clock = fakeClock();
  let behind = 0;
  const store = await openSqlite(path, { now: () => new Date(START + clock.now() - behind) });
  stores.push(store);
  const calls: Call[] = [];
  const events: RunnerEvent[] = [];
  const deps: DrainDeps = {
    store: withFaults(store, faults, calls),
    registry: createRegistry(definitions),
    alerting: null,
    clock,
    random,
    newId: randomUUID,
    instance_id: 'instance-a',
    lock_duration,
    emit: (event) => events.push(event),
  };

  const start = (
    given: Drained = {},
    own: Partial<DrainDeps> = {},
    tally?: Tally,
  ): Promise<Tally> => {
    const { source = 'test', id = null, time_left_ms = null, ...options } = given;
    const defaults = { max_jobs: null, job_types: null, priority: null, interrupt: null };
    const trigger = { source, id, time_left_ms };
    return drain(trigger, { ...defaults, ...options }, { ...deps, ...own }, tally);
  };

  /** Moves time on until `what` has settled; in small steps at first, unless `stepMs` is given. */
  const until = async <T>(what: Promise<T>, stepMs?: number): Promise<T> => {
    let over = false;
    const end = () => {
      over = true;
    };
    what.then(end, end);
    const began = clock.now();
    for (await settle(); !over; ) {
      const waited = clock.now() - began;
      if (waited > PATIENCE_MS) throw new Error('waited for something that never came');
      await clock.advance(stepMs ?? 50 + waited / 100);
    }
    return what;
  };

  return {
    path,
    /** the clock of the machine that the file lies on is set back */
    setBack: (ms: number) => {
      behind += ms;
    },
    store,
    clock,
    calls,
    events,
    deps,
    start,
    until,
    create: (job: Partial<NewJob> = {}) => createJob(store, job),
    /** One drain, from beginning to end. */
    drain: (given?: Drained, stepMs?: number) => until(start(given), stepMs),
    /** Creates one job and drains it alone: what came of it. */
    runOne: async (job: Partial<NewJob> = {}, given: Drained = {}): Promise<ExecutionSummary> => {
      await createJob(store, job);
      const { executions } = await until(start({ max_jobs: 1, ...given }));
      if (executions[0] === undefined) throw new Error('nothing was executed');
      return executions[0];
    },
    work: (options: Partial<WorkOptions> & Pick<WorkOptions, 'interrupt'>): Promise<Tally> =>
      work(
        { max_jobs: null, job_types: null, priority: null, poll_interval_seconds: 60, ...options },
        deps,
      ),
    budget: (time_left_ms: number | null) => createBudget(clock, time_left_ms, lock_duration),
    /** names of the store's methods in the order in which the core called them */
    called: () => calls.map(({ method }) => method),
    eventsNamed: <Name extends RunnerEvent['event']>(name: Name) =>
      events.filter((event): event is RunnerEvent & { event: Name } => event.event === name),
    /** seconds on the clock of the line */
    seconds: () => clock.now() / 1000,
  };
};

export type Line = Awaited<ReturnType<typeof createLine>>;
