// The list of the test files that take long.
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { expect, test } from '@jest/globals';
import { root } from '../structure/source.ts';

test('every test file that is said to take long is there, once', async () => {
  const sequencer = pathToFileURL(join(root, 'test/support/sequencer.mjs')).href;
  const { long } = (await import(sequencer)) as { long: string[] };
  expect(long.length).toBeGreaterThan(9);
  expect(long.filter((file) => !existsSync(join(root, file)))).toEqual([]);
  expect([...new Set(long)]).toEqual(long);
});
