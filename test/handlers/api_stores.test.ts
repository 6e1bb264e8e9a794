// The API's functions with the stores that clouds have: a real Postgres, a real PostgREST before it.
import { expect, test } from '@jest/globals';
import { cloudRunHost, functionUrlHost } from '../http/behaviour/hosts/clouds.ts';
import type { ApiHost } from '../http/behaviour/hosts/host.ts';
import { describePostgres, newDatabase } from '../support/postgres.ts';
import { migrated } from '../support/postgres_data.ts';
import { databaseEnv, projectEnv } from '../support/runner.ts';
import { describeSupabase, startProject } from '../support/supabase.ts';
import { API_KEYS, ask, startApi } from './api_asking.ts';
import type { StoreName } from './hosts/shipped.ts';

type Env = Record<string, string>;

const on = (store: StoreName): [cloud: string, host: ApiHost][] => [
  ['Lambda', functionUrlHost('Lambda', store)],
  ['Cloud Functions', cloudRunHost('Cloud Functions', store)],
];

/** Says nothing of itself but what it serves; creates, shows and counts a job, and follows it to its end. */
const serves = async (host: ApiHost, store: StoreName, env: Env) => {
  const served = await startApi(host, { API_KEYS, ...env });
  const health = await ask(served, '/healthz', {});
  expect(health).toMatchObject({ status: 200, json: { status: 'ok', store } });
  const created = await ask(served, '/api/v1/jobs', undefined, {
    name: 'over HTTP',
    job_type: 'maintenance',
    unique_key: 'one',
  });
  const { job_id } = created.json as { job_id: string };
  const path = `/api/v1/jobs/${job_id}`;
  const shown = await ask(served, path);
  expect(shown.json).toMatchObject({ status: 'waiting', actor: 'ops', source_ip: host.source_ip });
  const cancelled = await ask(served, `${path}/cancel`, undefined, {});
  expect(cancelled.json).toMatchObject({ status: 'cancelled' });
  const events = await ask(served, `${path}/stream`);
  expect(events.text).toContain('event: end\ndata: {"status":"cancelled"}');
  expect((await ask(served, '/api/v1/stats')).status).toBe(200);
  expect((await ask(served, '/metrics')).text).toContain('\ncloud_jobs_store_up 1\n');
  await served.stop();
};

/** Whatever is asked, and `secret` is nowhere. */
const fails = async (host: ApiHost, env: Env, secret: string, status: number, code: string) => {
  const served = await startApi(host, { API_KEYS, ...env });
  const { json, text, ...answer } = await ask(served, '/api/v1/jobs');
  expect({ status: answer.status, json }).toMatchObject({ status, json: { code } });
  const stderr = await served.stop();
  expect(Object.values(env).join()).toContain(secret);
  expect(text + stderr).not.toContain(secret);
};

describePostgres('the API with Postgres', () => {
  test.each(on('postgres'))('on %s serves', async (_cloud, host) => {
    await serves(host, 'postgres', databaseEnv((await newDatabase(migrated)).url));
  });

  test.each(on('postgres'))('on %s says that it has no tables', async (_cloud, host) => {
    const { url } = await newDatabase();
    await fails(host, databaseEnv(url), new URL(url).password, 503, 'schema_missing');
  });

  test.each(on('postgres'))('on %s is refused with a wrong password', async (_cloud, host) => {
    const url = new URL((await newDatabase(migrated)).url);
    url.password = 'hidden-word';
    await fails(host, databaseEnv(url.href), 'hidden-word', 500, 'store_refused');
  });

  test.each(on('postgres'))('on %s refuses a file', async (_cloud, host) => {
    const env = { DATABASE_URL: 'sqlite:/tmp/of-another-store.db' };
    await fails(host, env, 'of-another-store', 500, 'settings_invalid');
  });
});

describeSupabase('the API with Supabase', () => {
  test.each(on('supabase'))('on %s serves', async (_cloud, host) => {
    await serves(host, 'supabase', projectEnv(await startProject(migrated)));
  });

  test.each(on('supabase'))('on %s is refused with a wrong key', async (_cloud, host) => {
    const { url } = await startProject(migrated);
    const env = { SUPABASE_URL: url, SUPABASE_SERVICE_ROLE_KEY: 'sb_secret_hidden-word' };
    await fails(host, env, 'hidden-word', 500, 'store_refused');
  });
});
