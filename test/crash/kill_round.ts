// One kill: a process drains and dies at a stage, others clean up after it, and all is looked at.
import { dirname } from 'node:path';
import { newJob } from '../support/jobs.ts';
import type { Orders } from './child.ts';
import { runInstance } from './instance.ts';
import { stepsJob } from './job_types.ts';
import { type Launched, launch } from './launch.ts';
import type { Stage } from './stages.ts';
import { countExecutions } from './tables.ts';
import { fileFaults, violations } from './verify.ts';
import { advance, BEYOND_LOCKS, openWorld, type World } from './world.ts';

/** Creates `count` jobs of type `steps` and answers their ids. */
export const createSteps = async (
  world: World,
  count: number,
  { steps = 2, retries = 3 } = {},
): Promise<string[]> => {
  const store = await openWorld(world);
  const jobs = Array.from({ length: count }, () =>
    newJob({ job_type: 'steps', config: { steps }, max_retries: retries }),
  );
  await store.createJobs(jobs);
  await store.close();
  return jobs.map(({ job_id }) => job_id);
};

export const launchChild = (program: string, orders: Orders): Launched =>
  launch([program, JSON.stringify(orders)], { cwd: dirname(orders.world.path) });

/** A healthy instance in this process. */
export const drainHere = (world: World) =>
  runInstance(world, { definitions: () => [stepsJob({ effects: world.effects })] });

/** What is amiss right after the kill, while the dead process's lock still holds. */
const beforeExpiry = async (world: World, lost: number): Promise<string[]> => {
  const faults = fileFaults(world);
  const before = countExecutions(world);
  await drainHere(world);
  const { running = 0, lost: lostNow = 0 } = countExecutions(world);
  if (running !== (before.running ?? 0) || running > 1) {
    faults.push(`a held lock is respected: ${before.running} open executions became ${running}`);
  }
  if (lostNow !== lost) faults.push('nothing is lost before its lock expires');
  return faults;
};

/** Whether a kill at the very instruction costs the execution; else nothing is open there. */
const losesItsExecution: Record<Stage, boolean> = {
  'inside the pick': false,
  'after the pick': true,
  'inside a step': true,
  'after a step': true,
  'before the record': true,
  'inside the record': true,
  'after the record': false,
};

export interface Blow {
  stage: Stage | 'anywhere';
  /** jobs that wait at the beginning */
  jobs: number;
  /** at which time that the stage is reached, counted from 1 */
  times: number;
  /** `itself`: at the very instruction. Else by another process, this many ms after it heard of it. */
  by: 'itself' | number;
}

/** Lets a child drain until the blow falls; throws when it came to its end without it. */
const strike = async (program: string, world: World, { stage, times, by }: Blow) => {
  // One job a drain keeps picks and records apart: none of them does the other's work on the way.
  const apart = stage === 'inside the pick' || stage === 'after the record';
  const orders: Orders = { world, linger: true, max_jobs: apart ? 1 : null };
  if (stage !== 'anywhere') orders.stage = stage;
  if (by === 'itself') orders.die_at = times;
  const child = launchChild(program, orders);
  if (by === 'itself') {
    const done = child.hears(({ said }) => said === 'done').then(() => child.kill('SIGTERM'));
    await done.catch(() => undefined); // it ended without being done: that is what it was sent for
  } else {
    await child.hears((message) => message.said === 'reached' && message.times === times);
    await new Promise((resolve) => setTimeout(resolve, by));
    child.kill('SIGKILL');
  }
  const { signal, code, stderr } = await child.ended;
  if (signal !== 'SIGKILL') throw new Error(`not killed at ${stage}: ${signal ?? code} ${stderr}`);
};

/**
 * A whole round in `world`, which may have seen others. Answers the violations found, and how many
 * executions the kill cost.
 */
export const killRound = async (program: string, world: World, before: string[], blow: Blow) => {
  const jobIds = [...before, ...(await createSteps(world, blow.jobs))];
  const lostBefore = countExecutions(world).lost ?? 0;
  await strike(program, world, blow);
  const early = await beforeExpiry(world, lostBefore);
  advance(world, BEYOND_LOCKS);
  await drainHere(world);
  const lost = (countExecutions(world).lost ?? 0) - lostBefore;
  const faults = [...early, ...violations(world, jobIds)];
  if (lost > 1) faults.push(`one kill loses one execution at most, not ${lost}`);
  const { stage, by } = blow;
  if (by === 'itself' && stage !== 'anywhere' && (lost === 1) !== losesItsExecution[stage]) {
    faults.push(`${lost} executions were lost`);
  }
  return { jobIds, lost, faults: faults.map((fault) => `${JSON.stringify(blow)}: ${fault}`) };
};
