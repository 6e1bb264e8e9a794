// Terraform itself: it reads all files, and says what comes of a person's values, or what is wrong with them.
import { join, relative, resolve } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { root } from '../structure/source.ts';
import { gcp, variable } from './hcl_gcp.ts';
import { copyOf, evaluate, missingTerraform, terraform, type Values } from './terraform_command.ts';

const postgres = { project_id: 'my-project', store: 'postgres' };
const supabase = {
  project_id: 'my-project',
  store: 'supabase',
  supabase_url: 'https://ref.supabase.co',
};

const accepted = (values: Values) => {
  const { code, said, locals } = evaluate(values);
  expect([code, said]).toEqual([0, said]);
  return locals;
};

const refusals: [string, string, Values][] = [
  ['a number for a project', 'project_id', { project_id: '123456789012' }],
  ['a zone for a region', 'region', { region: 'us-central1-a' }],
  ['a name too long for an account', 'name', { name: 'a'.repeat(21) }],
  ['a store that is a file', 'store', { store: 'sqlite' }],
  ['Supabase without its address', 'supabase_url', { store: 'supabase' }],
  [
    'Supabase by plain HTTP',
    'supabase_url',
    { ...supabase, supabase_url: 'http://ref.supabase.co' },
  ],
  ['an address of the store not chosen', 'supabase_url', { ...supabase, store: 'postgres' }],
  ['a value for the id of a secret', 'secret_id', { secret_id: 'postgres://me:pass@host/db' }],
  ['a drain too short', 'timeout_seconds', { timeout_seconds: 29 }],
  ['a drain longer than the schedule waits', 'timeout_seconds', { timeout_seconds: 1771 }],
  ['a part of a second', 'timeout_seconds', { timeout_seconds: 60.5 }],
  ['cron of six fields', 'schedule', { schedule: '0 */5 * * * *' }],
  ['a schedule in words', 'schedule', { schedule: 'every 5 minutes' }],
  ['a time zone in words', 'time_zone', { time_zone: 'Berlin time' }],
  ['memory without a unit', 'available_memory', { available_memory: '512' }],
  ['no instance at all', 'max_instance_count', { max_instance_count: 0 }],
  ['the full name of a topic', 'pubsub_topic', { pubsub_topic: 'projects/p/topics/t' }],
  ['an unknown log level', 'log_level', { log_level: 'loud' }],
  ['a secret among the settings', 'settings', { settings: { DATABASE_URL: 'x' } }],
  ['a second deadline', 'settings', { settings: { JOB_DEADLINE: '1' } }],
  ['a setting by its name in config.yaml', 'settings', { settings: { max_jobs: '1' } }],
  ['a value among the ids of secrets', 'secrets', { secrets: { API_KEY: 'key with spaces' } }],
  ['a secret that the store has', 'secrets', { secrets: { DATABASE_URL: 'id' } }],
  ['the keys of the API among other secrets', 'secrets', { secrets: { API_KEYS: 'id' } }],
  ['the keys of the API among the settings', 'settings', { settings: { API_KEYS: 'x' } }],
  ['keys instead of their id', 'api_keys_secret_id', { api_keys_secret_id: 'app:write:key' }],
  ['everybody who has an account', 'api_callers', { api_callers: ['allAuthenticatedUsers'] }],
  ['a caller without its kind', 'api_callers', { api_callers: ['me@example.com'] }],
  ['another setting of the API', 'api_settings', { api_settings: { API_KEYS: 'x' } }],
  ['no instance of the API', 'api_max_instance_count', { api_max_instance_count: 0 }],
  ['one name twice', 'secrets', { settings: { API_KEY: '1' }, secrets: { API_KEY: 'id' } }],
];

// Neither npm nor Debian brings the command; without it the other files still hold the layout to account.
const missing = missingTerraform();
if (missing !== undefined) console.warn(`skipped: ${missing}`);

