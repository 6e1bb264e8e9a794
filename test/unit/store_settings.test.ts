// The settings that say where jobs are kept: which of them count, and what is wrong with them.
import { describe, expect, test } from '@jest/globals';
import { SettingsError } from '../../src/errors.ts';
import { loadSettings, resolveSettings, type SettingsInput } from '../../src/settings.ts';
import { tempFolder } from '../support/temp.ts';

const cwd = tempFolder();
const load = (input: SettingsInput) => loadSettings({ env: {}, cwd, ...input });
const loadEnv = (env: Record<string, string>) => load({ env });

/** `path: message` of every problem. */
const problemsOf = async (env: Record<string, string>): Promise<string[]> => {
  const error = await loadEnv(env).catch((thrown: unknown) => thrown);
  if (!(error instanceof SettingsError)) throw new Error('expected a SettingsError');
  expect(error.message).not.toContain('hunter2');
  return error.problems.map(({ path, message }) => `${path}: ${message}`);
};

/** The one problem of a value in that variable. */
const faultOf = async (name: string, value: string, more = {}): Promise<string> => {
  const problems = await problemsOf({ ...more, [name]: value });
  expect(problems).toHaveLength(1);
  const start = `${name} in the environment: `;
  expect(problems[0]?.slice(0, start.length)).toBe(start);
  return problems[0]?.slice(start.length) ?? '';
};

const project = {
  SUPABASE_URL: 'https://abcd.supabase.co',
  SUPABASE_SERVICE_ROLE_KEY: 'sb_secret_hunter2',
};

describe('DATABASE_URL', () => {
  test.each([
    'sqlite:jobs.db',
    'sqlite:///var/lib/jobs.db',
    'sqlite:./with space.db',
    'postgres://db.example.com',
    'postgresql://me:p%40ss%2Fword@db.example.com:6543/jobs?sslmode=verify-full',
    'postgres://me:p@ss@db/jobs',
    'postgres://me:word@db/jobs?application_name=a@b',
    'postgres:///jobs?user=me&host=/var/run/postgresql',
    'postgres://me:word@[::1]:5432/jobs',
  ])('%s is accepted as it is', async (database_url) => {
    const settings = await loadEnv({ DATABASE_URL: `${database_url}\n` });
    expect(settings).toMatchObject({ database_url, supabase_url: null });
  });

  const escaping = /^cannot be read; expected postgres:.* %40 for @, %23 for #, %2F for \//;
  test.each([
    ['postgres://me:hunter2 x@db/jobs', /^holds a space; write it as %20$/],
    ['postgres://me:hunter2#x@db/jobs', escaping],
    ['postgres://me:hunter2/x@db/jobs', escaping],
    ['postgres://me:12/hunter2@db/jobs', escaping],
    ['postgres://me:12?hunter2@db/jobs', escaping],
    ['postgres://me:12#hunter2@db/jobs', escaping],
    ['postgres://me:hunter2:x@db:99999/jobs', escaping],
    ['postgres://me:hunter2%@db/jobs', /^holds a % that .* write it as %25$/],
    ['postgres://me:hunter2@db/100%', /^holds a % that .* write it as %25$/],
    ['postgres://me:[YOUR-PASSWORD]@db/jobs', /^still holds \[YOUR-PASSWORD\]/],
    ['postgres:///hunter2', /^names no host; expected postgres:/],
    ['postgres:hunter2', /^is not an address of the form sqlite:PATH or postgres:/],
    ['mysql://me:hunter2@db/jobs', /^is not an address of the form sqlite:PATH or postgres:/],
    ['hunter2.db', /^is not an address of the form sqlite:PATH or postgres:/],
    ['sqlite:', /^is not an address of the form sqlite:PATH or postgres:/],
    ['sqlite::memory:', /^is not an address of the form sqlite:PATH or postgres:/],
    ['https://hunter2.supabase.co', /^is no database address; .* SUPABASE_URL and SUPABASE_SERVI/],
    ['nats://hunter2', /^this version has no NATS store yet; set DATABASE_URL to sqlite:PATH,/],
    ['rediss://hunter2', /^this version has no Redis store yet;/],
    ['consul://hunter2', /^this version has no Consul-resolved store yet;/],
  ])('%s is refused with what to do, and not repeated', async (value, sentence) => {
    expect(await faultOf('DATABASE_URL', value)).toMatch(sentence);
  });

  test('NATS_URL alone asks for a store this version does not have', async () => {
    expect(await faultOf('NATS_URL', 'nats://x')).toMatch(/^this version has no NATS store yet;/);
    const elsewhere = { NATS_URL: 'nats://x', DATABASE_URL: 'sqlite:a.db' };
    expect((await loadEnv(elsewhere)).database_url).toBe('sqlite:a.db');
  });
});

