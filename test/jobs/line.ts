// The real line on a real SQLite file, in a time that moves on only while everyone waits for it.
import { randomUUID } from 'node:crypto';
import type { Clock } from '../../src/core/clock.ts';
import { type AnyDefinition, createRegistry } from '../../src/core/definition.ts';
import { drain } from '../../src/core/drain.ts';
import type { RunnerEvent } from '../../src/core/events.ts';
import type { Store } from '../../src/core/store.ts';
import type { ExecutionSummary } from '../../src/core/tally.ts';
import { migrateSqlite } from '../../src/stores/sqlite/migrate.ts';
import { openSqlite } from '../../src/stores/sqlite/open.ts';
import { fakeClock, settle } from '../support/clock.ts';
import { newJob } from '../support/jobs.ts';
import { tempFile } from '../support/temp.ts';

const START = Date.UTC(2031, 4, 17, 9, 30);
/** Finer than any wait in the code, so that two instances never fall into the same step by chance. */
const STEP_MS = 250;

// Time must stand still while an answer is on its way: count what has been asked and not answered.
let onTheirWay = 0;
const realFetch = globalThis.fetch;
globalThis.fetch = async (...request) => {
  onTheirWay += 1;
  try {
    const response = await realFetch(...request);
    const { status, headers } = response;
    return new Response(await response.arrayBuffer(), { status, headers });
  } finally {
    onTheirWay -= 1;
  }
};

const everyoneWaits = async (): Promise<void> => {
  for (let quiet = 0; quiet < 10; quiet += 1) {
    await settle();
    if (onTheirWay > held.size) quiet = 0;
  }
};

/** Answers that a test withholds on purpose: time goes on without them. */
const held = new Set<() => void>();

export interface Instance {
  store: Store;
  events: RunnerEvent[];
  /** Drains one job and answers what came of it. */
  run(): Promise<ExecutionSummary>;
  /** From now on no timer of this instance fires: it beats no more. */
  freeze(): void;
}

export const createLine = async () => {
  const path = tempFile();
  await migrateSqlite(path);
  const clock = fakeClock();
  const stores: Store[] = [];

  const open = async (): Promise<Store> => {
    const store = await openSqlite(path, { now: () => new Date(START + clock.now()) });
    stores.push(store);
    return store;
  };

  const instance = async (definitions: (store: Store) => AnyDefinition[]): Promise<Instance> => {
    const store = await open();
    const events: RunnerEvent[] = [];
    let frozen = false;
    const own: Clock = {
      now: clock.now,
      turn: settle,
      after: (ms, fn) => clock.after(ms, () => (frozen ? undefined : fn())),
    };
    const run = async () => {
      const tally = await drain(
        { source: 'test', id: null, time_left_ms: null },
        { max_jobs: 1, job_types: null, priority: null, interrupt: null },
        {
          store,
          registry: createRegistry(definitions(store)),
          clock: own,
          random: () => 0,
          newId: randomUUID,
          alerting: null,
          instance_id: randomUUID(),
          lock_duration: null,
          emit: (event) => events.push(event),
        },
      );
      const [summary] = tally.executions;
      if (summary === undefined) throw new Error('there was nothing to pick');
      // The tally leaves large results out; the store has them.
      const detail = await store.getJob(summary.job_id);
      const kept = detail?.executions.find((one) => one.execution_id === summary.execution_id);
      return { ...summary, result: kept?.result ?? null };
    };
    return {
      store,
      events,
      run,
      freeze: () => {
        frozen = true;
      },
    };
  };

  /** Lets time go on, whenever everyone waits for it, until `what` is done. */
  const until = async <T>(what: Promise<T>): Promise<T> => {
    let done = false;
    const finish = () => {
      done = true;
    };
    what.then(finish, finish);
    for (;;) {
      await everyoneWaits();
      if (done) return what;
      await clock.advance(STEP_MS);
    }
  };

  return {
    open,
    instance,
    until,
    now: () => clock.now(),
    advance: (seconds: number) => clock.advance(seconds * 1000),
    /** For a server to await before it answers: time goes on meanwhile, until `releaseAll`. */
    hold: (): Promise<void> => new Promise((resolve) => held.add(resolve)),
    releaseAll: (): void => {
      for (const release of held) release();
      held.clear();
    },
    create: async (store: Store, job_type: string, config: object): Promise<string> => {
      const job = newJob({ job_type, config: JSON.parse(JSON.stringify(config)) });
      await store.createJobs([job]);
      return job.job_id;
    },
    close: async () => {
      for (const store of stores.splice(0)) await store.close();
    },
  };
};

export type Line = Awaited<ReturnType<typeof createLine>>;

/** The log lines of one level that an instance wrote. */
export const logged = ({ events }: Instance, level: 'info' | 'warn'): string[] =>
  events.flatMap((event) =>
    event.event === 'job.log' && event.level === level ? event.message : [],
  );
