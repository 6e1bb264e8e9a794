// Other Postgres queues to measure against: installed by npm outside the project, only for a bench.
import { spawnSync } from 'node:child_process';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';

/** The newest of each that npm could install whole when this was written. */
const VERSIONS = { 'graphile-worker': '0.18.0', 'pg-boss': '12.35.0' };
export type Peer = keyof typeof VERSIONS;
export const peerVersions = Object.entries(VERSIONS)
  .map((peer) => peer.join(' '))
  .join(', ');

const folder = join(tmpdir(), 'cloud-jobs-bench-peers');
const manifest = `${JSON.stringify({ private: true, dependencies: VERSIONS }, null, 2)}\n`;
/** Written when the installation has come to its end, and says of which versions. */
const mark = join(folder, 'installed.json');

const isInstalled = (): boolean => {
  try {
    return readFileSync(mark, 'utf8') === manifest;
  } catch {
    return false;
  }
};

/** Both ask for a newer Node than we do; they run on ours, or loading them says otherwise. */
export const installPeers = (say: (text: string) => void): void => {
  if (isInstalled()) return;
  say(`installing ${peerVersions} in ${folder}`);
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, 'package.json'), manifest);
  const args = ['install', '--ignore-scripts', '--no-audit', '--no-fund', '--loglevel=error'];
  const windows = process.platform === 'win32';
  const { status } = spawnSync('npm', args, { cwd: folder, stdio: 'inherit', shell: windows });
  if (status !== 0) throw new Error(`npm could not install the peers in ${folder}`);
  writeFileSync(mark, manifest);
};

/** The file of a peer, for a process of its own. */
export const peerFile = (peer: Peer, path: string): string =>
  join(folder, 'node_modules', peer, path);

/** The module; its types are said by whoever asks, as far as they are used. */
export const loadPeer = async <Module>(peer: Peer | 'pg'): Promise<Module> => {
  const path = createRequire(join(folder, 'package.json')).resolve(peer);
  return (await import(pathToFileURL(path).href)) as Module;
};
