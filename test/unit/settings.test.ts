import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeEach, describe, expect, test } from '@jest/globals';
import { SettingsError } from '../../src/errors.ts';
import { nearest } from '../../src/settings/nearest.ts';
import {
  loadSettings,
  resolveSettings,
  type SettingsInput,
  settingsTable,
} from '../../src/settings.ts';
import { tempFolder } from '../support/temp.ts';

let cwd: string;
beforeEach(() => {
  cwd = tempFolder();
});

const put = (name: string, text: string) => writeFileSync(join(cwd, name), text);
const load = (input: SettingsInput = {}) => loadSettings({ env: {}, cwd, ...input });

/** `path: message` of every problem. */
const problemsOf = async (input: SettingsInput = {}): Promise<string[]> => {
  const error = await load(input).catch((thrown: unknown) => thrown);
  if (!(error instanceof SettingsError)) throw new Error(`expected a SettingsError, got ${error}`);
  return error.problems.map(({ path, message }) => `${path}: ${message}`);
};

describe('where a value comes from', () => {
  test('without any source every setting has its default', async () => {
    const { settings, sources } = await resolveSettings({ env: {}, cwd });
    expect(settings).toEqual({
      database_url: 'sqlite:./cloud-jobs.db',
      supabase_url: null,
      supabase_service_role_key: null,
      supabase_anon_key: null,
      supabase_db_url: null,
      instance_id: expect.stringMatching(/^.+-\d+-[0-9a-f]{8}$/),
      lock_duration: null,
      max_jobs: null,
      deadline: null,
      poll_interval: 5,
      jobs: null,
      log_level: 'info',
      arxiv_api_url: 'https://export.arxiv.org/api/query',
      http_request_allow_private: false,
      http_request_secrets: [],
      alert_webhook_url: null,
      alert_after: 3,
      alert_slow_times: 5,
      api_keys: [],
      http_host: '127.0.0.1',
      http_port: 8080,
      trusted_proxies: 0,
      cors_origins: [],
      rate_limit: 6000,
      secrets: {},
    });
    expect(new Set(Object.values(sources))).toEqual(new Set(['default']));
  });

  test('flags stand over the environment, that over .env, that over config.yaml', async () => {
    put('config.yaml', 'poll_interval: 1\nmax_jobs: 1\ndeadline: 1\nlock_duration: 1\n');
    put('.env', 'JOB_MAX_JOBS=2\nJOB_DEADLINE=2\nJOB_LOCK_DURATION=2\n');
    const env = { JOB_DEADLINE: '3', JOB_LOCK_DURATION: '3' };
    const { settings, sources } = await resolveSettings({
      flags: { lock_duration: '4' },
      env,
      cwd,
    });
    expect(settings).toMatchObject({
      poll_interval: 1,
      max_jobs: 2,
      deadline: 3,
      lock_duration: 4,
    });
    expect(sources).toMatchObject({
      poll_interval: 'poll_interval in config.yaml',
      max_jobs: 'JOB_MAX_JOBS in .env',
      deadline: 'JOB_DEADLINE in the environment',
      lock_duration: '--lock-duration',
    });
  });

  test('a blank variable counts as not set', async () => {
    put('.env', 'JOB_MAX_JOBS=7');
    expect(await load({ env: { JOB_MAX_JOBS: '', LOG_LEVEL: ' \t' } })).toMatchObject({
      max_jobs: 7,
      log_level: 'info',
    });
  });

  test('an empty flag is refused, because somebody meant to write something', async () => {
    expect(await problemsOf({ flags: { instance_id: '' } })).toEqual([
      '--instance-id: "" is not a name of 1 to 200 characters',
    ]);
  });

  test('--config names another file, relative to the folder', async () => {
    mkdirSync(join(cwd, 'etc'));
    put('etc/mine.yaml', 'log_level: WARN\nhttp_request_allow_private: yes\n');
    expect(await load({ flags: { config: 'etc/mine.yaml' } })).toMatchObject({
      log_level: 'warn',
      http_request_allow_private: true,
    });
  });

  test('an empty config file is as good as none', async () => {
    put('config.yaml', '# nothing yet\n');
    expect(await load()).toMatchObject({ poll_interval: 5 });
  });

  test('the result and the secrets in it cannot be changed', async () => {
    const settings = await load({ env: { HTTP_REQUEST_SECRETS: 'A', A: 'x' } });
    expect(Object.isFrozen(settings)).toBe(true);
    expect(Object.isFrozen(settings.secrets)).toBe(true);
  });

  test('secrets are the named variables alone, from the environment or .env', async () => {
    put('.env', 'TOKEN=from-file\nOTHER=unnamed\n');
    const env = { HTTP_REQUEST_SECRETS: 'TOKEN, KEY,MISSING', KEY: 'from-env', HOME: '/root' };
    const settings = await load({ env });
    expect(settings.http_request_secrets).toEqual(['TOKEN', 'KEY', 'MISSING']);
    expect(settings.secrets).toEqual({ TOKEN: 'from-file', KEY: 'from-env' });
  });
});

