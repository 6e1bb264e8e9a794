// npm run soak: the crash tests for longer. Prints figures; exits 1 when anything was violated.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openSqlite } from '../../src/stores/sqlite/open.ts';
import { functionParts } from '../handlers/soak.ts';
import { blowsAnywhere, blowsAt } from './blows.ts';
import { bundlePrograms } from './bundle.ts';
import { drainInChaos } from './chaos.ts';
import { drainInCrowd } from './crowd.ts';
import { type Blow, killRound } from './kill_round.ts';
import { paperRound } from './papers_round.ts';
import { fireInCrowd } from './slots_crowd.ts';
import { serverParts } from './soak_servers.ts';
import { stages } from './stages.ts';
import { createWorld } from './world.ts';

/** Kills per stage, kills anywhere, papers rounds; a number given as argument multiplies them. */
const FACTOR = Number(process.argv[2] ?? 1);
if (!(FACTOR > 0)) throw new Error(`${process.argv[2]} is no factor; expected a number above 0`);
const times = (count: number): number => Math.ceil(count * FACTOR);

const folder = mkdtempSync(join(tmpdir(), 'cloud-jobs-soak-'));
const programs = await bundlePrograms();
const faults: string[] = [];

const part = async (name: string, work: () => Promise<{ figures: string; faults: string[] }>) => {
  const began = performance.now();
  const done = await work();
  const seconds = ((performance.now() - began) / 1000).toFixed(1);
  faults.push(...done.faults.map((fault) => `${name}: ${fault}`));
  const verdict = done.faults.length === 0 ? 'ok' : `${done.faults.length} VIOLATIONS`;
  console.log(`${verdict.padEnd(4)} ${seconds.padStart(6)} s  ${name}: ${done.figures}`);
};

const kills = async (blows: Blow[]) => {
  const world = await createWorld(folder);
  const found: string[] = [];
  let jobIds: string[] = [];
  let lost = 0;
  for (const blow of blows) {
    const round = await killRound(programs.child, world, jobIds, blow);
    ({ jobIds } = round);
    lost += round.lost;
    found.push(...round.faults);
  }
  const figures = `${blows.length} kills, ${jobIds.length} jobs done, ${lost} executions lost`;
  return { figures, faults: found };
};

try {
  for (const stage of stages) await part(`killed ${stage}`, () => kills(blowsAt(stage, times(60))));
  await part('killed anywhere', () => kills(blowsAnywhere(times(100))));
  await part('8 processes, 4,000 jobs', async () => {
    const world = await createWorld(folder);
    const crowd = await drainInCrowd(programs, world, { processes: 8, jobs: 4000 });
    const rate = (4000 / crowd.seconds).toFixed(0);
    return { figures: `${rate} jobs/s, shares ${crowd.shares.join(' ')}`, faults: crowd.faults };
  });
  for (const kills of [0, 10]) {
    await part(`50 processes woken at once, ${kills} killed, slots due`, async () => {
      const { path } = await createWorld(folder);
      const env = { DATABASE_URL: `sqlite:${path}` };
      const place = { folder, open: () => openSqlite(path), env };
      const done = await fireInCrowd(programs, place, { processes: 50, schedules: 60, kills });
      const figures = `${done.fired} slots fired in ${done.seconds.toFixed(1)} s`;
      return { figures, faults: done.faults };
    });
  }
  await functionParts(part, folder);
  await serverParts(part, programs, folder, times);
  await part('6 instances killed at random while locks expire', async () => {
    const world = await createWorld(folder);
    const size = { instances: 6, jobs: times(600), kills: times(100) };
    const chaos = await drainInChaos(programs.child, world, size);
    return { figures: JSON.stringify({ ...size, ...chaos.counts }), faults: chaos.faults };
  });
  await part('paper_fetch killed', async () => {
    const rounds = [];
    for (let round = 0; round < times(60); round += 1) {
      rounds.push(await paperRound(programs.child, folder));
    }
    const lost = rounds.reduce((sum, round) => sum + round.lost, 0);
    const figures = `${rounds.length} kills, ${lost} executions lost`;
    return { figures, faults: rounds.flatMap((round) => round.faults) };
  });
} finally {
  programs.remove();
  rmSync(folder, { recursive: true, force: true });
}
for (const fault of faults) console.error(fault);
console.log(faults.length === 0 ? 'No violation.' : `${faults.length} violations.`);
process.exitCode = faults.length === 0 ? 0 : 1;
