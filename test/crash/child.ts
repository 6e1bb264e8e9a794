// A child process of the crash tests: one instance that drains its world as it is ordered to.
import { paperFetch } from '../../src/jobs/paper_fetch/job.ts';
import { announce } from './announce.ts';
import { runInstance } from './instance.ts';
import { stepsJob } from './job_types.ts';
import { type Stage, staged } from './stages.ts';
import type { World } from './world.ts';
import { zombieJobs } from './zombie_jobs.ts';

export interface Orders {
  world: World;
  instance_id?: string;
  max_jobs?: number | null;
  lock_duration?: number | null;
  /** the stage to watch, all of them unless given; each time it is reached is announced … */
  stage?: Stage;
  /** … and at this one, counted from 1, the process kills itself */
  die_at?: number;
  /** when all is done: wait to be killed, so that no blow comes too late */
  linger?: boolean;
  /** address that `paper_fetch` asks */
  arxiv_api_url?: string;
}

const { world, stage, die_at, linger, arxiv_api_url, ...options } = JSON.parse(
  process.argv[2] ?? '{}',
) as Orders;

let times = 0;
const reach = (reached: Stage): void => {
  if (stage !== undefined && reached !== stage) return;
  times += 1;
  if (times === die_at) process.kill(process.pid, 'SIGKILL');
  announce({ said: 'reached', stage: reached, times });
};

const tallies = await runInstance(world, {
  ...options,
  between: (store) => staged(store, reach),
  definitions: (store) => [
    stepsJob({ effects: world.effects, reach }),
    ...zombieJobs(store),
    paperFetch({ store, arxiv_api_url: arxiv_api_url ?? 'http://127.0.0.1:9/', page_size: 5 }),
  ],
});
announce({ said: 'done', tallies });
// Waits for as long as whoever started it lives.
if (linger) process.stdin.resume();
