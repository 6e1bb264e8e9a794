// Whole processes that run one job and end: beside the server, and 20 ms of round-trip time away.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { text } from 'node:stream/consumers';
import { startWire, type Wire } from '../../support/servers/wire.ts';
import { type Figure, median, spread } from '../figures.ts';
import { withFolder } from '../scratch.ts';
import type { Hands } from './contender.ts';
import { contenders } from './contenders.ts';
import type { Part } from './part.ts';
import { makePrograms, type Program } from './programs.ts';
import { ratio } from './ratio.ts';
import type { World } from './world.ts';

const OURS = 'cloud-jobs run';
const PEERS = ['graphile-worker --once', 'pg-boss start, fetch, complete, stop'];
const DISTANCE_MS = 20;

interface Runner extends Program {
  url: string;
  /** leads to the same database, farther away */
  wire: Wire | null;
  hands: Hands | null;
  times: { near: number[]; far: number[] };
}

/** Settings of the person at the keyboard would be measured along. */
const environment = (): NodeJS.ProcessEnv => {
  const kept = ['PATH', 'HOME', 'LANG', 'TMPDIR'];
  return Object.fromEntries(kept.map((name) => [name, process.env[name]]));
};

// Not spawnSync: the wire is in this process.
const run = async (args: string[], cwd: string): Promise<number> => {
  const began = performance.now();
  const stdio: ['ignore', 'ignore', 'pipe'] = ['ignore', 'ignore', 'pipe'];
  const child = spawn(process.execPath, args, { cwd, env: environment(), stdio });
  const [said, [code]] = await Promise.all([text(child.stderr), once(child, 'exit')]);
  const ms = performance.now() - began;
  if (code !== 0) throw new Error(`node ${args.join(' ')} ended with ${code}: ${said}`);
  return ms;
};

const openRunner = async (world: World, program: Program): Promise<Runner> => {
  const times = { near: [], far: [] };
  const { contender } = program;
  if (contender === null) return { ...program, url: '', wire: null, hands: null, times };
  const { install, open } = contenders[contender];
  const url = await world.database(`${contender}, processes`, install);
  const wire = await startWire(url, { delay_ms: DISTANCE_MS / 2 });
  return { ...program, url, wire, hands: await open(url, 1), times };
};

/** Creates the one job, lets the program do it, and looks whether anything is left. */
const runOne = async (runner: Runner, url: string, folder: string): Promise<number> => {
  await runner.hands?.create(1);
  const ms = await run(runner.args(url), folder);
  const left = (await runner.hands?.drain()) ?? 0;
  if (left > 0) throw new Error(`${runner.name} left its job undone`);
  return ms;
};

const figuresOf = (runners: Runner[], side: 'near' | 'far'): Figure[] => {
  const where = side === 'near' ? 'beside the server' : `${DISTANCE_MS} ms away`;
  const timesOf = (name: string) => runners.find((runner) => runner.name === name)?.times[side];
  return [
    ...runners.map(({ name, times }) => ({
      name: `${name}, ${where}`,
      value: median(times[side]),
      unit: 'ms',
      note: spread(times[side]),
    })),
    ...PEERS.map((peer) =>
      ratio(`cloud-jobs run ÷ ${peer}, ${where}`, timesOf(OURS) ?? [], timesOf(peer) ?? [], {
        at_most: 0.6,
      }),
    ),
  ];
};

/** Of the last run. */
const tripFigure = ({ name, wire }: Runner): Figure[] => {
  if (wire === null) return [];
  const { setup, queries, connections } = wire.trips;
  const figure: Figure = {
    name: `${name}, round trips`,
    value: setup + queries,
    unit: '',
    note: `${setup} to connect (${connections}×), ${queries} besides; trusted, no password asked`,
  };
  return name === OURS ? [{ ...figure, aim: { at_most: 4 } }] : [figure];
};

export const processes: Part = (world, { say, quick }) =>
  withFolder(async (folder) => {
    const rounds = quick ? 3 : 15;
    say(`${rounds} rounds beside the server and ${DISTANCE_MS} ms of round-trip time away`);
    const runners: Runner[] = [];
    for (const program of await makePrograms(folder)) {
      runners.push(await openRunner(world, program));
    }
    // The first round fills the system's cache of files and is not counted.
    for (let round = 0; round <= rounds; round += 1) {
      for (const runner of runners) {
        const near = await runOne(runner, runner.url, folder);
        runner.wire?.reset();
        const far = await runOne(runner, runner.wire?.url ?? '', folder);
        if (round === 0) continue;
        runner.times.near.push(near);
        runner.times.far.push(far);
      }
    }
    for (const { wire, hands } of runners) {
      wire?.stop();
      await hands?.close();
    }
    return [
      ...figuresOf(runners, 'near'),
      ...figuresOf(runners, 'far'),
      ...runners.flatMap(tripFigure),
    ];
  });
