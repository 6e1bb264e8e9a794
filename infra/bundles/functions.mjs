// The cloud functions: a file for each cloud, store and function, with nothing of the others in it.
import { env } from 'node:process';
import { fileURLToPath } from 'node:url';
import { apart } from './apart.mjs';
import { drivers, figures, metaOfCjs, pages } from './commands.mjs';
import { onlyMemory } from './only_memory.mjs';
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

/** Not what was promised, which is 420,000 bytes for a drain with Supabase, but somewhat more than there is. */
const budgets = {
  drain: { supabase: 280_000, postgres: 345_000, sqlite: 300_000 },
  http: { supabase: 410_000, postgres: 475_000, sqlite: 430_000 },
};

/** Files beside a function, read only by those who use them. */
const parts = {
  drain: { yaml: './yaml.cjs' },
  http: { yaml: './yaml.cjs', ...figures, ...pages },
};

/**
 * The bundle of one cloud and store, with the job types of `module` (a path, or null): the `drain`, or
 * `http`, which is the API.
 */
export const functionOf = (cloud, store, module = jobModule, name = 'drain') => ({
  file: `functions/${cloud}/${store}/${name}.cjs`,
  // Own job types may be as large as they like.
  budget: module === null ? budgets[name][store] : Number.POSITIVE_INFINITY,
  finish: makePlain,
  options: {
    ...metaOfCjs,
    entryPoints: [`handlers/${cloud}/${name}.ts`],
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
      onlyMemory,
      plainLog,
      ownJobs(root, module),
      apart(parts[name]),
    ],
  },
});

const places = Object.keys(clouds).flatMap((cloud) => stores.map((store) => [cloud, store]));

export const functions = places.flatMap((place) => [
  functionOf(...place),
  functionOf(...place, jobModule, 'http'),
]);

/** The same for the command line and for every function: each file of dist/ by its copies. */
export const copies = Object.fromEntries(
  ['yaml.cjs', 'prom.cjs', 'dashboard.cjs'].map((name) => [
    name,
    places.map(([cloud, store]) => `functions/${cloud}/${store}/${name}`),
  ]),
);

// One folder for all functions of a store, of which each process loads the code of its own.
const main = `// Google's builder knows one file; which function is meant, it tells the process.
require(process.env.FUNCTION_TARGET === 'api' ? './http.cjs' : './drain.cjs');
`;

/** Files that are no bundles: what Google Cloud's builder wants beside functions, by its path. */
export const filesBeside = (versions) =>
  Object.fromEntries(
    stores.flatMap((store) => {
      const manifest = {
        private: true,
        main: 'main.cjs',
        engines: { node: '>=20.19' },
        dependencies: { [framework]: versions[framework] },
      };
      return [
        [`functions/gcp/${store}/main.cjs`, main],
        [`functions/gcp/${store}/package.json`, `${JSON.stringify(manifest, null, 2)}\n`],
      ];
    }),
  );
