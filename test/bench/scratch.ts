// A folder for the files of one bench, gone when the bench is over or the process ends.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** Runs `use` with the path of a new empty folder; BENCH_FOLDER says where it is made. */
export const withFolder = async <T>(use: (folder: string) => Promise<T>): Promise<T> => {
  const folder = mkdtempSync(join(process.env.BENCH_FOLDER ?? tmpdir(), 'cloud-jobs-bench-'));
  const remove = () => rmSync(folder, { recursive: true, force: true });
  process.once('exit', remove);
  try {
    return await use(folder);
  } finally {
    remove();
    process.removeListener('exit', remove);
  }
};
