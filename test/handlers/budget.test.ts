// How large the cloud functions are, what is in them, and the bench that tells how long they take to load.
import { execFile } from 'node:child_process';
import { statSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { Script } from 'node:vm';
import { beforeAll, describe, expect, test } from '@jest/globals';
import { type BuildOptions, build as bundle } from 'esbuild';
import { build } from '../cli/bundle.ts';
import { tempFile, tempFolder } from '../support/temp.ts';

interface Bundle {
  file: string;
  budget: number;
  options: BuildOptions;
}
interface Functions {
  functions: Bundle[];
  functionOf(cloud: string, store: string, module: string | null): Bundle;
}

const root = fileURLToPath(new URL('../..', import.meta.url));
const load = (): Promise<Functions> => import(join(root, 'infra/bundles/functions.mjs'));
const sizeOf = (file: string): number => statSync(join(root, 'dist', file)).size;

const clouds = ['aws', 'gcp'];
const stores = ['sqlite', 'postgres', 'supabase'];

beforeAll(build);

/** A function's code, and the names of the packages of which there is any in it. */
const contentOf = async ({ options }: Bundle) => {
  const { metafile, outputFiles } = await bundle({
    ...options,
    absWorkingDir: root,
    bundle: true,
    platform: 'node',
    outfile: tempFile('drain.cjs'),
    sourcemap: false,
    metafile: true,
    write: false,
  });
  const files = Object.values(metafile.outputs).flatMap(({ inputs }) =>
    Object.entries(inputs).flatMap(([file, { bytesInOutput }]) => (bytesInOutput > 0 ? file : [])),
  );
  const names = files.flatMap((file) => {
    const [, name] = /.*node_modules\/((?:@[^/]+\/)?[^/]+)/.exec(file) ?? [];
    return name ?? [];
  });
  return { packages: [...new Set(names)].sort(), code: outputFiles.map(({ text }) => text).join() };
};

describe('a cloud function', () => {
  test.each(clouds)('of %s with Supabase is at most 420,000 bytes', async (cloud) => {
    const { functions } = await load();
    const file = `functions/${cloud}/supabase/drain.cjs`;
    const { budget } = functions.find((each) => each.file === file)!;
    expect(budget).toBeLessThanOrEqual(420_000);
    expect(sizeOf(file)).toBeLessThanOrEqual(budget);
  });

  test('and every file beside it keeps to its budget', async () => {
    const { functions } = await load();
    expect(functions.length).toBeGreaterThanOrEqual(clouds.length * stores.length);
    const over = functions.filter(({ file, budget }) => sizeOf(file) > budget);
    expect(over.map(({ file }) => file)).toEqual([]);
  });

  test.each(clouds)('of %s has of Supabase only what calls SQL functions', async (cloud) => {
    const { functionOf } = await load();
    const { packages } = await contentOf(functionOf(cloud, 'supabase', null));
    const ours = packages.filter((name) => name.startsWith('@supabase/'));
    expect(ours).toEqual(['@supabase/postgrest-js', '@supabase/supabase-js']);
  });

  test('has the whole client of Supabase for job types of the person’s own', async () => {
    const { functionOf } = await load();
    const folder = tempFolder();
    const module = join(folder, 'jobs.mjs');
    symlinkSync(join(root, 'node_modules'), join(folder, 'node_modules'));
    writeFileSync(module, `export { createClient } from '@supabase/supabase-js';`);
    const { packages, code } = await contentOf(functionOf('aws', 'supabase', module));
    // It can be loaded: parsed, nothing more.
    expect(() => new Script(code)).not.toThrow();
    expect(packages).toEqual(
      expect.arrayContaining([
        '@supabase/auth-js',
        '@supabase/realtime-js',
        '@supabase/storage-js',
      ]),
    );
  });
});

describe('npm run bench -- coldstart', () => {
  test('tells size, load, process and memory of every function and of what stands beside it', async () => {
    const words = ['test/bench/main.ts', 'coldstart', '--quick', '--json'];
    const { stdout } = await promisify(execFile)(process.execPath, ['infra/run.mjs', ...words], {
      cwd: root,
    });
    const figures: { name: string; value: number }[] = JSON.parse(stdout).benches.coldstart;
    const valueNamed = (name: string) => figures.find((figure) => figure.name === name)?.value;
    const own = clouds.flatMap((cloud) => stores.map((store) => `${cloud} ${store}`));
    for (const name of own) {
      expect(valueNamed(`${name}, size`)).toBe(
        sizeOf(`functions/${name.replace(' ', '/')}/drain.cjs`),
      );
      expect(valueNamed(`${name} ÷ bare supabase-js, load`)).toBeGreaterThan(0);
    }
    for (const name of [...own, 'empty handler', 'bare postgrest-js', 'bare supabase-js']) {
      for (const what of ['load', 'load and warm-up', 'whole process', 'memory']) {
        expect([name, what, valueNamed(`${name}, ${what}`)]).toEqual([
          name,
          what,
          expect.any(Number),
        ]);
      }
    }
    expect(valueNamed('aws sqlite, load and first answer, nothing to do')).toBeGreaterThan(0);
  }, 180_000);
});
