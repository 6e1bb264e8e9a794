// The command line on a SQLite file whose clock stands still until a test moves it.
import { join } from 'node:path';
import type { RunnerOptions } from '../../src/app.ts';
import { createRegistry } from '../../src/core/definition.ts';
import {
  createSchedule,
  getSchedule,
  moveSchedule,
  type ScheduleDeps,
  triggerSchedule,
} from '../../src/core/schedules.ts';
import type { Store } from '../../src/core/store.ts';
import type { Tally } from '../../src/core/tally.ts';
import { newId } from '../../src/ids.ts';
import { openRunner, type Runner } from '../../src/runner.ts';
import { openSqlite } from '../../src/stores/sqlite/open.ts';
import { drainOn } from '../support/drain.ts';
import { demo } from '../support/runner.ts';
import { at, START } from '../support/start.ts';
import { type CommandLine, commandLine, type Ran } from './command_line.ts';

/** Its jobs end as their config says. */
const ending = demo(({ config }) => {
  if (config.fails) throw new Error('no luck');
  return 'done';
});

export interface ScheduleLine {
  folder: string;
  /** on an output of `columns`, 120 unless given; a terminal when `colors` are wanted */
  runOn(columns: number, ...words: string[]): Promise<Ran>;
  run(...words: string[]): Promise<Ran>;
  /** runs `schedule create`; answers the id, throws when it is refused */
  create(...words: string[]): Promise<string>;
  /** moves the clock to `10:00`, or to a whole moment */
  until(time: string): void;
  /** one drain of the real line, at the time that the clock shows */
  drain(): Promise<Tally>;
  withStore<T>(use: (store: Store) => Promise<T>): Promise<T>;
}

/** Answers as the runner that it stands for, by another clock. */
const runnerOn = async (store: Store, options: RunnerOptions): Promise<Runner> => {
  const runner = await openRunner(options);
  const registry = createRegistry([ending]);
  const deps: ScheduleDeps = { store, registry, newId, emit: () => undefined };
  return {
    ...runner,
    store,
    schedules: {
      ...runner.schedules,
      create: (input) => createSchedule(input, deps),
      get: (id_or_name, slots) => getSchedule(id_or_name, store, slots),
      list: (filter) => store.listSchedules(filter),
      move: (id_or_name, move) => moveSchedule(id_or_name, move, deps),
      trigger: (id_or_name, asked_by = {}) => triggerSchedule(id_or_name, asked_by, deps),
    },
    close: async () => {
      await runner.close();
      await store.close();
    },
  };
};

/** The clock begins at 09:30 on a Saturday in May. */
export const scheduleLine = async (): Promise<ScheduleLine> => {
  const cli: CommandLine = await commandLine();
  let now = START.getTime();
  const open = () => openSqlite(join(cli.folder, 'jobs.db'), { now: () => new Date(now) });
  const doors = {
    ...cli.doors,
    openRunner: async (options: RunnerOptions) => runnerOn(await open(), options),
  };
  const withStore = async <T>(use: (store: Store) => Promise<T>): Promise<T> => {
    const store = await open();
    try {
      return await use(store);
    } finally {
      await store.close();
    }
  };
  const runOn = async (columns: number, ...words: string[]): Promise<Ran> => {
    const told = { out: '', err: '' };
    const sink = (key: 'out' | 'err') => ({
      columns,
      write: (text: string) => {
        told[key] += text;
      },
    });
    const host = { stdout: sink('out'), stderr: sink('err'), doors, today: () => new Date(now) };
    const { code } = await cli.runWith({ host }, ...words);
    return { code, ...told };
  };
  const run = (...words: string[]) => runOn(120, ...words);
  return {
    folder: cli.folder,
    run,
    runOn,
    create: async (...words) => {
      const { code, out, err } = await run('schedule', 'create', ...words);
      if (code !== 0) throw new Error(err);
      return out.trim();
    },
    until: (time) => {
      now = at(time).getTime();
    },
    drain: () => withStore((store) => drainOn(store, [ending])),
    withStore,
  };
};
