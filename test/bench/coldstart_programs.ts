// What a cold start is measured of: every function as it is built, and the yardsticks beside them.
import { statSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';

const root = fileURLToPath(new URL('../..', import.meta.url));

export interface Program {
  name: string;
  file: string;
  bytes: number;
  /** a module that its platform has loaded before; null = none */
  before: string | null;
  /** of a store that is not there: to warm up, nothing is asked of it */
  env: Record<string, string>;
}

// Nobody listens at port 9.
const places = {
  sqlite: { DATABASE_URL: 'sqlite:./coldstart.db' },
  postgres: { DATABASE_URL: 'postgres://nobody:secret@127.0.0.1:9/nothing' },
  supabase: { SUPABASE_URL: 'http://127.0.0.1:9', SUPABASE_SERVICE_ROLE_KEY: 'sb_secret_nothing' },
};
type Store = keyof typeof places;
type Cloud = 'aws' | 'gcp';

// By this name it brings its server along, as it does on the platform, but starts none.
const framework = createRequire(join(root, 'package.json')).resolve(
  '@google-cloud/functions-framework/testing',
);

const of = (cloud: Cloud, store: Store): Program => {
  const file = join(root, `dist/functions/${cloud}/${store}/drain.cjs`);
  const before = cloud === 'gcp' ? framework : null;
  return {
    name: `${cloud} ${store}`,
    file,
    bytes: statSync(file).size,
    before,
    env: places[store],
  };
};

const clouds: Cloud[] = ['aws', 'gcp'];

/** The functions in dist/. */
export const functions = (): Program[] =>
  clouds.flatMap((cloud) => (Object.keys(places) as Store[]).map((store) => of(cloud, store)));

/** Names of the yardsticks, with all that is in them. */
const sources = {
  'empty handler': 'export const handler = async () => ({ statusCode: 200 });',
  'bare postgrest-js': `export { PostgrestClient } from '@supabase/postgrest-js';`,
  'bare supabase-js': `export { createClient } from '@supabase/supabase-js';`,
  // Without a socket of its own Node 20 has none, and the client asks for one.
  'bare supabase-js, one client made': `
    import { createClient } from '@supabase/supabase-js';
    const auth = { persistSession: false, autoRefreshToken: false, detectSessionInUrl: false };
    const options = { auth, realtime: { transport: class {} } };
    export const client = createClient('http://127.0.0.1:9', 'sb_secret_nothing', options);`,
};

/** Bundles the yardsticks, each whole, into `folder`. */
export const makeYardsticks = async (folder: string): Promise<Program[]> =>
  Promise.all(
    Object.entries(sources).map(async ([name, contents]) => {
      const file = join(folder, `${name.replace(/[^a-z]+/g, '_')}.cjs`);
      await build({
        stdin: { contents, resolveDir: root },
        outfile: file,
        bundle: true,
        minify: true,
        platform: 'node',
        target: 'node20.19',
        format: 'cjs',
        legalComments: 'none',
        logLevel: 'warning',
      });
      return { name, file, bytes: statSync(file).size, before: null, env: {} };
    }),
  );