(missing === undefined ? describe : describe.skip)('Terraform', () => {
  test('finds nothing to format', () => {
    expect(terraform(gcp, 'fmt', '-check', '-diff', '-recursive')).toEqual({ code: 0, said: ' ' });
  });

  test('can read the files together', () => {
    expect(terraform(copyOf(), 'get', '-no-color')).toMatchObject({ code: 0 });
  });

  test('makes of a few values one function with one secret, and all that has a default', () => {
    expect(accepted(postgres)).toMatchObject({
      attempt_deadline: '570s',
      functions: {
        tick: { name: 'cloud-jobs', entry_point: 'drain', timeout_seconds: 540, topic: null },
      },
      secrets: { DATABASE_URL: 'cloud-jobs-database-url' },
      settings: { LOG_LEVEL: 'info' },
    });
  });

  test('keeps the key of Supabase as a secret and its address as a setting', () => {
    expect(
      accepted({ ...supabase, name: 'nightly', settings: { JOB_MAX_JOBS: '5' } }),
    ).toMatchObject({
      secrets: { SUPABASE_SERVICE_ROLE_KEY: 'nightly-supabase-service-role-key' },
      settings: { SUPABASE_URL: 'https://ref.supabase.co', LOG_LEVEL: 'info', JOB_MAX_JOBS: '5' },
    });
  });

  test('takes secrets that are there under other names', () => {
    const values = { ...postgres, secret_id: 'prod-db', secrets: { API_KEY: 'prod-api-key' } };
    expect(accepted(values).secrets).toEqual({ DATABASE_URL: 'prod-db', API_KEY: 'prod-api-key' });
  });

  test('has an API only where there are keys for it, with the secret of the store besides', () => {
    expect(accepted(postgres).api_secrets).toEqual({});
    const values = { api_keys_secret_id: 'keys', api_callers: ['allUsers', 'user:me@example.com'] };
    const { api_secrets, secrets } = accepted({ ...supabase, ...values, secrets: { MINE: 'own' } });
    expect(api_secrets).toEqual({
      API_KEYS: 'keys',
      SUPABASE_SERVICE_ROLE_KEY: 'cloud-jobs-supabase-service-role-key',
    });
    expect(secrets).not.toHaveProperty('API_KEYS');
  });

  test('adds a function for a topic, which lasts no longer than Pub/Sub waits', () => {
    const { functions, apis } = accepted({
      ...postgres,
      pubsub_topic: 'wake',
      timeout_seconds: 1770,
    });
    expect(functions).toEqual({
      tick: { name: 'cloud-jobs', entry_point: 'drain', timeout_seconds: 1770, topic: null },
      message: {
        name: 'cloud-jobs-message',
        entry_point: 'drainEvent',
        timeout_seconds: 540,
        topic: 'wake',
      },
    });
    expect(apis).toEqual(
      expect.arrayContaining(['pubsub.googleapis.com', 'eventarc.googleapis.com']),
    );
    expect(accepted(postgres).apis).not.toContain('pubsub.googleapis.com');
  });

  test.each([30, 540, 1770])(
    'has the schedule wait longer than %i s, and never over 1800',
    (last) => {
      const { attempt_deadline } = accepted({ ...postgres, timeout_seconds: last });
      const seconds = Number(/^(\d+)s$/.exec(String(attempt_deadline))![1]);
      expect(seconds).toBeGreaterThan(last);
      expect(seconds).toBeLessThanOrEqual(1800);
    },
  );

  test.each([postgres, supabase])(
    'takes the code of the store from where it is built',
    async (values) => {
      const { source_dir } = accepted(values);
      const folder = relative(join(root, 'dist'), resolve(gcp, String(source_dir)));
      const { functions } = await import(join(root, 'infra/bundles/functions.mjs'));
      const built = functions.map(({ file }: { file: string }) => file);
      expect(built).toContain(`${folder.replaceAll('\\', '/')}/drain.cjs`);
    },
  );

  test.each(refusals)('refuses %s, naming %s', (_what, name, values) => {
    const { code, said } = evaluate({ ...postgres, ...values });
    expect(code).toBe(1);
    // One fault alone, and that of the variable in question: what is said is one of its sentences.
    expect(said.match(/Error: [^\n]*/g)).toHaveLength(1);
    const sentences = variable(name).blocks.map((each) =>
      JSON.parse(each.attributes.error_message!),
    );
    expect(sentences.filter((sentence) => said.includes(sentence))).toHaveLength(1);
  });
});
