// Settings of the HTTP API: keys are never kept or told, and where it listens is checked.
import { createHash } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeEach, describe, expect, test } from '@jest/globals';
import { SettingsError } from '../../src/errors.ts';
import { findKey } from '../../src/http/keys.ts';
import { loadSettings } from '../../src/settings.ts';
import { tempFolder } from '../support/temp.ts';

const KEY = 'k0-Ez_Long~Enough/And+More';
const sha256 = createHash('sha256').update(KEY).digest('hex');
const other = 'an-0ther-key-that-is-long';

let cwd: string;
beforeEach(() => {
  cwd = tempFolder();
});

const load = (env: Record<string, string>) => loadSettings({ env, cwd });
const put = (lines: string) => writeFileSync(join(cwd, 'config.yaml'), lines);

const problemsOf = async (env: Record<string, string>): Promise<string[]> => {
  const error = await load(env).catch((thrown: unknown) => thrown);
  if (!(error instanceof SettingsError)) throw new Error(`expected a SettingsError, got ${error}`);
  return error.problems.map(({ path, message }) => `${path}: ${message}`);
};

describe('API keys', () => {
  test('are named and scoped, and of each only the hash is kept', async () => {
    const hash = createHash('sha256').update(other).digest('hex');
    const env = { API_KEYS: `ci:write:${KEY}, wall.board_2:read:sha256:${hash.toUpperCase()},` };
    const { api_keys } = await load(env);
    expect(api_keys).toEqual([
      { name: 'ci', scope: 'write', sha256 },
      { name: 'wall.board_2', scope: 'read', sha256: hash },
    ]);
    expect(findKey(api_keys, KEY)?.name).toBe('ci');
    expect(findKey(api_keys, other)?.name).toBe('wall.board_2');
    expect(findKey(api_keys, hash)).toBeNull();
  });

  test('may be a list in config.yaml', async () => {
    put(`api_keys:\n  - ci:write:${KEY}\n  - board:read:${other}\n`);
    expect((await load({})).api_keys.map(({ name }) => name)).toEqual(['ci', 'board']);
  });

  const form = 'is not NAME:SCOPE:KEY, where SCOPE is read or write and KEY has 20 characters';
  test.each([
    [KEY, `entry 1 of 1 ${form}`],
    [`ci:${KEY}`, `entry 1 of 1 ${form}`],
    [`two words:write:${KEY}`, `entry 1 of 1 ${form}`],
    [`ok:read:${other},:write:${KEY}`, `entry 2 of 2 ${form}`],
    [`ci:admin:${KEY}`, 'entry 1 of 1 has a scope that is neither read nor write'],
    ['ci:write:tooShort', 'entry 1 of 1 has a key of less than 20 characters'],
    [`ci:write:${KEY} and more`, 'entry 1 of 1 has a key of less than 20 characters, or with a bl'],
    [`ci:write:${KEY}é`, 'entry 1 of 1 has a key of less than 20 characters'],
    [`ci:write:${KEY}:${KEY}`, 'entry 1 of 1 has a key of less than 20 characters'],
    [`ci:write:sha256:${sha256.slice(1)}`, 'entry 1 of 1 has a key of less than 20 characters'],
    [`ci:write:${KEY},ci:read:${other}`, 'entry 2 of 2 has the name of entry 1'],
    [`ci:write:${KEY},me:read:sha256:${sha256}`, 'entry 2 of 2 has the key of entry 1'],
  ])('%s are refused without being repeated', async (API_KEYS, sentence) => {
    const [problem = '', ...more] = await problemsOf({ API_KEYS });
    expect(more).toEqual([]);
    expect(problem.startsWith(`API_KEYS in the environment: ${sentence}`)).toBe(true);
    for (const part of API_KEYS.split(/[,:]/).filter((text) => text.length > 6)) {
      if (part !== 'sha256') expect(problem).not.toContain(part);
    }
  });

  test('are told of all at once, each by its place', async () => {
    const [problem = ''] = await problemsOf({
      API_KEYS: `x:write:short,ok:read:${other},y:all:${KEY}`,
    });
    expect(problem).toMatch(/entry 1 of 3 has a key .*; entry 3 of 3 has a scope that is neither/);
  });

  test.each(['5', '{ci: {write: hidden-hidden-hidden}}', '[[hidden-hidden-hidden]]'])(
    'that are %s in config.yaml are refused without being repeated',
    async (value) => {
      put(`api_keys: ${value}\n`);
      const [problem] = await problemsOf({});
      expect(problem).toContain(`api_keys in config.yaml: entry 1 of 1 ${form}`);
      expect(problem).not.toContain('hidden');
    },
  );
});

describe('where the API listens, and whom it believes', () => {
  test('is taken from the variables that platforms set', async () => {
    const env = { PORT: '0', HTTP_HOST: '::', TRUSTED_PROXIES: '2', RATE_LIMIT: '60' };
    expect(await load(env)).toMatchObject({
      http_port: 0,
      http_host: '::',
      trusted_proxies: 2,
      rate_limit: 60,
    });
  });

  test('is refused where it makes no sense, all at once', async () => {
    const env = { PORT: '65536', HTTP_HOST: 'a b', TRUSTED_PROXIES: '11', RATE_LIMIT: '0' };
    expect(await problemsOf(env)).toEqual([
      'HTTP_HOST in the environment: "a b" is not an address or a name of this machine, e.g. 127.0.0.1, ::1 or 0.0.0.0',
      'PORT in the environment: "65536" is not a port, 0 to 65535',
      'TRUSTED_PROXIES in the environment: "11" is not a whole number of 0 to 10',
      'RATE_LIMIT in the environment: "0" is not a whole number of 1 to 1000000',
    ]);
  });

  test('origins are read as browsers write them', async () => {
    const env = { CORS_ORIGINS: 'https://App.Example.com:443/, http://localhost:5173' };
    expect((await load(env)).cors_origins).toEqual([
      'https://app.example.com',
      'http://localhost:5173',
    ]);
    put('cors_origins: [https://a.example]\n');
    expect((await load({})).cors_origins).toEqual(['https://a.example']);
  });

  test.each([
    ['*', 'would let every page of the web ask'],
    ['https://a.example,*', 'would let every page of the web ask'],
    ['a.example', '"a.example" is not an origin such as https://app.example.com'],
    ['https://a.example/page', 'is not an origin'],
    ['https://a.example/?', 'is not an origin'],
    ['https://user:secret@a.example', 'is not an origin'],
    ['null', 'is not an origin'],
    ['ftp://a.example', 'is not an origin'],
  ])('%s is refused as an origin', async (CORS_ORIGINS, sentence) => {
    const problems = await problemsOf({ CORS_ORIGINS });
    expect(problems).toEqual([expect.stringContaining(sentence)]);
  });
});