describe('what is refused', () => {
  test('all problems of all sources come at once, each with its place, value and expectation', async () => {
    put('config.yaml', 'poll_interval: soon\nlog_level: loud\n');
    put('.env', 'JOB_MAX_JOBS=1.5\n');
    const problems = await problemsOf({
      flags: { lock_duration: '-1' },
      env: { JOB_DEADLINE: '1e3', ARXIV_API_URL: 'ftp://x', HTTP_REQUEST_SECRETS: 'A B' },
    });
    expect(problems).toEqual([
      '--lock-duration: "-1" is not a number of minutes above 0',
      'JOB_MAX_JOBS in .env: "1.5" is not a whole number of 1 or more',
      'JOB_DEADLINE in the environment: "1e3" is not a number of seconds above 0',
      'poll_interval in config.yaml: "soon" is not a number of seconds above 0',
      'log_level in config.yaml: "loud" is not debug, info, warn or error',
      'ARXIV_API_URL in the environment: "ftp://x" is not an http or https URL',
      'HTTP_REQUEST_SECRETS in the environment: "A B" is not names of environment variables, separated by commas',
    ]);
  });

  test.each([
    ['max_jobs: [1]', 'max_jobs in config.yaml: [1] is not a whole number of 1 or more'],
    ['max_jobs: true', 'max_jobs in config.yaml: true is not a whole number of 1 or more'],
    ['max_jobs: .inf', 'max_jobs in config.yaml: Infinity is not a whole number of 1 or more'],
    ['jobs: {a: 1}', 'jobs in config.yaml: {"a":1} is not the path of a module'],
  ])('%s in config.yaml is refused', async (line, problem) => {
    put('config.yaml', line);
    expect(await problemsOf()).toEqual([problem]);
  });

  test('an unknown key names the nearest known ones, or all when none is near', async () => {
    put('config.yaml', 'lock-duration: 5\nmax_job: 5\nserver: x\n');
    expect(await problemsOf()).toEqual([
      'lock-duration in config.yaml: unknown setting; did you mean lock_duration?',
      'max_job in config.yaml: unknown setting; did you mean max_jobs?',
      expect.stringMatching(/^server in config.yaml: unknown setting; known are database_url, /),
    ]);
  });

  test('secrets cannot be written into the config file', async () => {
    put('config.yaml', 'secrets: {TOKEN: hunter2}\n');
    const problems = await problemsOf();
    expect(problems).toHaveLength(1);
    expect(problems[0]).toMatch(/^secrets in config.yaml: unknown setting/);
    expect(problems[0]).not.toContain('hunter2');
  });

  test('a config file that was named must exist', async () => {
    expect(await problemsOf({ flags: { config: 'gone.yaml' } })).toEqual([
      '--config: there is no file gone.yaml',
    ]);
  });

  test('a config file that is no file, no YAML or no map is named with its fault', async () => {
    mkdirSync(join(cwd, 'dir'));
    put('bad.yaml', 'a: [1\nb: 2\n');
    put('list.yaml', '- 1\n');
    expect(await problemsOf({ flags: { config: 'dir' } })).toEqual([
      'dir: cannot be read (EISDIR)',
    ]);
    expect(await problemsOf({ flags: { config: 'bad.yaml' } })).toEqual([
      expect.stringMatching(/^bad.yaml: is not YAML: .*at line 2/),
    ]);
    expect(await problemsOf({ flags: { config: 'list.yaml' } })).toEqual([
      'list.yaml: holds no `setting: value` lines',
    ]);
  });

  test('a .env that cannot be read is a problem, not an absence', async () => {
    mkdirSync(join(cwd, '.env'));
    expect(await problemsOf()).toEqual(['.env: cannot be read (EISDIR)']);
  });
});

describe('the table', () => {
  test('every default passes its own schema or means "none"', () => {
    for (const { schema, fallback } of Object.values(settingsTable)) {
      const value = fallback();
      if (value !== null) expect(schema.safeParse(value).success).toBe(true);
    }
  });

  test('no two settings share a variable or a flag', () => {
    const rows = Object.values(settingsTable);
    const variables = rows.map(({ env }) => env);
    const flags = rows.flatMap(({ flag }) => flag ?? []);
    expect(new Set(variables).size).toBe(variables.length);
    expect(new Set(flags).size).toBe(flags.length);
  });

  test('the nearest names come first, and far ones not at all', () => {
    expect(nearest('databaseurl', ['jobs', 'database_url', 'log_level'])).toEqual(['database_url']);
    expect(nearest('job', ['jobs', 'deadline'])).toEqual(['jobs']);
    expect(nearest('zzz', ['jobs', 'deadline'])).toEqual([]);
  });
});
