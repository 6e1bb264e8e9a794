// Builds dist/: the command line, the library and its types, and the cloud functions.
import { execFile } from 'node:child_process';
import { createHash, randomUUID } from 'node:crypto';
import {
  copyFileSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  realpathSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import { argv } from 'node:process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { build } from 'esbuild';
import { commands } from './bundles/commands.mjs';
import * as dashboard from './bundles/dashboard.mjs';
import { copies, filesBeside, functions, jobModule } from './bundles/functions.mjs';

const root = fileURLToPath(new URL('..', import.meta.url));
const dist = join(root, 'dist');
const launcher = join(root, 'infra/launcher.cjs');
const bundles = [...commands, ...functions];
const pages = { file: 'dashboard.cjs', budget: dashboard.budget };

const filesUnder = (folder) =>
  readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
    .sort();

/** Changes with anything that a bundle is made of. */
const hashOfSources = () => {
  const hash = createHash('sha256');
  const folders = ['src', 'handlers', 'infra/bundles'];
  const own = folders.flatMap((folder) => filesUnder(join(root, folder)));
  const files = [...own, fileURLToPath(import.meta.url), launcher];
  hash.update(String(jobModule));
  for (const file of [...files, join(root, 'package-lock.json'), join(root, 'tsconfig.json')]) {
    hash.update(`${file.slice(root.length)}\0`).update(readFileSync(file));
  }
  return hash.digest('hex');
};

const stamp = join(dist, '.sources');
const declared = ['types/index.d.ts', 'types/client/client.d.ts'];

const builtAlready = (hash, types) => {
  // What a module of the person's own is made of, only the bundler knows.
  if (jobModule !== null) return false;
  const made = [...bundles, pages].map(({ file }) => file);
  const files = [...made, ...Object.values(copies).flat(), ...Object.keys(filesBeside({}))];
  const names = ['.sources', 'cloud-jobs.cjs', ...files, ...(types ? declared : [])];
  const there = names.every((name) => statSync(join(dist, name), { throwIfNoEntry: false }));
  return there && readFileSync(stamp, 'utf8') === hash;
};

/** Makes the file of one bundle in `folder`. */
export const buildBundle = async ({ file, options, finish }, folder) => {
  const outfile = join(folder, file);
  await build({
    absWorkingDir: root,
    bundle: true,
    platform: 'node',
    target: 'node20.19',
    // Names are kept: error classes print theirs, and a stack trace stays readable.
    minifyWhitespace: true,
    minifySyntax: true,
    legalComments: 'none',
    logLevel: 'warning',
    outfile,
    ...options,
  });
  await finish?.(outfile);
};

/** The launcher, told which build it starts. */
const buildLauncher = (folder) => {
  const hash = createHash('sha256');
  for (const { file } of bundles) hash.update(readFileSync(join(folder, file)));
  const build = hash.digest('hex').slice(0, 16);
  const text = readFileSync(launcher, 'utf8').replace('__BUILD__', build);
  writeFileSync(join(folder, 'cloud-jobs.cjs'), text, { mode: 0o755 });
};

const buildFilesBeside = (folder) => {
  const { devDependencies } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
  for (const [file, content] of Object.entries(filesBeside(devDependencies))) {
    writeFileSync(join(folder, file), content);
  }
};

const makeCopies = (folder) => {
  for (const [file, others] of Object.entries(copies)) {
    for (const other of others) copyFileSync(join(folder, file), join(folder, other));
  }
};

/** What V8 left of earlier builds. */
const removeCompiled = () => {
  for (const name of readdirSync(dist)) {
    if (name.startsWith('.compiled')) rmSync(join(dist, name), { recursive: true, force: true });
  }
};

const buildTypes = async (folder) => {
  const tsc = join(root, 'node_modules/typescript/bin/tsc');
  const args = ['-p', join(root, 'infra/tsconfig.types.json'), '--outDir', join(folder, 'types')];
  await promisify(execFile)(process.execPath, [tsc, ...args]).catch((error) => {
    throw new Error(`The declarations could not be made:\n${error.stdout}`, { cause: error });
  });
  for (const file of filesUnder(join(folder, 'types'))) {
    // Sources name each other by their .ts files, which are not shipped.
    const text = readFileSync(file, 'utf8').replace(/(["'])(\.{1,2}\/[^"']+)\.ts\1/g, '$1$2.js$1');
    writeFileSync(file, text);
  }
};

/** Renames are atomic: whoever starts dist/cloud-jobs.cjs meanwhile gets the old file or the new. */
const moveInto = (folder) => {
  for (const file of filesUnder(folder)) {
    const target = join(dist, file.slice(folder.length));
    mkdirSync(dirname(target), { recursive: true });
    renameSync(file, target);
  }
};

const overBudget = () =>
  [...bundles, pages].flatMap(({ file, budget }) => {
    const { size } = statSync(join(dist, file));
    console.log(`dist/${file}: ${size} bytes, budget ${budget}`);
    return size > budget ? [`dist/${file} is ${size - budget} bytes over its budget`] : [];
  });

/**
 * Builds dist/ unless it is built from the present sources; several builds at once do no harm,
 * each works in a folder of its own. Answers whether it built.
 */
export const buildDist = async ({ types, force }) => {
  const hash = hashOfSources();
  if (!force && builtAlready(hash, types)) return false;
  const folder = join(dist, `.build-${randomUUID()}`);
  mkdirSync(folder, { recursive: true });
  try {
    await Promise.all([
      ...bundles.map((bundle) => buildBundle(bundle, folder)),
      dashboard.buildDashboard(join(folder, pages.file)),
      ...(types ? [buildTypes(folder)] : []),
    ]);
    makeCopies(folder);
    buildLauncher(folder);
    buildFilesBeside(folder);
    moveInto(folder);
    removeCompiled();
    // Declarations of earlier sources would be believed.
    if (!types) rmSync(join(dist, 'types'), { recursive: true, force: true });
    writeFileSync(join(dist, '.sources'), hash);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
  return true;
};

if (argv[1] !== undefined && realpathSync(argv[1]) === fileURLToPath(import.meta.url)) {
  const started = Date.now();
  await buildDist({ types: argv.includes('--types'), force: true });
  const faults = overBudget();
  console.log(`dist/ built in ${((Date.now() - started) / 1000).toFixed(1)} s`);
  for (const fault of faults) console.error(fault);
  process.exitCode = faults.length > 0 ? 1 : 0;
}
