// The cloud functions: one file for each cloud and store, with nothing of the others in it.
import { env } from 'node:process';
import { fileURLToPath } from 'node:url';
import { apart } from './apart.mjs';
import { drivers, metaOfCjs } from './commands.mjs';
import { onlyStore, stores } from './only_store.mjs';
import { ownJobs } from './own_jobs.mjs';
import { makePlain, noClassFields } from './plain_functions.mjs';
import { plainLog } from './plain_log.mjs';
import { quickPg } from './quick_pg.mjs';
import { rpcOnly } from './rpc_only.mjs';

const root = fileURLToPath(new URL('../..', import.meta.url));

/** Path of the module with the person's own job types, or null. */
export const jobModule = env.JOB_MODULE || null;

const framework = '@google-cloud/functions-framework';
// Its registry of functions is a variable of a module: bundled in, it would be another one.
const clouds = { aws: [], gcp: [framework] };

/** Not what was promised, which is 420,000 bytes with Supabase, but somewhat more than there is. */
const budgets = { supabase: 280_000, postgres: 345_000, sqlite: 300_000 };

/** The bundle of one cloud and store, with the job types of `module` (a path, or null). */
export const functionOf = (cloud, store, module = jobModule) => ({
  file: `functions/${cloud}/${store}/drain.cjs`,
  // Own job types may be as large as they like.
  budget: module === null ? budgets[store] : Number.POSITIVE_INFINITY,
  finish: makePlain,
  options: {
    ...metaOfCjs,
    entryPoints: [`handlers/${cloud}/drain.ts`],
    format: 'cjs',
    minify: true,
    supported: noClassFields,
    sourcemap: 'linked',
    sourcesContent: false,
    external: [...clouds[cloud], 'libsql', ...drivers.pg.external],
    plugins: [
      onlyStore(root, store),
      quickPg,
      rpcOnly,
      plainLog,
      ownJobs(root, module),
      apart({ yaml: './yaml.cjs' }),
    ],
  },
});

/** A third of a function's code, for those who keep settings or a search in a YAML file. */
const yamlOf = (cloud, store) => ({
  file: `functions/${cloud}/${store}/yaml.cjs`,
  budget: 120_000,
  options: {
    stdin: { contents: `export { parse, parseDocument } from 'yaml';`, resolveDir: root },
    format: 'cjs',
    minify: true,
  },
});

const places = Object.keys(clouds).flatMap((cloud) => stores.map((store) => [cloud, store]));

export const functions = places.flatMap((place) => [functionOf(...place), yamlOf(...place)]);

/** Files that are no bundles: what Google Cloud's builder wants beside a function, by its path. */
export const filesBeside = (versions) =>
  Object.fromEntries(
    stores.map((store) => [
      `functions/gcp/${store}/package.json`,
      {
        private: true,
        main: 'drain.cjs',
        engines: { node: '>=20.19' },
        dependencies: { [framework]: versions[framework] },
      },
    ]),
  );
