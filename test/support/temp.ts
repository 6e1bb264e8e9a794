// Folders for one test file; they are gone when its last test is over.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll } from '@jest/globals';

const folders: string[] = [];

afterAll(() => {
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true, force: true });
});

/** A new empty folder. */
export const tempFolder = (): string => {
  const folder = mkdtempSync(join(tmpdir(), 'cloud-jobs-'));
  folders.push(folder);
  return folder;
};

/** A path in a new folder; nothing is there yet. */
export const tempFile = (name = 'jobs.db'): string => join(tempFolder(), name);
