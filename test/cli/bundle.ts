// The command line as people run it: the built file in a process of its own.
import { type ChildProcess, spawn } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { JobDetail, NewJob, Store } from '../../src/core/store.ts';
import { migrateSqlite } from '../../src/stores/sqlite/migrate.ts';
import { openSqlite } from '../../src/stores/sqlite/open.ts';
import { newJob } from '../support/jobs.ts';
import { shared } from '../support/servers/desk.ts';
import { tempFolder } from '../support/temp.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));
const file = join(root, 'dist/cloud-jobs.cjs');

/** Builds dist/ unless it is built from the sources as they were when the run first asked for it. */
export const build = async (): Promise<void> => {
  await shared('dist');
};

export interface Ended {
  code: number | null;
  out: string;
  err: string;
}

export interface Started {
  child: ChildProcess;
  ended: Promise<Ended>;
  /** resolves to all of stderr once it has said `text`; rejects when the process ends before */
  says(text: string): Promise<string>;
}

/** The commands run in a folder, with these variables and no others. */
export const commandsIn = (folder: string, more: Record<string, string>) => {
  const env = { PATH: process.env.PATH, JOB_INSTANCE_ID: 'tester', ...more };
  const start = (...words: string[]): Started => {
    const child = spawn(process.execPath, [file, ...words], { cwd: folder, env });
    let out = '';
    let err = '';
    const ended = new Promise<Ended>((resolve) => {
      child.on('close', (code) => resolve({ code, out, err }));
    });
    child.stdout.on('data', (chunk) => {
      out += chunk;
    });
    const says = (text: string) =>
      new Promise<string>((resolve, reject) => {
        const look = () => err.includes(text) && resolve(err);
        child.stderr.on('data', look);
        child.on('close', () => reject(new Error(`ended without saying ${text}: ${err}`)));
        look();
      });
    child.stderr.on('data', (chunk) => {
      err += chunk;
    });
    return { child, ended, says };
  };
  return { start, run: (...words: string[]) => start(...words).ended };
};

/** A folder with migrated tables and job types of its own, and the commands run in it. */
export const bundled = async (source: string) => {
  const folder = tempFolder();
  const database = join(folder, 'cloud-jobs.db');
  await migrateSqlite(database);
  writeFileSync(join(folder, 'jobs.mjs'), source);
  const { start, run } = commandsIn(folder, { JOB_MODULE: 'jobs.mjs' });

  // Preparing and looking need no process of their own.
  const withStore = async <T>(use: (store: Store) => Promise<T>): Promise<T> => {
    const store = await openSqlite(database);
    try {
      return await use(store);
    } finally {
      await store.close();
    }
  };
  const create = async (job: Partial<NewJob>): Promise<string> => {
    const made = newJob({ max_retries: 1, retry_delay_seconds: 0, ...job });
    await withStore((store) => store.createJobs([made]));
    return made.job_id;
  };
  const show = async (id: string): Promise<JobDetail> => {
    const detail = await withStore((store) => store.getJob(id));
    if (detail === null) throw new Error(`there is no job ${id}`);
    return detail;
  };

  return { folder, withStore, create, show, start, run };
};
