// A copy of the tree as a fresh clone would be, and real commands run in it.
import { spawn, spawnSync } from 'node:child_process';
import {
  cpSync,
  existsSync,
  linkSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readlinkSync,
  rmSync,
  symlinkSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { text } from 'node:stream/consumers';
import { root } from '../structure/source.ts';
import { diskFolder } from '../support/servers/memory.ts';

export interface Ran {
  code: number;
  out: string;
  err: string;
}

// Of an npm that runs these tests nothing may be left: it names this tree, not the copy.
const cleanEnvironment = (): NodeJS.ProcessEnv =>
  Object.fromEntries(
    Object.entries(process.env).filter(
      ([name]) => !/^(npm_|JOB_|DATABASE_URL|SUPABASE_|NODE_ENV|LOG_LEVEL|FORCE_COLOR)/i.test(name),
    ),
  );

/** Runs one line of shell and answers what it printed; the caller judges the exit code. */
export const shell = async (
  line: string,
  cwd: string,
  env: Record<string, string> = {},
): Promise<Ran> => {
  const child = spawn(line, {
    cwd,
    shell: true,
    env: { ...cleanEnvironment(), NO_COLOR: '1', ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const ended = new Promise<number>((resolve, reject) => {
    child.once('error', reject).once('close', (code) => resolve(code ?? -1));
  });
  const [code, out, err] = await Promise.all([ended, text(child.stdout), text(child.stderr)]);
  return { code, out, err };
};

/** The same files under a second name: in seconds, where `npm ci` takes a minute. */
const linkFiles = (from: string, to: string): void => {
  mkdirSync(to);
  for (const entry of readdirSync(from, { withFileTypes: true })) {
    const [source, target] = [join(from, entry.name), join(to, entry.name)];
    if (entry.isDirectory()) linkFiles(source, target);
    else if (entry.isSymbolicLink()) symlinkSync(readlinkSync(source), target);
    else linkSync(source, target);
  }
};

/** Whether it has them now; on another disk they cannot be linked. */
const linkPackages = (folder: string): boolean => {
  const packages = join(folder, 'node_modules');
  try {
    linkFiles(join(root, 'node_modules'), packages);
    return true;
  } catch {
    rmSync(packages, { recursive: true, force: true });
    return false;
  }
};

export interface Clone {
  folder: string;
  /** The packages of this tree are there; else nothing is installed. */
  installed: boolean;
  remove(): void;
}

/**
 * Tracked and new files, without what git ignores: what a clone of the next commit would hold. With
 * `packages` also those that are installed here: set-up looks whether they are what the lockfile says.
 */
export const cloneTree = ({ packages }: { packages: boolean }): Clone => {
  const folder = mkdtempSync(join(packages ? diskFolder() : tmpdir(), 'cloud-jobs-readme-'));
  const listed = spawnSync('git', ['ls-files', '-co', '--exclude-standard', '-z'], {
    cwd: root,
    encoding: 'utf8',
  });
  if (listed.status !== 0) throw new Error(`git cannot list the tree: ${listed.stderr}`);
  for (const file of listed.stdout.split('\0').filter((name) => name !== '')) {
    // A file that was removed but is still tracked is not there to be copied.
    if (!existsSync(join(root, file))) continue;
    mkdirSync(dirname(join(folder, file)), { recursive: true });
    cpSync(join(root, file), join(folder, file));
  }
  const installed = packages && linkPackages(folder);
  return { folder, installed, remove: () => rmSync(folder, { recursive: true, force: true }) };
};

/** A project that has the package of `clone` installed, as npm would link it. */
export const projectUsing = (clone: string): string => {
  const project = join(clone, '..', `${clone.split('/').at(-1)}-project`);
  mkdirSync(join(project, 'node_modules/.bin'), { recursive: true });
  symlinkSync(clone, join(project, 'node_modules/cloud-jobs'));
  symlinkSync('../cloud-jobs/dist/cloud-jobs.cjs', join(project, 'node_modules/.bin/cloud-jobs'));
  return project;
};
