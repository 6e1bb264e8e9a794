// What is in the bundle of each function, and what is not: asked of the bundler, not of the text.
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { beforeAll, describe, expect, test } from '@jest/globals';
import { type BuildOptions, build, type Metafile } from 'esbuild';
import { root } from '../structure/source.ts';
import type { Cloud } from './hosts/functions.ts';
import type { StoreName } from './hosts/shipped.ts';

interface Bundle {
  file: string;
  budget: number;
  options: BuildOptions;
}
type Name = 'drain' | 'http';
type FunctionOf = (cloud: Cloud, store: StoreName, module: null, name: Name) => Bundle;

let functionOf: FunctionOf;
beforeAll(async () => {
  const file = pathToFileURL(join(root, 'infra/bundles/functions.mjs')).href;
  ({ functionOf } = await import(file));
});

/** The bundle as the bundler sees it: its size, and the share of each file and package in it. */
const lookInto = async (cloud: Cloud, store: StoreName, name: Name) => {
  const { options, budget } = functionOf(cloud, store, null, name);
  const { metafile } = await build({
    absWorkingDir: root,
    bundle: true,
    platform: 'node',
    target: 'node20.19',
    legalComments: 'none',
    ...options,
    outfile: 'function.cjs',
    sourcemap: false,
    metafile: true,
    write: false,
  });
  const { bytes, inputs, imports } = (metafile as Metafile).outputs['function.cjs']!;
  const files = Object.entries(inputs).flatMap(([file, { bytesInOutput }]) =>
    bytesInOutput > 0 ? [file] : [],
  );
  const packages = files.flatMap(
    (file) => /^(?:rpc-only:)?(?:.*node_modules\/)?((?:@[^/]+\/)?[^/]+)\//.exec(file)?.[1] ?? [],
  );
  const named = (pattern: RegExp) => files.filter((file) => pattern.test(file));
  return {
    bytes,
    budget,
    packages: new Set(packages),
    named,
    outside: imports.map(({ path }) => path),
  };
};

const clouds: Cloud[] = ['aws', 'gcp'];
const stores: StoreName[] = ['sqlite', 'postgres', 'supabase'];
const names: Name[] = ['drain', 'http'];
const bundles = clouds.flatMap((cloud) =>
  stores.flatMap((store) => names.map((name) => [name, cloud, store] as const)),
);

/** Folders of what a function serves HTTP with. */
const web = /^src\/http\/|node_modules\/(hono|rate-limiter-flexible)\//;
/** What is apart from it, and what nobody asks of it. */
const notTheApis =
  /node_modules\/(prom-client|@hono)\/|^(dist|src\/dashboard)\/|RateLimiter(Redis|Postgres)/;

describe.each(bundles)('the function %s of %s with %s', (name, cloud, store) => {
  test('is within its budget, and has one cloud, one store, and no driver it does not need', async () => {
    const { bytes, budget, packages, named, outside } = await lookInto(cloud, store, name);
    expect(bytes).toBeLessThanOrEqual(budget);
    if (name === 'drain') expect(bytes).toBeLessThanOrEqual(420_000);
    expect(named(web).length > 0).toBe(name === 'http');
    expect(named(notTheApis)).toEqual([]);
    const otherCloud = cloud === 'aws' ? /^handlers\/gcp\// : /^handlers\/aws\//;
    expect(named(otherCloud)).toEqual([]);
    expect(named(/^handlers\//)).not.toEqual([]);
    expect(named(/^src\/cli\//)).toEqual([]);
    // What only `import` needs: the reader of earlier databases, and what it makes of them.
    expect(named(/^src\/(earlier\.ts|stores\/earlier\/|core\/import)/)).toEqual([]);
    expect(outside.includes('@google-cloud/functions-framework')).toBe(cloud === 'gcp');
    expect(packages).not.toContain('@google-cloud');
    const has = (name: RegExp) => named(name).length > 0;
    expect({
      sqlite: has(/^src\/stores\/sqlite\/open\.ts$/),
      pg: has(/node_modules\/pg\//),
      supabase: has(/node_modules\/@supabase\//),
    }).toEqual({
      sqlite: store === 'sqlite',
      pg: store === 'postgres',
      supabase: store === 'supabase',
    });
    expect(outside.includes('libsql')).toBe(store === 'sqlite');
    // Neither what listens and stores files, nor what only a YAML file needs.
    expect(named(/node_modules\/(@supabase\/(realtime|storage)-js|yaml)\//)).toEqual([]);
  });
});
