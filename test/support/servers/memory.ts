// Where a run keeps its files: in memory where the machine has plenty of it. Tests commit thousands of
// times, and on a disk each commit waits. A killed process finds in memory what it would find on a disk;
// no test cuts the machine's power.
import { spawnSync } from 'node:child_process';
import { chmodSync, mkdtempSync, rmSync, statfsSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Kept, keep } from './kept.ts';

const MEMORY = '/dev/shm';
const TMPFS = 0x01021994;
const GIB = 2 ** 30;
/** A run keeps less than 1 GiB there, a fresh clone with its packages among it. */
const ROOM = 2 * GIB;
/** Else the memory is the processes'. */
const SPARE = 6 * GIB;

/** Tells where files belong that are too large, or have to be on the disk of the project. */
const DISK = 'TEST_DISK_FOLDER';
/** Tells which folder other accounts may enter, too. */
const OPEN = 'TEST_OPEN_FOLDER';

/** The folder for temporary files on a disk. */
export const diskFolder = (): string => process.env[DISK] ?? tmpdir();

/** The folder for temporary files of servers that other accounts run. */
export const openFolder = (): string => process.env[OPEN] ?? '/tmp';

const hasRoom = (): boolean => {
  try {
    const { type, bavail, bsize } = statfsSync(MEMORY);
    return type === TMPFS && bavail * bsize >= ROOM && process.availableMemory() >= SPARE;
  } catch {
    return false;
  }
};

/** Containers often forbid to run what lies there. */
const runsPrograms = (folder: string): boolean => {
  const probe = join(folder, 'probe');
  writeFileSync(probe, '#!/bin/sh\n', { mode: 0o755 });
  return spawnSync(probe).status === 0;
};

let kept: Kept | undefined;
/** What these variables said before. */
let before: [name: string, value: string | undefined][] = [];

/** Once before the tests of a run: from then on its temporary files are in memory, if that can be. */
export const useMemory = (): void => {
  if (!hasRoom()) return;
  const folder = mkdtempSync(join(MEMORY, 'cloud-jobs-run-'));
  if (!runsPrograms(folder)) {
    rmSync(folder, { recursive: true });
    return;
  }
  chmodSync(folder, 0o711);
  // Memory is not given back by itself when a run is killed.
  kept = keep([], folder, 'SIGTERM');
  const now = { [DISK]: diskFolder(), [OPEN]: folder, TMPDIR: folder };
  before = Object.keys(now).map((name) => [name, process.env[name]]);
  Object.assign(process.env, now);
};

/** Once after them. */
export const leaveMemory = async (): Promise<void> => {
  await kept?.stop();
  kept = undefined;
  for (const [name, value] of before.splice(0)) {
    if (value === undefined) delete process.env[name];
    else process.env[name] = value;
  }
};
