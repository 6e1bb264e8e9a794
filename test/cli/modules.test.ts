import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { loadJobModule } from '../../src/cli/modules.ts';
import { tempFolder } from '../support/temp.ts';

const config = '{ safeParseAsync: async (data) => ({ success: true, data }) }';
const definition = (type: string) => `{ type: '${type}', config: ${config}, run: () => null }`;

const load = (name: string, source: string) => {
  const folder = tempFolder();
  writeFileSync(join(folder, name), source);
  return loadJobModule(name, folder);
};

describe('a module of one’s own', () => {
  test('definitions are found by name, in arrays and in the default export, each once', async () => {
    const { jobs } = await load(
      'jobs.mjs',
      `export const one = ${definition('one')};
       export const more = [one, ${definition('two')}];
       export const other = 'not a job';
       export default more;`,
    );
    expect(jobs.map(({ type }) => type).sort()).toEqual(['one', 'two']);
  });

  test('the functions of `tasks` are handed on', async () => {
    const { jobs, tasks } = await load('t.mjs', `export const tasks = { hi: () => 'hi', no: 1 };`);
    expect(jobs).toEqual([]);
    expect(Object.keys(tasks)).toEqual(['hi']);
  });

  test('CommonJS is read, too', async () => {
    const { jobs } = await load('jobs.cjs', `module.exports = { one: ${definition('one')} };`);
    expect(jobs.map(({ type }) => type)).toEqual(['one']);
  });
});

describe('what is refused', () => {
  test.each([
    [
      'empty.mjs',
      'export const x = 1;',
      'exports no job type (an object with type, config and run) and no tasks; it exports x',
    ],
    ['throws.mjs', `throw new RangeError('not today');`, 'cannot be loaded: RangeError: not today'],
    [
      'named.mjs',
      `export const bad = ${definition('Not A Name')};`,
      'type: "Not A Name" cannot be used',
    ],
  ])('%s', async (name, source, message) => {
    await expect(load(name, source)).rejects.toThrow(message);
  });

  test('a path without a file', async () => {
    await expect(loadJobModule('gone.mjs', tempFolder())).rejects.toThrow(
      'Job module refused: gone.mjs: there is no such file (--jobs, JOB_MODULE)',
    );
  });
});
