// The door of the command: it starts the build it belongs to, with V8's compiled form or without.
import { execFileSync } from 'node:child_process';
import { cpSync, mkdirSync, readdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { beforeAll, expect, test } from '@jest/globals';
import { tempFolder } from '../support/temp.ts';
import { build } from './bundle.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));

beforeAll(build);

/** A package of its own, whose dist/ holds nothing that V8 left behind. */
const installed = () => {
  const folder = tempFolder();
  const dist = join(folder, 'dist');
  mkdirSync(dist);
  for (const name of ['cli.cjs', 'cloud-jobs.cjs']) {
    cpSync(join(root, 'dist', name), join(dist, name));
  }
  cpSync(join(root, 'sql'), join(folder, 'sql'), { recursive: true });
  symlinkSync(join(root, 'node_modules'), join(folder, 'node_modules'));
  const run = (...words: string[]) =>
    execFileSync(process.execPath, [join(dist, 'cloud-jobs.cjs'), ...words], {
      cwd: folder,
      encoding: 'utf8',
      env: { PATH: process.env.PATH },
      stdio: 'pipe',
    });
  const compiled = () => readdirSync(dist).filter((name) => name.startsWith('.compiled'));
  return { folder, dist, run, compiled };
};

test('only a drain leaves the compiled form behind, and once', () => {
  const { run, compiled } = installed();
  expect(run('init')).toContain('Created the tables');
  const before = compiled();
  expect(run('run')).toBe('Nothing to do.\n');
  const [left, ...more] = compiled();
  expect(more).toEqual([]);
  expect(left).toBeDefined();
  // Node 22 and later keep a folder of their own, made by any command.
  expect(before).toEqual(left === '.compiled' ? [left] : []);
  expect(run('run')).toBe('Nothing to do.\n');
  expect(compiled()).toEqual([left]);
});

test('a compiled form that is broken changes nothing but the time', () => {
  const { dist, run, compiled } = installed();
  run('init');
  run('run');
  for (const name of compiled().filter((left) => left !== '.compiled')) {
    writeFileSync(join(dist, name), 'this is no machine code');
  }
  expect(run('run')).toBe('Nothing to do.\n');
});

test('a folder that cannot take the compiled form changes nothing but the time', () => {
  const { dist, run, compiled } = installed();
  run('init');
  run('run');
  const names = compiled();
  const other = installed();
  // A folder stands where the file would go.
  for (const name of names) mkdirSync(join(other.dist, name, 'taken'), { recursive: true });
  other.run('init');
  expect(other.run('run')).toBe('Nothing to do.\n');
  expect(dist).not.toBe(other.dist);
});

test('job types of one’s own are imported with the compiled form as well', () => {
  const { folder, run } = installed();
  writeFileSync(
    join(folder, 'jobs.mjs'),
    `export const own = { type: 'own', config: { safeParseAsync: async (data) => ({ success: true, data }) }, run: () => 'done' };`,
  );
  run('init');
  for (const round of ['first', 'second']) {
    run('create', round, 'own', '--jobs', 'jobs.mjs');
    const tally = JSON.parse(run('run', '--json', '--jobs', 'jobs.mjs'));
    expect(tally.executions).toMatchObject([{ name: round, status: 'success', result: 'done' }]);
  }
});
