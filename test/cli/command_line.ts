// The command line in this process: real settings, real runner, a SQLite file of its own, and what
// it wrote.
import { readFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import * as z from 'zod';
import { createApi } from '../../src/api.ts';
import { initStore, printSchema } from '../../src/app.ts';
import type { Doors } from '../../src/cli/desk.ts';
import { loadJobModule } from '../../src/cli/modules.ts';
import type { Sink } from '../../src/cli/output.ts';
import { type Host, runCommandLine } from '../../src/cli/program.ts';
import { systemClock } from '../../src/clock.ts';
import { type AnyDefinition, defineJob } from '../../src/core/definition.ts';
import { openEarlier } from '../../src/earlier.ts';
import { createMetrics } from '../../src/http/metrics.ts';
import { openRunner, type Runner } from '../../src/runner.ts';
import { listen } from '../../src/server.ts';
import { loadSettings, resolveSettings } from '../../src/settings.ts';
import { tempFolder } from '../support/temp.ts';

const config = z.looseObject({});

/** Job types the tests run: each ends in its own way. */
const ownTypes: AnyDefinition[] = [
  defineJob({
    type: 'greet',
    config: z.strictObject({ whom: z.string().default('world') }),
    run: async (ctx) => {
      await ctx.progress(50, 'half way');
      const text = await ctx.step('greeting', () => `hello ${ctx.config.whom}`);
      ctx.log.info('greeted', { text });
      return { text };
    },
  }),
  defineJob({
    type: 'fail',
    config,
    retry: { max_retries: 0 },
    run: () => {
      throw new Error('no luck \u001b[31mtoday\nnor tomorrow');
    },
  }),
  defineJob({
    type: 'hang',
    config,
    run: (ctx) =>
      new Promise((_, reject) => {
        ctx.signal.addEventListener('abort', () => reject(ctx.signal.reason));
      }),
  }),
];

export interface Ran {
  code: number;
  out: string;
  err: string;
}

interface Wishes {
  env?: Record<string, string>;
  host?: Partial<Host>;
  /** stdout and stderr are a terminal */
  terminal?: boolean;
}

export interface CommandLine {
  folder: string;
  env: Record<string, string>;
  doors: Doors;
  /** the same with more variables in the environment */
  doorsWith(env: Record<string, string>): Doors;
  run(...words: string[]): Promise<Ran>;
  runWith(wishes: Wishes, ...words: string[]): Promise<Ran>;
  /** a runner on the same store, to prepare and to look */
  withRunner<T>(use: (runner: Runner) => Promise<T>): Promise<T>;
}

const capture = (terminal: boolean): Sink & { text(): string } => {
  const parts: string[] = [];
  return {
    write: (text) => parts.push(text),
    isTTY: terminal,
    columns: 120,
    hasColors: () => terminal,
    text: () => parts.join(''),
  };
};

/** A command line in a new folder; the tables are there unless `init` is false. */
export const commandLine = async ({ init = true } = {}): Promise<CommandLine> => {
  const folder = tempFolder();
  const env = { DATABASE_URL: `sqlite:${join(folder, 'jobs.db')}`, JOB_INSTANCE_ID: 'tester' };
  const settings = () => loadSettings({ env, cwd: folder });
  if (init) await initStore(await settings());

  const doorsWith = (more: Record<string, string> = {}): Doors => ({
    resolveSettings: (flags) => resolveSettings({ flags, env: { ...env, ...more }, cwd: folder }),
    openRunner: (options) =>
      openRunner({ ...options, jobs: [...ownTypes, ...(options.jobs ?? [])] }),
    initStore,
    printSchema,
    loadJobModule: (path) => loadJobModule(path, folder),
    openEarlier,
    readText: (path) => readFile(resolve(folder, path), 'utf8'),
    createMetrics: async (deps) => createMetrics(deps),
    createApi: async (options) => createApi({ ...options, assets: { get: async () => undefined } }),
    listen,
  });

  const runWith = async (wishes: Wishes, ...words: string[]): Promise<Ran> => {
    const stdout = capture(wishes.terminal ?? false);
    const stderr = capture(wishes.terminal ?? false);
    const host: Host = {
      stdout,
      stderr,
      clock: systemClock,
      today: () => new Date(),
      stop: new AbortController().signal,
      doors: doorsWith(wishes.env),
      ...wishes.host,
    };
    const code = await runCommandLine(words, host);
    return { code, out: stdout.text(), err: stderr.text() };
  };

  return {
    folder,
    env,
    doors: doorsWith(),
    doorsWith,
    runWith,
    run: (...words) => runWith({}, ...words),
    withRunner: async (use) => {
      const runner = await openRunner({ settings: await settings(), jobs: ownTypes });
      try {
        return await use(runner);
      } finally {
        await runner.close();
      }
    },
  };
};

/** An instance named `gone` picks a job of that type, under a lock that expires at once. */
export const pickAndDie = ({ withRunner }: CommandLine, job_type: string): Promise<unknown> =>
  withRunner(({ store }) =>
    store.claimJobs({
      instance_id: 'gone',
      job_types: [job_type],
      execution_ids: ['e-1'],
      lock_seconds: 0,
      trigger: 'test',
    }),
  );
