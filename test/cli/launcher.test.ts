// The door of the command: it starts the build it belongs to, with V8's compiled form or without.
import { execFileSync } from 'node:child_process';
import {
  cpSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { beforeAll, expect, test } from '@jest/globals';
import { describePostgres, newDatabase } from '../support/postgres.ts';
import { migrated } from '../support/postgres_data.ts';
import { tempFolder } from '../support/temp.ts';
import { build } from './bundle.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));

beforeAll(build);

/**
 * A package of its own, whose dist/ holds nothing that V8 left behind, and no driver but those
 * named: SQLite needs none of them.
 */
const installed = (...drivers: string[]) => {
  const folder = tempFolder();
  const dist = join(folder, 'dist');
  mkdirSync(dist);
  for (const name of ['cli.cjs', 'cloud-jobs.cjs', ...drivers]) {
    cpSync(join(root, 'dist', name), join(dist, name));
  }
  cpSync(join(root, 'sql'), join(folder, 'sql'), { recursive: true });
  symlinkSync(join(root, 'node_modules'), join(folder, 'node_modules'));
  const runWith = (variables: Record<string, string>, ...words: string[]) =>
    execFileSync(process.execPath, [join(dist, 'cloud-jobs.cjs'), ...words], {
      cwd: folder,
      encoding: 'utf8',
      env: { PATH: process.env.PATH, ...variables },
      stdio: 'pipe',
    });
  const run = (...words: string[]) => runWith({}, ...words);
  const compiled = () => readdirSync(dist).filter((name) => name.startsWith('.compiled'));
  return { folder, dist, run, runWith, compiled };
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

test('each driver stands in a file of its own, and in no other', () => {
  const signs = { 'pg.cjs': 'SCRAM-SHA-256', 'supabase.cjs': 'supabaseKey is required' };
  const files = [...Object.keys(signs), 'cli.cjs', 'index.js'];
  const found = Object.entries(signs).map(([own, sign]) => ({
    own,
    found: files.filter((name) => readFileSync(join(root, 'dist', name), 'utf8').includes(sign)),
  }));
  expect(found).toEqual(Object.keys(signs).map((own) => ({ own, found: [own] })));
});

describePostgres('on Postgres', () => {
  test('the driver is started from compiled form, too, even after drains on SQLite', async () => {
    const { url } = await newDatabase(migrated);
    const { dist, run, runWith, compiled } = installed('pg.cjs');
    run('init');
    run('run');
    const drain = () => runWith({ DATABASE_URL: url }, 'run');
    const sizes = () => compiled().map((name) => statSync(join(dist, name)).size);
    const [before] = sizes();
    expect(drain()).toBe('Nothing to do.\n');
    if (compiled()[0] === '.compiled') return; // Node 22 and later keep a folder of their own.
    expect(compiled()).toEqual([
      expect.stringMatching(/-cli\.cjs$/),
      expect.stringMatching(/-pg\.cjs$/),
    ]);
    const after = sizes();
    expect(after[0]).toBeGreaterThan(before!);
    expect(drain()).toBe('Nothing to do.\n');
    expect(sizes()).toEqual(after);
  });

  test('neither SQLite’s driver nor fetch is loaded: they take longer than the drain', async () => {
    const { url } = await newDatabase(migrated);
    const { folder, runWith } = installed('pg.cjs');
    const spy = `process.on('exit', () => require('node:fs').writeFileSync('loaded.json', JSON.stringify({
      builtin: process.moduleLoadList, files: Object.keys(require.cache) })));`;
    writeFileSync(join(folder, 'spy.cjs'), spy);
    const loaded = (more: object) => {
      runWith({ NODE_OPTIONS: '--require ./spy.cjs', ...more }, 'init');
      return readFileSync(join(folder, 'loaded.json'), 'utf8');
    };
    expect(loaded({})).toMatch(/libsql/);
    expect(loaded({ DATABASE_URL: url })).not.toMatch(/libsql|deps\/undici\/undici"/);
  });
});
