// Programs that each run one job of their queue and end, in a folder of their own.
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { build } from 'esbuild';
import { CLAIM, FINISH } from './bare.ts';
import type { Name } from './contenders.ts';
import { peerFile } from './peers.ts';

export interface Program {
  name: string;
  /** whose database it works on; null = it has nothing to do */
  contender: Name | null;
  args(url: string): string[];
}

const root = fileURLToPath(new URL('../../..', import.meta.url));

const bareScript = `
  import pg from 'pg';
  const main = async () => {
    const client = new pg.Client(process.argv[2]);
    await client.connect();
    const { rows } = await client.query(${JSON.stringify(CLAIM)}, ['bench']);
    await client.query(${JSON.stringify(FINISH)}, [rows[0].id, rows[0].lock_epoch]);
    await client.end();
  };
  main();`;

// Without its timers. Whether it looks after its tables when it starts is for the caller to say.
const bossScript = (options: object): string => `
  import { PgBoss } from ${JSON.stringify(pathToFileURL(peerFile('pg-boss', 'dist/index.js')).href)};
  const lean = { supervise: false, schedule: false, ...${JSON.stringify(options)} };
  const boss = new PgBoss({ connectionString: process.argv[2], max: 1, ...lean });
  await boss.start();
  const [job] = await boss.fetch('bench');
  await boss.complete('bench', job.id);
  await boss.stop({ graceful: false });`;

/** Writes what the programs need into `folder`, where they are started. */
export const makePrograms = async (folder: string): Promise<Program[]> => {
  const boss = join(folder, 'boss.mjs');
  const leanBoss = join(folder, 'lean_boss.mjs');
  const bare = join(folder, 'bare.cjs');
  const jobs = join(folder, 'jobs.mjs');
  writeFileSync(boss, bossScript({}));
  writeFileSync(leanBoss, bossScript({ migrate: false }));
  writeFileSync(jobs, 'export const tasks = { bench: () => null };\n');
  mkdirSync(join(folder, 'tasks'));
  writeFileSync(join(folder, 'tasks', 'bench.js'), 'module.exports = async () => {};\n');
  await build({
    stdin: { contents: bareScript, resolveDir: root },
    bundle: true,
    minify: true,
    platform: 'node',
    format: 'cjs',
    external: ['pg-native'],
    outfile: bare,
  });
  return [
    { name: 'empty node', contender: null, args: () => ['-e', '0'] },
    {
      name: 'bundled pg script, two statements',
      contender: 'two bare statements, prepared',
      args: (url) => [bare, url],
    },
    {
      name: 'cloud-jobs run',
      contender: 'cloud-jobs',
      args: (url) => [
        join(root, 'dist/cloud-jobs.cjs'),
        ...['run', '--database-url', url, '--jobs', jobs],
      ],
    },
    {
      name: 'graphile-worker --once',
      contender: 'graphile-worker',
      args: (url) => [peerFile('graphile-worker', 'dist/cli.js'), '--once', '-c', url],
    },
    {
      name: 'pg-boss start, fetch, complete, stop',
      contender: 'pg-boss',
      args: (url) => [boss, url],
    },
    {
      name: 'pg-boss, tables taken as they are',
      contender: 'pg-boss',
      args: (url) => [leanBoss, url],
    },
  ];
};
