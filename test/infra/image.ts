// The image without Docker: what a build sees is built in a folder of its own, the last stage's COPY
// lists are carried out into an empty one, and its programs are run as its user would.
import { spawn, spawnSync } from 'node:child_process';
import {
  chmodSync,
  cpSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  rmSync,
  symlinkSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, dirname, join, posix } from 'node:path';
import { text } from 'node:stream/consumers';
import { root } from '../structure/source.ts';
import { type Instruction, image, isSeen, only } from './dockerfile.ts';

export interface Ran {
  code: number | null;
  out: string;
  err: string;
}

export interface Image {
  /** the folder that stands for `/` */
  folder: string;
  /** Runs the entry point as a container would, in the image's folder and environment. */
  run(words: string[], env?: Record<string, string>): Promise<Ran>;
  remove(): void;
}

// Root may write to whatever it likes, the image's user may not.
const asRoot = process.getuid?.() === 0;
const [uid, gid] = only('USER').words.join('').split(':').map(Number);
const account = asRoot ? { uid, gid } : {};

const filesUnder = (folder: string): string[] =>
  readdirSync(join(root, folder), { recursive: true, withFileTypes: true })
    .filter((entry) => !entry.isDirectory())
    .map((entry) => join(entry.parentPath, entry.name).slice(root.length + 1));

/** Copies what the build sees, and builds there as the Dockerfile does. */
const build = (folder: string): void => {
  const top = readdirSync(root, { withFileTypes: true }).filter(({ name }) => isSeen(name));
  const files = top.flatMap((entry) =>
    entry.isDirectory() ? filesUnder(entry.name) : [entry.name],
  );
  for (const file of files.filter(isSeen)) {
    mkdirSync(dirname(join(folder, file)), { recursive: true });
    cpSync(join(root, file), join(folder, file));
  }
  symlinkSync(join(root, 'node_modules'), join(folder, 'node_modules'));
  const built = spawnSync('npm', ['run', 'build'], { cwd: folder, encoding: 'utf8' });
  if (built.status !== 0) throw new Error(`no dist/ comes of it: ${built.stdout}${built.stderr}`);
};

/** The files a word of COPY names; a `*` may stand in the last part of it. */
const matching = (path: string): string[] => {
  if (!path.includes('*')) return [path];
  const [start = '', end = ''] = basename(path).split('*');
  const fits = (name: string) => name.startsWith(start) && name.endsWith(end);
  return readdirSync(dirname(path))
    .filter((name) => fits(name) && !name.startsWith('.'))
    .map((name) => join(dirname(path), name));
};

/** Where the earlier stages have what the last one asks them for. */
const sourceOf = (word: string, { flags }: Instruction, built: string): string => {
  if (word === '/usr/local/bin/node') return process.execPath;
  if (flags.from === undefined) return join(built, word);
  if (!word.startsWith('/app/')) throw new Error(`no stage has ${word}`);
  return join(built, posix.relative('/app', word));
};

const copy = (given: Instruction, cwd: string, built: string, folder: string): void => {
  const sources = given.words.slice(0, -1);
  const target = join(folder, posix.resolve(cwd, given.words.at(-1) ?? ''));
  const into = given.words.at(-1)?.endsWith('/');
  for (const from of sources.flatMap((word) => matching(sourceOf(word, given, built)))) {
    cpSync(from, into ? join(target, basename(from)) : target, { recursive: true });
  }
};

const foldersUnder = (folder: string): string[] => [
  folder,
  ...readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map((entry) => join(entry.parentPath, entry.name)),
];

/** Carries out the instructions that put something into the image. */
const assemble = (built: string, folder: string): void => {
  let cwd = '/';
  for (const each of image.instructions) {
    if (each.name === 'WORKDIR') cwd = each.words.join('');
    if (each.name === 'COPY') copy(each, cwd, built, folder);
    if (each.name === 'RUN') {
      const words = each.words.map((word) => (word.startsWith('/') ? join(folder, word) : word));
      const mine = words.filter((word) => asRoot || !/^--(owner|group)=/.test(word));
      const { status, stderr } = spawnSync('sh', ['-c', mine.join(' ')], { encoding: 'utf8' });
      if (status !== 0) throw new Error(stderr);
    }
  }
};

export const makeImage = (): Image => {
  const home = mkdtempSync(join(asRoot ? '/tmp' : tmpdir(), 'cloud-jobs-image-'));
  const [built, folder] = [join(home, 'built'), join(home, 'image')];
  const app = join(folder, 'app');
  mkdirSync(built);
  mkdirSync(folder);
  const remove = () => {
    for (const each of asRoot ? [] : foldersUnder(home)) chmodSync(each, 0o755);
    rmSync(home, { recursive: true, force: true });
  };
  try {
    build(built);
    assemble(built, folder);
    for (const each of [home, folder]) chmodSync(each, 0o755);
    for (const each of foldersUnder(app)) chmodSync(each, 0o555);
  } catch (error) {
    remove();
    throw error;
  }
  const inside = (path: string) => (path.startsWith('/') ? join(folder, path) : path);
  const [program = '', ...before] = (only('ENTRYPOINT').list ?? []).map(inside);
  const own = Object.fromEntries(only('ENV').words.map((word) => word.split('=')));
  return {
    folder,
    run: async (words, env = {}) => {
      const child = spawn(program, [...before, ...words], {
        cwd: inside(image.instructions.findLast(({ name }) => name === 'WORKDIR')!.words.join('')),
        env: { PATH: join(folder, 'usr/local/bin'), ...own, ...env },
        stdio: ['ignore', 'pipe', 'pipe'],
        ...account,
      });
      const ended = new Promise<number | null>((resolve, reject) => {
        child.once('error', reject).once('close', resolve);
      });
      const [code, out, err] = await Promise.all([ended, text(child.stdout), text(child.stderr)]);
      return { code, out, err };
    },
    remove,
  };
};
