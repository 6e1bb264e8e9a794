// The layout of the house: who imports whom, how large files are, what lies where.

import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { cycles } from './structure/cycles.ts';
import * as files from './structure/files.ts';
import { importFaults } from './structure/layers.ts';
import { codeOf, importsOf, readTree, root } from './structure/source.ts';
import { wordFaults } from './structure/words.ts';

const code = readTree(['src', 'handlers']);
const all = readTree(['src', 'handlers', 'sql']);
const readJson = (name: string) => JSON.parse(readFileSync(join(root, name), 'utf8'));
const generated = /^(node_modules|dist|papers\.jsonl|.*\.db(-wal|-shm)?)$/;

describe('this tree', () => {
  test('imports only along the layers', () => {
    expect(importFaults(code)).toEqual([]);
  });

  test('touches the process, the clock and the streams only where it may', () => {
    expect(wordFaults(code)).toEqual([]);
  });

  test('has no circle of imports at run time', () => {
    expect(cycles(code)).toEqual([]);
  });

  test('has no file over 250 lines, and a median of at most 100', () => {
    expect(files.sizeFaults({ ...all, ...readTree(['infra', 'test']) })).toEqual([]);
    expect(files.median(Object.values(readTree(['src'])).map(files.linesOf))).toBeLessThan(101);
  });

  test('opens every file of the program with a line saying what it holds', () => {
    expect(files.openingFaults({ ...all, ...readTree(['infra']) })).toEqual([]);
  });

  test('has no file whose name says nothing, and no barrel but index.ts', () => {
    const everything = { ...all, ...readTree(['infra', 'test']) };
    expect(files.nameFaults(everything)).toEqual([]);
    expect(files.barrelFaults(everything)).toEqual([]);
  });

  test('holds at the top level only what belongs there', () => {
    const names = readdirSync(root).filter((name) => !generated.test(name));
    expect(files.topLevelFaults(names)).toEqual([]);
  });

  test('pins exact versions, and a lockfile bound to no registry', () => {
    expect(files.pinFaults(readJson('package.json'))).toEqual([]);
    expect(files.lockFaults(readJson('package-lock.json'))).toEqual([]);
  });

  test('names in its lockfile every optional package, so that `npm ci` accepts it', () => {
    const { packages } = readJson('package-lock.json');
    const named = Object.values<{ optionalDependencies?: object }>(packages).flatMap((entry) =>
      Object.keys(entry.optionalDependencies ?? {}),
    );
    expect(named.length).toBeGreaterThan(0);
    const paths = Object.keys(packages);
    const missing = named.filter((name) => !paths.some((path) => path.endsWith(`/${name}`)));
    expect(missing).toEqual([]);
  });
});

