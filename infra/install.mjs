// Brings node_modules to what package-lock.json says, by `npm ci`, when it is not there yet.
import { spawnSync } from 'node:child_process';
import { mkdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));
// Of several set-ups at once, the one that could create this file installs.
const turn = join(root, 'dist/.install-turn');
const LONGEST_INSTALL_MS = 15 * 60_000;

const packagesOf = (file) => {
  try {
    return JSON.parse(readFileSync(join(root, file), 'utf8')).packages;
  } catch (error) {
    if (error.code === 'ENOENT') return null;
    throw error;
  }
};

/**
 * Why an installation is needed, or null. npm writes down what it has installed when it is done, so
 * an interrupted installation counts as none. Optional packages may be absent: most of them are for
 * other platforms.
 */
const reasonToInstall = () => {
  const installed = packagesOf('node_modules/.package-lock.json');
  if (installed === null) return 'node_modules is not there yet';
  for (const [path, wanted] of Object.entries(packagesOf('package-lock.json'))) {
    const found = installed[path];
    const name = path.split('node_modules/').at(-1);
    if (path === '' || (found === undefined && wanted.optional)) continue;
    if (found === undefined) return `package-lock.json names ${name}, which is not installed`;
    if (found.version !== wanted.version) {
      return `package-lock.json wants ${name} ${wanted.version}, installed is ${found.version}`;
    }
  }
  return null;
};

const takeTurn = () => {
  mkdirSync(dirname(turn), { recursive: true });
  try {
    writeFileSync(turn, String(process.pid), { flag: 'wx' });
    return true;
  } catch (error) {
    if (error.code !== 'EEXIST') throw error;
  }
  // Left behind by a set-up that was killed: the next round may take it.
  const held = statSync(turn, { throwIfNoEntry: false });
  if (held && Date.now() - held.mtimeMs > LONGEST_INSTALL_MS) rmSync(turn, { force: true });
  return false;
};

const npmCi = () => {
  // No package needs its install script here, and our own `prepare` would build dist/ once more.
  const flags = ['--ignore-scripts', '--prefer-offline', '--include=dev', '--loglevel=error'];
  // Started by npm, this is the very npm that started us; by hand, it is the one on the path.
  const npm = process.env.npm_execpath?.endsWith('.js') ? process.env.npm_execpath : null;
  const [command, before] = npm === null ? ['npm', []] : [process.execPath, [npm]];
  const ran = spawnSync(command, [...before, 'ci', ...flags], { cwd: root, encoding: 'utf8' });
  if (ran.status === 0) return;
  console.error(`${ran.stdout ?? ''}${ran.stderr ?? ''}${ran.error?.message ?? ''}`);
  console.error('set-up: npm ci failed; what it said stands above.');
  process.exit(1);
};

/** Installs when needed. Ends the process with what npm said when that fails. */
export const installPackages = async () => {
  let reason = reasonToInstall();
  while (reason !== null) {
    if (!takeTurn()) {
      await sleep(200);
    } else {
      process.once('exit', () => rmSync(turn, { force: true }));
      const started = Date.now();
      console.log(`set-up: npm ci, since ${reason}; this may take a minute …`);
      npmCi();
      const seconds = ((Date.now() - started) / 1000).toFixed(1);
      console.log(`set-up: packages of package-lock.json installed in ${seconds} s`);
      return;
    }
    reason = reasonToInstall();
  }
};
