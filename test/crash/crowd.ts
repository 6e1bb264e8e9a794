// Many processes of the shipped command line that drain one file at the same time.
import type { Programs } from './bundle.ts';
import { launchCli, tallyOf } from './cli_process.ts';
import { createSteps } from './kill_round.ts';
import { violations } from './verify.ts';
import { readEffects, type World } from './world.ts';

/** On a busy disk one commit may take longer than the others wait: then they say so and ask again. */
const isWaiting = (line: string): boolean =>
  (JSON.parse(line) as { event: string }).event === 'store.retried';

/** Drains `jobs` jobs with `processes` processes; answers the faults found and the figures. */
export const drainInCrowd = async (
  programs: Programs,
  world: World,
  { processes, jobs }: { processes: number; jobs: number },
) => {
  const jobIds = await createSteps(world, jobs, { steps: 0 });
  const began = performance.now();
  const crowd = Array.from({ length: processes }, () => launchCli(programs, world, ['run']));
  const ended = await Promise.all(crowd.map((each) => each.ended));
  const seconds = (performance.now() - began) / 1000;

  const faults = ended.flatMap(({ code, stderr }) => {
    const lines = stderr.split('\n').filter((line) => line !== '' && !isWaiting(line));
    const complaint = lines.length === 0 ? [] : [`nobody complains: ${lines.join('\n')}`];
    return code === 0 ? complaint : [`every process exits 0: ${code}`, ...complaint];
  });
  const effects = readEffects(world);
  const doers = new Set(effects.map(({ job_id }) => job_id));
  if (effects.length !== jobs || doers.size !== jobs) {
    faults.push(`each job is executed once: ${effects.length} times for ${doers.size} of ${jobs}`);
  }
  const shares = ended.map((each) => (each.stdout === '' ? 0 : tallyOf(each).picked));
  const picked = shares.reduce((sum, share) => sum + share, 0);
  if (picked !== jobs) faults.push(`the tallies sum up: ${picked} of ${jobs}`);
  return { faults: [...faults, ...violations(world, jobIds)], seconds, shares };
};
