// What the test files of a run share: a Postgres, dist/, and the programs of the crash tests.
import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { bundlePrograms } from '../../crash/bundle.ts';
import type { Maker } from './desk.ts';
import { fast, startPostgres } from './postgres.ts';

const bundler = new URL('../../../infra/bundle.mjs', import.meta.url);
const build = `import { buildDist } from ${JSON.stringify(bundler)};
  await buildDist({ types: false, force: false });`;

const ends: (() => unknown)[] = [];

/** By the name that test files ask for. */
export const makers: Record<string, Maker> = {
  postgres: async () => {
    const { port, admin_url, owner, log_file, stop } = await startPostgres({ settings: fast });
    ends.push(stop);
    return { port, admin_url, owner, log_file };
  },
  dist: async () => {
    await promisify(execFile)(process.execPath, ['--input-type=module', '-e', build]);
    return fileURLToPath(new URL('../../../dist', import.meta.url));
  },
  programs: async () => {
    const { remove, ...programs } = await bundlePrograms();
    ends.push(remove);
    return programs;
  },
};

/** Once after the tests. A killed run does not come here: then the server's keeper ends it. */
export const endShared = async (): Promise<void> => {
  for (const end of ends.splice(0)) await end();
};
