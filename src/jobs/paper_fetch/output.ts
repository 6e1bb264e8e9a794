// The papers of a job as JSON Lines: the file is the old one or the new one, never half of either.
import { promises as files } from 'node:fs';
import { basename, dirname, join, resolve } from 'node:path';
import type { Fence } from '../../core/job.ts';
import type { Store } from '../../core/store.ts';
import { RunnerError } from '../../errors.ts';

const BATCH = 500;

const removeLeftovers = async (folder: string, prefix: string): Promise<void> => {
  const names = await files.readdir(folder);
  const left = names.filter((name) => name.startsWith(prefix) && name.endsWith('.tmp'));
  await Promise.all(left.map((name) => files.rm(join(folder, name), { force: true })));
};

const writeLines = async (
  store: Pick<Store, 'getPapers'>,
  ids: string[],
  path: string,
): Promise<void> => {
  const file = await files.open(path, 'w');
  try {
    for (let from = 0; from < ids.length; from += BATCH) {
      const papers = await store.getPapers(ids.slice(from, from + BATCH));
      await file.write(papers.map((paper) => `${JSON.stringify(paper)}\n`).join(''));
    }
    await file.sync();
  } finally {
    await file.close();
  }
};

/**
 * Writes one line per paper, in the order of the ids, and answers the absolute path. It writes beside
 * the file and renames: a process that dies meanwhile leaves the old file and a `.tmp`, which the
 * job's next execution removes.
 */
export const writePapers = async (
  store: Pick<Store, 'getPapers'>,
  ids: string[],
  output: string,
  { job_id, lock_epoch }: Fence,
): Promise<string> => {
  const path = resolve(output);
  const folder = dirname(path);
  const prefix = `.${basename(path)}.${job_id}.`;
  const temporary = join(folder, `${prefix}${lock_epoch}.tmp`);
  try {
    await files.mkdir(folder, { recursive: true });
    await removeLeftovers(folder, prefix);
    await writeLines(store, ids, temporary);
    await files.rename(temporary, path);
  } catch (cause) {
    await files.rm(temporary, { force: true });
    if (cause instanceof RunnerError) throw cause;
    const code = (cause as NodeJS.ErrnoException).code ?? 'no reason given';
    throw new Error(`output: ${path} cannot be written (${code})`, { cause });
  }
  return path;
};