describe('a Supabase project', () => {
  test('is used when its address and a key are given and no DATABASE_URL is', async () => {
    const database = 'postgres://postgres:hunter2@db.abcd.supabase.co:5432/postgres';
    const env = { ...project, SUPABASE_DB_URL: database, DATABASE_URL: ' ' };
    expect(await loadEnv(env)).toMatchObject({
      database_url: null,
      supabase_url: 'https://abcd.supabase.co',
      supabase_service_role_key: 'sb_secret_hunter2',
      supabase_anon_key: null,
      supabase_db_url: database,
    });
  });

  test('may have the anon key alone, and stand under a path of its own', async () => {
    const env = { SUPABASE_URL: 'http://localhost:8000/api', SUPABASE_ANON_KEY: 'eyJh.b.c\n' };
    expect(await loadEnv(env)).toMatchObject({
      database_url: null,
      supabase_url: 'http://localhost:8000/api',
      supabase_anon_key: 'eyJh.b.c',
    });
  });

  test('is left alone, even when it makes no sense, beside a DATABASE_URL', async () => {
    const env = { SUPABASE_URL: 'somewhere', SUPABASE_DB_URL: '-', DATABASE_URL: 'sqlite:a.db' };
    const { settings, sources } = await resolveSettings({ env, cwd });
    expect(settings).toMatchObject({ database_url: 'sqlite:a.db', supabase_url: null });
    expect(sources).toMatchObject({ supabase_url: 'default', supabase_db_url: 'default' });
  });

  test('counts over a DATABASE_URL when a program names it', async () => {
    const flags = { supabase_url: project.SUPABASE_URL, supabase_anon_key: 'key' };
    const env = { DATABASE_URL: 'sqlite:a.db' };
    expect(await load({ flags, env })).toMatchObject({
      database_url: null,
      supabase_url: 'https://abcd.supabase.co',
    });
  });

  test.each([
    [
      { SUPABASE_URL: project.SUPABASE_URL },
      "SUPABASE_SERVICE_ROLE_KEY: is not set, but SUPABASE_URL in the environment is; set it to the project's secret key, or DATABASE_URL to keep jobs elsewhere",
    ],
    [
      { SUPABASE_ANON_KEY: 'hunter2' },
      "SUPABASE_URL: is not set, but SUPABASE_ANON_KEY in the environment is; set it to the project's address, or DATABASE_URL to keep jobs elsewhere",
    ],
    [
      { SUPABASE_DB_URL: 'postgres://me:hunter2@db/postgres' },
      "SUPABASE_URL: is not set, but SUPABASE_DB_URL in the environment is, which only `init` uses; set it to the project's address, or DATABASE_URL to keep jobs elsewhere",
    ],
  ])('is not guessed from half of what it needs: %j', async (env, problem) => {
    expect(await problemsOf(env)).toEqual([problem]);
  });

  test.each([
    [
      'SUPABASE_URL',
      'https://supabase.com/dashboard/project/hunter2',
      /^is an address of the dash/,
    ],
    ['SUPABASE_URL', 'https://abcd.supabase.co/rest/v1/', /^says more than where the project is;/],
    ['SUPABASE_URL', 'https://abcd.supabase.co?apikey=hunter2', /^says more than where the proj/],
    [
      'SUPABASE_URL',
      'postgres://me:hunter2@db/x',
      /^is the address of a database, which goes into/,
    ],
    ['SUPABASE_URL', 'abcd.supabase.co', /^cannot be read; expected the API address/],
    ['SUPABASE_URL', 'https://', /^cannot be read; expected the API address/],
    ['SUPABASE_URL', 'https://me:hunter2@abcd.supabase.co', /^cannot be read;/],
    ['SUPABASE_SERVICE_ROLE_KEY', 'hunter2 x', /^is no key of a Supabase project;/],
    ['SUPABASE_ANON_KEY', 'hunter2\nx', /^is no key of a Supabase project;/],
    [
      'SUPABASE_DB_URL',
      'https://abcd.supabase.co',
      /^is not the address of the project's database/,
    ],
    ['SUPABASE_DB_URL', 'sqlite:hunter2', /^is not the address of the project's database/],
    ['SUPABASE_DB_URL', 'postgres://me:hunter2/x@db/y', /^cannot be read; expected postgres:/],
  ])('%s=%j is refused with what to do, and not repeated', async (name, value, sentence) => {
    expect(await faultOf(name, value, project)).toMatch(sentence);
  });

  test('has all its problems told at once', async () => {
    const env = { SUPABASE_URL: 'x', SUPABASE_DB_URL: 'y', JOB_MAX_JOBS: 'z' };
    expect((await problemsOf(env)).map((problem) => problem.split(':')[0])).toEqual([
      'SUPABASE_URL in the environment',
      'SUPABASE_DB_URL in the environment',
      'JOB_MAX_JOBS in the environment',
      'SUPABASE_SERVICE_ROLE_KEY',
    ]);
  });
});
