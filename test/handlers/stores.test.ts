// The shipped functions with the stores that clouds have: a real Postgres, a real PostgREST before it.
import { afterAll, expect, test } from '@jest/globals';
import type { Store } from '../../src/core/store.ts';
import { openPostgres } from '../../src/stores/postgres.ts';
import { root } from '../structure/source.ts';
import { newJob } from '../support/jobs.ts';
import { describePostgres, newDatabase, newProject } from '../support/postgres.ts';
import { migrated } from '../support/postgres_data.ts';
import { databaseEnv, projectEnv } from '../support/runner.ts';
import type { Template } from '../support/servers/database.ts';
import { detailOf } from '../support/store.ts';
import { describeSupabase, startProject } from '../support/supabase.ts';
import { tempFolder } from '../support/temp.ts';
import { expectAnswer } from './behaviour/answers.ts';
import { linesOf } from './behaviour/log.ts';
import { awsHost } from './hosts/aws.ts';
import type { Cloud } from './hosts/functions.ts';
import { gcpHost } from './hosts/gcp.ts';
import { errorOf } from './hosts/host.ts';
import { serverless } from './hosts/serverless.ts';
import { type StoreName, shippedFile, useShipped } from './hosts/shipped.ts';

const functions = useShipped();
const hosts = { aws: awsHost('Lambda', functions), gcp: gcpHost('Cloud Functions', functions) };
const clouds: Cloud[] = ['aws', 'gcp'];

const stores: Store[] = [];
afterAll(async () => {
  for (const store of stores.splice(0)) await store.close();
});

type Env = Record<string, string>;

const start = (cloud: Cloud, name: StoreName, env: Env, time_left_seconds = 60) =>
  hosts[cloud].start({ cwd: tempFolder(), file: shippedFile(cloud, name), env, time_left_seconds });

/** Drains a job that succeeds and one that fails, and then finds nothing. */
const drains = async (cloud: Cloud, name: StoreName, url: string, env: Env) => {
  const store = await openPostgres(url);
  stores.push(store);
  const good = newJob({ job_type: 'maintenance', priority: 10 });
  const bad = newJob({ job_type: 'custom', config: { task_type: 'none' }, max_retries: 0 });
  await store.createJobs([good, bad]);
  const host = hosts[cloud];
  const instance = await start(cloud, name, env);
  const { order, trigger } = host.tick(1);
  const outcomes = { success: 1, failed: 1 };
  expectAnswer(host, await instance.send(order), { picked: 2, outcomes });
  expect(await detailOf(store, good.job_id)).toMatchObject({
    job: { status: 'success' },
    executions: [{ status: 'success', trigger }],
  });
  expect((await detailOf(store, bad.job_id)).job.status).toBe('failed');
  expectAnswer(host, await instance.send(order), { picked: 0, outcomes: {} });
  const { stdout, stderr } = await instance.stop();
  expect(stdout).toBe('');
  linesOf(stderr);
};

interface Failure {
  /** what the invocation has; one that waits for its store takes all of it */
  seconds: number;
  status: number;
  code: string;
  words: string;
}

/** The invocation fails with these words, and what is secret in `env` is nowhere. */
const fails = async (cloud: Cloud, name: StoreName, env: Env, secret: string, failure: Failure) => {
  const host = hosts[cloud];
  const instance = await start(cloud, name, env, failure.seconds);
  const reply = await instance.send(host.tick(1).order);
  expect(reply.status).toBe(cloud === 'gcp' ? failure.status : 500);
  expect(errorOf(reply)).toContain(failure.words);
  const { stderr } = await instance.stop();
  const lines = linesOf(stderr);
  const asked = lines.filter(({ event }) => event === 'store.retried');
  expect(asked.length > 0).toBe(failure === away);
  expect(lines.at(-1)).toMatchObject({ code: failure.code, reason: errorOf(reply) });
  expect(Object.values(env).join()).toContain(secret);
  expect(stderr + JSON.stringify(reply)).not.toContain(secret);
};

