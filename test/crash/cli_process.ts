// The shipped command line as a process of its own, on the database of a world.
import { existsSync } from 'node:fs';
import { dirname } from 'node:path';
import type { Tally } from '../../src/core/tally.ts';
import type { Programs } from './bundle.ts';
import { type Ended, type Launched, launch } from './launch.ts';
import type { World } from './world.ts';

/** `cloud-jobs WORDS --json` with the job types of cli_jobs.ts; logs warnings and worse. */
export const launchCli = ({ cli, jobs }: Programs, world: World, words: string[]): Launched => {
  if (!existsSync(cli)) throw new Error(`${cli} is not there: run \`node infra/bundle.mjs\``);
  return launch([cli, ...words, '--json'], {
    cwd: dirname(world.path),
    env: {
      DATABASE_URL: `sqlite:${world.path}`,
      JOB_MODULE: jobs,
      EFFECTS_FOLDER: world.effects,
      LOG_LEVEL: 'warn',
    },
  });
};

/** What `run` and `work` print. */
export const tallyOf = ({ stdout, stderr, code }: Ended): Tally => {
  if (stdout === '') throw new Error(`no tally, exit ${code}: ${stderr}`);
  return JSON.parse(stdout);
};
