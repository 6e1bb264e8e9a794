// One behaviour's stage: a database of its own, processes of the function on it, and what came of them.
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import type { Execution } from '../../src/core/job.ts';
import type { JobDetail, NewJob, Store } from '../../src/core/store.ts';
import { migrateSqlite } from '../../src/stores/sqlite/migrate.ts';
import { openSqlite } from '../../src/stores/sqlite/open.ts';
import { violations } from '../crash/verify.ts';
import { readEffects, type World } from '../crash/world.ts';
import { newJob } from '../support/jobs.ts';
import { detailOf } from '../support/store.ts';
import type { Host, Instance, StartOptions } from './hosts/host.ts';

export interface Scene {
  store: Store;
  world: World;
  /** A process on this database. */
  start(options?: Partial<StartOptions>): Promise<Instance>;
  /** Creates jobs of one type that are due at once; answers their ids. */
  create(job: Partial<NewJob>, count?: number): Promise<string[]>;
  detail(job_id: string): Promise<JobDetail>;
  /** Executions of all jobs ever created, by job and epoch. */
  executions(): Promise<Execution[]>;
  /** What jobs did outside of the database, in words. */
  effects(): string[];
  /** What should not be; none when all is well and every job that was created is a success. */
  violations(): string[];
  env: Record<string, string>;
  close(): Promise<void>;
}

/** Looks again and again until `look` finds something; whoever waits has a time limit of its own. */
export const until = async <Found>(look: () => Promise<Found | undefined>): Promise<Found> => {
  for (;;) {
    const found = await look();
    if (found !== undefined) return found;
    await pause(100);
  }
};

/** In `folder`, which is empty. */
export const createScene = async (host: Host, folder: string): Promise<Scene> => {
  const path = join(folder, 'jobs.db');
  const world: World = { path, dial: '', effects: join(folder, 'effects') };
  mkdirSync(world.effects);
  await migrateSqlite(path);
  const store = await openSqlite(path);
  const jobIds: string[] = [];
  const env = { DATABASE_URL: `sqlite:${path}`, EFFECTS_FOLDER: world.effects };
  return {
    store,
    world,
    env,
    start: ({ env: more, ...options } = {}) =>
      host.start({ cwd: folder, ...options, env: { ...env, ...more } }),
    create: async (job, count = 1) => {
      const made = Array.from({ length: count }, () => newJob({ retry_delay_seconds: 0, ...job }));
      await store.createJobs(made);
      const ids = made.map(({ job_id }) => job_id);
      jobIds.push(...ids);
      return ids;
    },
    detail: (jobId) => detailOf(store, jobId),
    executions: async () => {
      const details = await Promise.all(jobIds.map((jobId) => detailOf(store, jobId)));
      return details.flatMap(({ executions }) => executions);
    },
    effects: () => readEffects(world).map(({ what }) => what),
    violations: () => violations(world, jobIds),
    close: () => store.close(),
  };
};
