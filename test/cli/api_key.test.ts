import { beforeEach, describe, expect, test } from '@jest/globals';
import { findKey } from '../../src/http/keys.ts';
import { loadSettings } from '../../src/settings.ts';
import { type CommandLine, commandLine } from './command_line.ts';

let cli: CommandLine;
beforeEach(async () => {
  cli = await commandLine({ init: false });
});

const read = (API_KEYS: string) => loadSettings({ env: { API_KEYS }, cwd: cli.folder });

describe('api-key', () => {
  test('shows a key once, and the entry by which it is known', async () => {
    const { code, out, err } = await cli.run('api-key', 'ci');
    expect(code).toBe(0);
    const [, key = '', entry = ''] =
      /^key {4}(\S{43})\nentry {2}(ci:write:sha256:\S+)\n$/.exec(out) ?? [];
    expect(entry).not.toContain(key);
    expect(err).toBe('Add the entry to API_KEYS, after a comma; send the key as X-API-Key.\n');
    const { api_keys } = await read(entry);
    expect(findKey(api_keys, key)).toMatchObject({ name: 'ci', scope: 'write' });
  });

  test('of a scope, as JSON, is another one each time; all of them go together', async () => {
    const made = await Promise.all(
      ['a', 'b'].map((name) => cli.run('api-key', name, '--scope', 'read', '--json')),
    );
    const [one, other] = made.map(({ out }) => JSON.parse(out));
    expect(one).toMatchObject({ name: 'a', scope: 'read' });
    expect(one.key).not.toBe(other.key);
    const { api_keys } = await read(`${one.entry},${other.entry}`);
    expect(findKey(api_keys, other.key)).toMatchObject({ name: 'b', scope: 'read' });
  });

  test('needs neither a store nor settings that could be read', async () => {
    const { code } = await cli.runWith({ env: { JOB_MAX_JOBS: 'x' } }, 'api-key', 'ci');
    expect(code).toBe(0);
  });

  test.each(['two words', 'a:b', 'a,b', '', 'ü', 'a'.repeat(101)])(
    'is not made for the name "%s"',
    async (name) => {
      const { code, out, err } = await cli.run('api-key', name);
      expect({ code, out }).toEqual({ code: 2, out: '' });
      expect(err).toContain('is no name; expected 1 to 100 letters, digits, dots, dashes');
    },
  );

  test('has no scope but read and write', async () => {
    const { code, err } = await cli.run('api-key', 'ci', '--scope', 'admin');
    expect({ code, err }).toMatchObject({ code: 2, err: expect.stringContaining('read, write') });
  });
});
