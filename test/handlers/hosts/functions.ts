// The functions of one test file, with the job types of these tests in them: made before its tests,
// gone after them, and so are the processes.
import { randomUUID } from 'node:crypto';
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { type BuildOptions, build } from 'esbuild';
import { root } from '../../structure/source.ts';

export type Cloud = 'aws' | 'gcp';

export interface Functions {
  /** by cloud: the function's file */
  file: Record<Cloud, string>;
  /** aws_child.ts */
  aws_child: string;
  /** aws_http.ts */
  aws_http: string;
  /** loopback.ts */
  loopback: string;
  /** where all of them lie, for more that has to lie below the project */
  folder: string;
  remove(): void;
}

interface Bundle {
  file: string;
  options: BuildOptions;
}

/** The project's own way of bundling, which is plain JavaScript. */
const infra = (path: string) => import(pathToFileURL(join(root, 'infra', path)).href);

const here = (name: string): string => fileURLToPath(new URL(name, import.meta.url));
const jobs = here('../jobs.ts');

const plain = {
  bundle: true,
  platform: 'node',
  target: 'node20.19',
  format: 'esm',
  external: ['@google-cloud/functions-framework', 'libsql', 'pg', '@supabase/supabase-js'],
  logLevel: 'warning',
  outExtension: { '.js': '.mjs' },
} as const satisfies BuildOptions;

/** The sources as they stand: only their types are taken out. */
const fromSource = async (cloud: Cloud, outdir: string): Promise<string> => {
  const { ownJobs } = await infra('bundles/own_jobs.mjs');
  const entryPoints = [join(root, `handlers/${cloud}/drain.ts`)];
  await build({ ...plain, entryPoints, outdir, plugins: [ownJobs(root, jobs)] });
  return join(outdir, 'drain.mjs');
};

/** As `npm run build` makes them. */
const asShipped = async (cloud: Cloud, outdir: string): Promise<string> => {
  const { functionOf } = await infra('bundles/functions.mjs');
  const { buildBundle } = await infra('bundle.mjs');
  const bundle: Bundle = functionOf(cloud, 'sqlite', jobs);
  await buildBundle(bundle, outdir);
  return join(outdir, bundle.file);
};

const ways = { source: fromSource, bundle: asShipped };

/** What stands around functions. */
const programs = ['aws_child', 'aws_http', 'loopback'];

/** Below dist/, so that packages and sql/ are found from there. */
export const makeFunctions = async (
  way: keyof typeof ways,
  clouds: Cloud[],
): Promise<Functions> => {
  const outdir = join(root, 'dist/.run', `handlers-${randomUUID()}`);
  const remove = () => rmSync(outdir, { recursive: true, force: true });
  process.once('exit', remove);
  const make = async (cloud: Cloud) =>
    [cloud, clouds.includes(cloud) ? await ways[way](cloud, join(outdir, cloud)) : ''] as const;
  const [aws, gcp] = await Promise.all([
    make('aws'),
    make('gcp'),
    build({ ...plain, entryPoints: programs.map((name) => here(`${name}.ts`)), outdir }),
  ]);
  return {
    file: Object.fromEntries([aws, gcp]) as Functions['file'],
    aws_child: join(outdir, 'aws_child.mjs'),
    aws_http: join(outdir, 'aws_http.mjs'),
    loopback: join(outdir, 'loopback.mjs'),
    folder: outdir,
    remove,
  };
};
