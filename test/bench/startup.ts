// Whole-process time of `cloud-jobs run` on an empty queue against a Node that does nothing.
import { spawnSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type Bench, digits, type Figure, median, spread } from './figures.ts';
import { withFolder } from './scratch.ts';

const ROUNDS = 21;
const root = fileURLToPath(new URL('../..', import.meta.url));
const cli = join(root, 'dist/cloud-jobs.cjs');

/** Settings of the person at the keyboard would be measured along. */
const cleanEnvironment = (): NodeJS.ProcessEnv => {
  const kept = ['PATH', 'HOME', 'LANG', 'TMPDIR'];
  return Object.fromEntries(kept.map((name) => [name, process.env[name]]));
};

const start = (args: string[], cwd: string): { ms: number; output: string } => {
  const began = performance.now();
  const ran = spawnSync(process.execPath, args, { cwd, env: cleanEnvironment(), encoding: 'utf8' });
  const ms = performance.now() - began;
  if (ran.status === 0) return { ms, output: ran.stdout };
  throw new Error(`node ${args.join(' ')} ended with ${ran.status}: ${ran.stderr}`);
};

/** MB the process had in memory at most, said by itself at its end. */
const peakMemory = (args: string[], folder: string): number => {
  const preload = join(folder, 'peak.cjs');
  const said = join(folder, 'peak.txt');
  const code = `process.on('exit', () => require('node:fs').writeFileSync(${JSON.stringify(said)}, String(process.resourceUsage().maxRSS)));`;
  writeFileSync(preload, code);
  const read = `process.stdout.write(require('node:fs').readFileSync(${JSON.stringify(said)}))`;
  start(['--require', preload, ...args], folder);
  return Number(start(['-e', read], folder).output) / 1024;
};

/** Rounds alternate between the programs; ratios are taken within a round. */
export const startup: Bench = (say) =>
  withFolder(async (folder) => {
    start([cli, 'init'], folder);
    const programs = {
      bare: ['-e', '0'],
      driver: ['-e', `require(${JSON.stringify(join(root, 'node_modules/libsql'))})`],
      version: [cli, '--version'],
      run: [cli, 'run'],
    };
    const names = Object.keys(programs) as (keyof typeof programs)[];
    const times = { bare: [] as number[], driver: [], version: [], run: [] } as Record<
      keyof typeof programs,
      number[]
    >;
    say(`${ROUNDS} rounds`);
    // The first round fills the system's cache of files and is not counted.
    for (let round = 0; round <= ROUNDS; round += 1) {
      for (const name of names) {
        const { ms } = start(programs[name], folder);
        if (round > 0) times[name].push(ms);
      }
    }
    const ratios = times.run.map((ms, round) => ms / (times.bare[round] ?? Number.NaN));
    const inMs = (name: string, values: number[]): Figure => ({
      name,
      value: median(values),
      unit: 'ms',
      note: spread(values),
    });
    const least = Math.min(...times.run) / Math.min(...times.bare);
    return [
      inMs('node -e 0', times.bare),
      inMs('node with the SQLite driver loaded', times.driver),
      inMs('cloud-jobs --version', times.version),
      inMs('cloud-jobs run, nothing to do', times.run),
      {
        name: 'run ÷ node -e 0',
        value: median(ratios),
        unit: '×',
        aim: { at_most: 4 },
        note: `rounds ${spread(ratios)}, fastest ÷ fastest ${digits(least)}`,
      },
      { name: 'peak memory of node -e 0', value: peakMemory(programs.bare, folder), unit: 'MB' },
      { name: 'peak memory of run', value: peakMemory(programs.run, folder), unit: 'MB' },
    ];
  });
