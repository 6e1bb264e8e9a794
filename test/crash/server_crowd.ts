// Many processes of the shipped command line that drain one server at the same time.
import { mkdirSync, mkdtempSync } from 'node:fs';
import { join } from 'node:path';
import { openPostgres } from '../../src/stores/postgres.ts';
import { createDemo, expireLocks, until, violations } from '../faults/scene.ts';
import { query } from '../support/servers/postgres.ts';
import type { Programs } from './bundle.ts';
import { tallyOf } from './cli_process.ts';
import { type Launched, launch } from './launch.ts';
import { readEffects } from './world.ts';

export interface Place {
  /** a folder for what they leave outside of the database */
  folder: string;
  /** the database itself, whichever way the processes go to it */
  url: string;
  /** what each process is told of its store */
  env: Record<string, string>;
}

export interface CrowdSize {
  processes: number;
  jobs: number;
  /** processes that are killed on their way, while others go on */
  kills?: number;
}

const prepare = async (programs: Programs, place: Place, { jobs, kills }: CrowdSize) => {
  const { url, env } = place;
  const folder = mkdtempSync(join(place.folder, 'crowd-'));
  const effects = join(folder, 'effects');
  mkdirSync(effects);
  const store = await openPostgres(url);
  const jobIds = await createDemo(store, jobs, { job_type: 'steps', config: { steps: 0 } });
  await store.close();
  const own = { JOB_MODULE: programs.jobs, EFFECTS_FOLDER: effects };
  // Whoever finds the lock of a dead one warns of it.
  const LOG_LEVEL = kills ? 'error' : 'warn';
  const start = (): Launched =>
    launch([programs.cli, 'run', '--json'], { cwd: folder, env: { ...own, LOG_LEVEL, ...env } });
  return { start, jobIds, left: () => readEffects({ effects }) };
};

const deadlocks = async (url: string): Promise<number> => {
  const asked = `SELECT deadlocks::int FROM pg_stat_database WHERE datname = current_database()`;
  const [row] = await query<{ deadlocks: number }>(url, asked);
  return row?.deadlocks ?? 0;
};

/** Drains `jobs` jobs with `processes` processes; answers the faults found and the figures. */
export const drainServer = async (programs: Programs, place: Place, size: CrowdSize) => {
  const { processes, jobs, kills = 0 } = size;
  const { start, jobIds, left } = await prepare(programs, place, size);
  const began = performance.now();
  const crowd = Array.from({ length: processes }, start);
  const victims = crowd.slice(0, kills);
  for (const [index, victim] of victims.entries()) {
    await until(() => left().length > ((index + 1) * jobs) / (kills + 2));
    victim.kill('SIGKILL');
  }
  const ended = await Promise.all(crowd.slice(kills).map((each) => each.ended));
  const seconds = (performance.now() - began) / 1000;
  await Promise.all(victims.map((victim) => victim.ended));
  if (kills > 0) {
    await expireLocks(place.url);
    ended.push(await start().ended);
  }
  const faults = ended.flatMap(({ code, stderr }) => {
    const complaint = stderr === '' ? [] : [`nobody complains: ${stderr}`];
    return code === 0 ? complaint : [`every process exits 0: ${code}`, ...complaint];
  });
  const tallies = ended.flatMap((each) => (each.stdout === '' ? [] : [tallyOf(each)]));
  const shares = tallies.map(({ picked }) => picked);
  const lost = tallies.reduce((sum, { released }) => sum + released, 0);
  if (lost > kills) faults.push(`a kill costs one execution at most: ${lost} for ${kills}`);
  const picked = shares.reduce((sum, share) => sum + share, 0);
  if (kills === 0 && picked !== jobs) faults.push(`the tallies sum up: ${picked} of ${jobs}`);
  faults.push(...(await violations(place.url, jobIds, left(), { lost })));
  const circles = await deadlocks(place.url);
  if (circles > 0) faults.push(`nobody waits in a circle: ${circles} deadlocks`);
  return { faults, seconds, shares, lost };
};
