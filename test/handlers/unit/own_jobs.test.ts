// Job types of the person's own, as they are built into a function: they get what they import.
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { expect, test } from '@jest/globals';
import { build } from 'esbuild';
import { root } from '../../structure/source.ts';
import { tempFolder } from '../../support/temp.ts';

const infra = (path: string) => import(pathToFileURL(join(root, 'infra', path)).href);

/** The text of a function with this module built in. */
const functionWith = async (module: string): Promise<string> => {
  const folder = tempFolder();
  const path = join(folder, 'own.mjs');
  writeFileSync(path, module);
  const { functionOf } = await infra('bundles/functions.mjs');
  const { options } = functionOf('aws', 'postgres', path);
  const outfile = join(folder, 'drain.cjs');
  const banner = options.banner;
  await build({
    absWorkingDir: root,
    bundle: true,
    platform: 'node',
    target: 'node20.19',
    logLevel: 'silent',
    nodePaths: [join(root, 'node_modules')],
    ...options,
    banner,
    outfile,
  });
  expect(existsSync(outfile)).toBe(true);
  return readFileSync(outfile, 'utf8');
};

test('the web platform, and the whole of a package of which the function itself has a part apart', async () => {
  const text = await functionWith(`
    import { stringify } from 'yaml';
    import { defineJob, z } from 'cloud-jobs';
    const run = () => [new Response('hi').status, stringify({ a: 1 })];
    export const own = defineJob({ type: 'own', config: z.object({}), run });`);
  expect(text).toContain('new Response("hi")');
  // Both the function's own, apart, and that of the module, inside.
  expect(text).toContain('require("./yaml.cjs")');
  expect(text).toMatch(/stringify/);
  expect(text.length).toBeGreaterThan(390_000);
});
