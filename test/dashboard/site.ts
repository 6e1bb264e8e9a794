// The real API with the real dashboard on a SQLite file, and an instance whose job goes on when
// the test says so.
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import Driver from 'libsql';
import * as z from 'zod';
import { createApi } from '../../src/api.ts';
import { systemClock } from '../../src/clock.ts';
import { defineJob } from '../../src/core/definition.ts';
import type { Asset } from '../../src/http/assets.ts';
import type { LogEvent } from '../../src/log.ts';
import { openRunner, type Runner } from '../../src/runner.ts';
import { listen } from '../../src/server.ts';
import { loadSettings } from '../../src/settings.ts';
import { openSqlite } from '../../src/stores/sqlite/open.ts';
import { plannedSchedule } from '../support/schedules.ts';
import { tempFile, tempFolder } from '../support/temp.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));

/** Waits until it holds; whoever waits in vain is ended by the test's own time. */
export const until = async (holds: () => Promise<boolean>): Promise<void> => {
  while (!(await holds())) await new Promise((resolve) => setTimeout(resolve, 5));
};

/** Steps that wait for somebody to let them pass, as many as were let. */
const createGate = () => {
  let free = 0;
  const waiting = new Set<() => void>();
  const letPass = () => {
    const [next] = waiting;
    if (next === undefined) free += 1;
    else next();
  };
  return {
    pass: (signal: AbortSignal) =>
      new Promise<void>((resolve, reject) => {
        const go = () => {
          waiting.delete(go);
          resolve();
        };
        waiting.add(go);
        signal.addEventListener('abort', () => {
          waiting.delete(go);
          reject(signal.reason);
        });
        if (free > 0) {
          free -= 1;
          go();
        }
      }),
    open: (amount = 1) => {
      for (let turn = 0; turn < amount; turn += 1) letPass();
    },
  };
};

export type Pages = Record<string, Asset>;

/** The pages as they are built from the present sources. */
export const buildPages = async (): Promise<{ pages: Pages; bytes: number; budget: number }> => {
  const file = tempFile('dashboard.cjs');
  const { buildDashboard, budget } = await import(join(root, 'infra/bundles/dashboard.mjs'));
  const bytes: number = await buildDashboard(file);
  return { pages: createRequire(import.meta.url)(file), bytes, budget };
};

export interface Site {
  url: string;
  runner: Runner;
  /** lets so many steps of `report` pass */
  open: (amount?: number) => void;
  /** a schedule for which nobody woke in the last three hours; answers its id */
  missedSchedule: (name: string) => Promise<string>;
  log: LogEvent[];
  /** what somebody does to the tables by hand */
  sql: (statement: string, values: string[]) => void;
  close: () => Promise<void>;
}

/** `keys` as API_KEYS has them; without any, whoever is on this machine may do everything. */
export const openSite = async (keys = ''): Promise<Site> => {
  const folder = tempFolder();
  const path = join(folder, 'jobs.db');
  const env = {
    DATABASE_URL: `sqlite:${path}`,
    JOB_INSTANCE_ID: 'tester',
    ...(keys !== '' && { API_KEYS: keys }),
  };
  const gate = createGate();
  const report = defineJob({
    type: 'report',
    config: z.strictObject({
      title: z.string().min(3),
      pages: z.int().min(1).max(20).default(2),
      recipients: z.array(z.string()).optional(),
    }),
    run: async ({ config, step, progress, log, signal }) => {
      log.info(`writes ${config.title}`);
      for (let page = 1; page <= config.pages; page += 1) {
        await step(`page ${page}`, async () => {
          await gate.pass(signal);
          return { words: 100 * page };
        });
        await progress((100 * page) / config.pages, `${page} written`);
      }
      return { written: config.title };
    },
  });
  const failing = defineJob({
    type: 'failing',
    config: z.looseObject({}),
    retry: { max_retries: 0 },
    run: () => {
      throw new Error('<b>it broke</b>');
    },
  });
  const settings = await loadSettings({ env, cwd: folder });
  const runner = await openRunner({ settings, jobs: [report, failing], init: true });
  const { pages } = await buildPages();
  const stop = new AbortController();
  const log: LogEvent[] = [];
  const api = createApi({
    settings,
    runner,
    log: (event) => log.push(event),
    metrics: { content_type: 'text/plain', text: async () => '' },
    assets: { get: async (path) => pages[path] },
    stop: stop.signal,
  });
  const host = '127.0.0.1';
  const served = { api, host, port: 0, stop: stop.signal, clock: systemClock };
  const { url, closed } = await listen({ ...served, log: () => undefined });
  const working = runner.work({ interrupt: stop.signal, poll_interval_seconds: 0.05 });
  const missedSchedule = async (name: string) => {
    const earlier = await openSqlite(path, { now: () => new Date(Date.now() - 3 * 3_600_000) });
    const rule = { schedule_expression: '*/10 * * * *', job_type: 'failing', max_retries: 0 };
    const schedule_id = await plannedSchedule(earlier, { ...rule, name, description: name });
    await earlier.close();
    return schedule_id;
  };
  const sql = (statement: string, values: string[]) => {
    const database = new Driver(path);
    database.prepare(statement).run(...values);
    database.close();
  };
  const close = async () => {
    stop.abort('the test is over');
    await Promise.all([working, closed]);
    await runner.close();
  };
  return { url, runner, missedSchedule, sql, open: gate.open, log, close };
};