describe('the rules', () => {
  test.each([
    ['core', 'node', 'src/core/a.ts', "import { join } from 'node:path';"],
    ['core', 'a store', 'src/core/a.ts', "import { open } from '../stores/open.ts';"],
    ['core', 'even types of the app', 'src/core/a.ts', "import type { Runner } from '../app.ts';"],
    ['a store', 'the settings', 'src/stores/a.ts', "import { read } from '../settings.ts';"],
    ['a job', 'a store', 'src/jobs/a.ts', "import { open } from '../stores/sqlite/open.ts';"],
    ['a command', 'a value of the app', 'src/cli/a.ts', "import { openRunner } from '../app.ts';"],
    ['main', 'a store', 'src/cli/main.ts', "const { open } = await import('../stores/open.ts');"],
    ['aws', 'gcp', 'handlers/aws/a.ts', "import { event } from '../gcp/event.ts';"],
    ['the library', 'the command line', 'src/index.ts', "export { run } from './cli/run.ts';"],
    ['a file outside the layers', 'anything', 'src/odd/a.ts', "import './b.ts';"],
  ])('refuse that %s imports %s', (_layer, _what, path, text) => {
    expect(importFaults({ [path]: text })).toHaveLength(1);
  });

  test.each([
    ['src/core/a.ts', "import * as z from 'zod';\nimport { RunnerError } from '../errors.ts';"],
    ['src/cli/a.ts', "import type { Runner } from '../app.ts';\nimport { x } from './b.ts';"],
    ['src/cli/a.ts', "import { type Runner, type RunnerOptions } from '../app.ts';"],
    ['src/app.ts', "import { openStore } from './stores/open.ts';"],
    ['src/stores/sqlite/a.ts', "import Database from 'libsql';"],
    ['src/stores/a.ts', "const { default: driver } = await import('pg');"],
    ['src/stores/a.ts', "const { createClient } = await import('@supabase/supabase-js');"],
  ])('let %s import what it needs', (path, text) => {
    expect(importFaults({ [path]: text })).toEqual([]);
  });

  test.each([
    ['src/core/a.ts', 'export const now = () => Date.now();'],
    ['src/core/a.ts', 'export const now = () => new Date();'],
    ['src/core/a.ts', 'export const dice = () => Math.random();'],
    ['src/core/a.ts', 'setTimeout(() => {}, 1);'],
    ['src/core/a.ts', 'export const id = process.pid;'],
    ['src/jobs/a.ts', 'export const key = process.env.KEY;'],
    ['src/cli/run.ts', 'process.exit(1);'],
    ['src/cli/main.ts', "process.stdout.write('x');"],
    ['src/stores/a.ts', "console.log('x');"],
  ])('refuse %s: %s', (path, text) => {
    expect(wordFaults({ [path]: text })).not.toEqual([]);
  });

  test('read code, not words about code', () => {
    const text =
      "// Date.now\nexport const a = (at: Date) => new Date(at); // process.env\nf('console.log');";
    expect(wordFaults({ 'src/core/a.ts': text })).toEqual([]);
    expect(codeOf(text)).not.toContain('Date.now');
  });

  test('find a circle over three files, and none that only types close', () => {
    const tree = {
      'src/core/a.ts': "import { b } from './b.ts';",
      'src/core/b.ts': "import {\n  c,\n} from './c.ts';",
      'src/core/c.ts': "const a = await import('./a.ts');",
    };
    expect(cycles(tree)).toEqual(['src/core/a.ts → src/core/b.ts → src/core/c.ts → src/core/a.ts']);
    expect(cycles({ ...tree, 'src/core/c.ts': "import type { A } from './a.ts';" })).toEqual([]);
  });

  test('know which imports leave nothing behind', () => {
    const text = "import { type A, b } from './x.ts';\nexport type { C } from './y.ts';";
    expect(importsOf('src/a.ts', text)).toEqual([
      { from: 'src/a.ts', to: 'src/x.ts', type_only: false },
      { from: 'src/a.ts', to: 'src/y.ts', type_only: true },
    ]);
  });

  test('refuse a long file, a silent opening, an empty name, a barrel and a stray at the top', () => {
    expect(files.sizeFaults({ 'src/a.ts': 'x\n'.repeat(251) })).toHaveLength(1);
    expect(files.sizeFaults({ 'src/a.ts': 'x\n'.repeat(250) })).toEqual([]);
    expect(
      files.openingFaults({ 'src/a.ts': 'export {};', 'sql/a.sql': 'SELECT 1;' }),
    ).toHaveLength(2);
    expect(files.nameFaults({ 'src/core/utils.ts': '', 'src/job_manager.ts': '' })).toHaveLength(2);
    expect(
      files.barrelFaults({ 'src/all.ts': "// All.\nexport { a } from './a.ts';\n" }),
    ).toHaveLength(1);
    expect(files.topLevelFaults(['docs', '.github', 'src'])).toEqual([
      'docs does not belong at the top level',
    ]);
  });

  test('refuse a range of versions and a lockfile entry that is bound or empty', () => {
    expect(files.pinFaults({ dependencies: { a: '^1.0.0', b: '1.0.0' } })).toHaveLength(1);
    const packages = {
      '': {},
      'node_modules/a': { version: '1.0.0', resolved: 'https://a' },
      'node_modules/b': {},
    };
    expect(files.lockFaults({ packages })).toHaveLength(2);
  });
});
