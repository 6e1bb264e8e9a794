// The cloud functions: one file for each cloud and store, with nothing of the others in it.
import { env } from 'node:process';
import { fileURLToPath } from 'node:url';
import { apart } from './apart.mjs';
import { drivers, metaOfCjs } from './commands.mjs';
import { onlyStore, stores } from './only_store.mjs';
import { ownJobs } from './own_jobs.mjs';
import { plainLog } from './plain_log.mjs';
import { rpcOnly } from './rpc_only.mjs';

const root = fileURLToPath(new URL('../..', import.meta.url));

/** Path of the module with the person's own job types, or null. */
export const jobModule = env.JOB_MODULE || null;

const framework = '@google-cloud/functions-framework';
// Its registry of functions is a variable of a module: bundled in, it would be another one.
const clouds = { aws: [], gcp: [framework] };

const budgets = { supabase: 420_000, postgres: 320_000, sqlite: 260_000 };

const defines = { ...metaOfCjs.define, ...drivers.pg.define };

/** The bundle of one cloud and store, with the job types of `module` (a path, or null). */
export const functionOf = (cloud, store, module = jobModule) => ({
  file: `functions/${cloud}/${store}/drain.cjs`,
  // Own job types may be as large as they like.
  budget: module === null ? budgets[store] : Number.POSITIVE_INFINITY,
  options: {
    ...metaOfCjs,
    define: defines,
    entryPoints: [`handlers/${cloud}/drain.ts`],
    format: 'cjs',
    minify: true,
    // Of arrow functions V8 parses everything when a file is loaded, others it only skims.
    supported: { arrow: false },
    sourcemap: 'linked',
    sourcesContent: false,
    external: [...clouds[cloud], 'libsql', ...drivers.pg.external],
    plugins: [
      onlyStore(root, store),
      rpcOnly,
      plainLog,
      ownJobs(root, module),
      apart({ yaml: './yaml.cjs', saxes: './saxes.cjs' }),
    ],
  },
});

/** What only few invocations use, a third of a function's code: YAML files, and arXiv's answers. */
const seldom = {
  'yaml.cjs': { budget: 120_000, contents: `export { parse, parseDocument } from 'yaml';` },
  'saxes.cjs': { budget: 32_000, contents: `export { SaxesParser } from 'saxes';` },
};

const seldomOf = (cloud, store) =>
  Object.entries(seldom).map(([name, { budget, contents }]) => ({
    file: `functions/${cloud}/${store}/${name}`,
    budget,
    options: { stdin: { contents, resolveDir: root }, format: 'cjs', minify: true },
  }));

const places = Object.keys(clouds).flatMap((cloud) => stores.map((store) => [cloud, store]));

export const functions = places.flatMap((place) => [functionOf(...place), ...seldomOf(...place)]);

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
