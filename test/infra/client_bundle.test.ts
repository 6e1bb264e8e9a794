// The client as it is shipped: one file that runs wherever there is a `fetch`, and is found by its name.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { createContext, Script } from 'node:vm';
import { beforeAll, expect, test } from '@jest/globals';
import { transform } from 'esbuild';
import { build } from '../cli/bundle.ts';
import { root } from '../structure/source.ts';

const { exports } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
const file = join(root, exports['./client'].default);

beforeAll(build);

test('it needs nothing but itself and what browsers have', async () => {
  const code = readFileSync(file, 'utf8');
  expect(code).not.toMatch(/\bfrom\s*["']|\bimport\s*\(|\brequire\(/);
  // A page without modules: whatever it takes for granted beyond the language must be given to it.
  const { code: script } = await transform(code, { format: 'iife', globalName: 'client' });
  const page = { URL, location: { href: 'https://jobs.example.com/' }, window: {} };
  const context = createContext(page);
  new Script(script).runInContext(context);
  const { client } = context as unknown as { client: Record<string, unknown> };
  expect(Object.keys(client).toSorted()).toEqual(['ApiError', 'createClient']);
});

test('its types stand beside those of the library', () => {
  expect(exports['./client'].types).toBe('./dist/types/client/client.d.ts');
  const { files } = JSON.parse(readFileSync(join(root, 'infra/tsconfig.types.json'), 'utf8'));
  expect(files).toContain('../src/client/client.ts');
});