const noTables = {
  seconds: 20,
  status: 503,
  code: 'schema_missing',
  words: 'run `cloud-jobs init`',
};
const otherStore = {
  seconds: 20,
  status: 500,
  code: 'settings_invalid',
  words: 'name another store than',
};
const refused = { seconds: 20, status: 500, code: 'store_refused', words: '127.0.0.1' };
const away = { seconds: 3, status: 503, code: 'store_unavailable', words: '127.0.0.1' };

describePostgres('a function with Postgres', () => {
  test.concurrent.each(clouds)('on %s drains', async (cloud) => {
    const { url } = await newDatabase(migrated);
    await drains(cloud, 'postgres', url, databaseEnv(url));
  });

  test.concurrent('drains by `serverless invoke local`, which then exits', async () => {
    const { url } = await newDatabase(migrated);
    const store = await openPostgres(url);
    stores.push(store);
    const job = newJob({ job_type: 'maintenance' });
    await store.createJobs([job]);
    // Without it the command waits for an event on stdin, which nobody closes here.
    const words = ['invoke', 'local', '-f', 'jobRunner', '--data', '{}'];
    const { code, stdout } = await serverless(words, { cwd: root, env: databaseEnv(url) }).ended;
    expect(code).toBe(0);
    expect(JSON.parse(stdout)).toMatchObject({ statusCode: 200, outcomes: { success: 1 } });
    expect((await detailOf(store, job.job_id)).job.status).toBe('success');
  });

  test.concurrent.each(clouds)('on %s fails when nobody listens', async (cloud) => {
    const env = databaseEnv('postgres://user:hidden-word@127.0.0.1:1/jobs');
    await fails(cloud, 'postgres', env, 'hidden-word', away);
  });

  test.concurrent.each(clouds)('on %s fails when the password is wrong', async (cloud) => {
    const url = new URL((await newDatabase(migrated)).url);
    url.password = 'hidden-word';
    await fails(cloud, 'postgres', databaseEnv(url.href), 'hidden-word', refused);
  });

  test.concurrent.each(clouds)(
    'on %s fails without tables, and says what to run',
    async (cloud) => {
      const { url } = await newDatabase();
      await fails(cloud, 'postgres', databaseEnv(url), new URL(url).password, noTables);
    },
  );

  test.concurrent.each(clouds)('on %s refuses a file', async (cloud) => {
    const env = { DATABASE_URL: 'sqlite:/tmp/of-another-store.db' };
    await fails(cloud, 'postgres', env, 'of-another-store', otherStore);
  });
});

/** Projects in which nothing is done; a PostgREST of its own for each test would take its time. */
const untouched = new Map<Template | undefined, ReturnType<typeof startProject>>();
const untouchedProject = (template?: Template) => {
  const project = untouched.get(template) ?? startProject(template);
  untouched.set(template, project);
  return project;
};

describeSupabase('a function with Supabase', () => {
  test.concurrent.each(clouds)('on %s drains', async (cloud) => {
    const project = await startProject(migrated);
    await drains(cloud, 'supabase', project.database.url, projectEnv(project));
  });

  test.concurrent.each(clouds)('on %s fails while its database is away', async (cloud) => {
    const project = await untouchedProject(migrated);
    project.misbehave('unavailable', 1000);
    await fails(cloud, 'supabase', projectEnv(project), project.service_role_key, away);
  });

  test.concurrent.each(clouds)('on %s fails when its key is wrong', async (cloud) => {
    const { url } = await untouchedProject(migrated);
    const env = { SUPABASE_URL: url, SUPABASE_SERVICE_ROLE_KEY: 'sb_secret_hidden-word' };
    await fails(cloud, 'supabase', env, 'hidden-word', refused);
  });

  test.concurrent.each(clouds)(
    'on %s fails without tables, and says what to run',
    async (cloud) => {
      const project = await untouchedProject();
      await fails(cloud, 'supabase', projectEnv(project), project.service_role_key, noTables);
    },
  );

  test.concurrent.each(clouds)('on %s refuses a database that is named besides', async (cloud) => {
    const { url } = await newProject('closed');
    await fails(cloud, 'supabase', databaseEnv(url), new URL(url).password, otherStore);
  });
});
