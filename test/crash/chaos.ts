// Instances that drain together while they are killed at random and the clock jumps past their locks.
import { createSteps, drainHere, launchChild } from './kill_round.ts';
import type { Launched } from './launch.ts';
import { countExecutions } from './tables.ts';
import { violations } from './verify.ts';
import { advance, BEYOND_LOCKS, type World } from './world.ts';

const upTo = (most: number): number => 1 + Math.floor(Math.random() * most);

export interface ChaosOptions {
  instances: number;
  jobs: number;
  kills: number;
}

/**
 * Kills a random instance when it has got a random way, and starts another in its place. Half of the
 * times the clock jumps too, so that the living lose their locks as well and go on as zombies.
 */
export const drainInChaos = async (
  program: string,
  world: World,
  { instances, jobs, kills }: ChaosOptions,
) => {
  const jobIds = await createSteps(world, jobs, { retries: 1000 });
  const start = () => launchChild(program, { world, linger: true });
  const crew = Array.from({ length: instances }, start);
  for (let kill = 0; kill < kills; kill += 1) {
    const index = upTo(instances) - 1;
    const victim = crew[index] as Launched;
    const far = victim.heard.length + upTo(30);
    await victim.hears(({ said }) => said === 'done' || victim.heard.length >= far);
    victim.kill('SIGKILL');
    await victim.ended;
    if (Math.random() < 0.5) advance(world, BEYOND_LOCKS);
    crew[index] = start();
  }
  for (const member of crew) await member.hears(({ said }) => said === 'done');
  for (const member of crew) member.kill('SIGKILL');
  const ended = await Promise.all(crew.map((member) => member.ended));
  advance(world, BEYOND_LOCKS);
  await drainHere(world);
  const complaints = ended.flatMap(({ stderr }) => (stderr === '' ? [] : [stderr]));
  return { faults: [...complaints, ...violations(world, jobIds)], counts: countExecutions(world) };
};
