// The command line on a Supabase project: the built file in processes of its own, supabase-js,
// PostgREST and the same database.
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeAll, expect, test } from '@jest/globals';
import { printPostgresSchema } from '../../src/stores/postgres/schema.ts';
import { newProject } from '../support/postgres.ts';
import { migrated } from '../support/postgres_data.ts';
import { query } from '../support/servers/postgres.ts';
import { describeSupabase, type Project, startProject } from '../support/supabase.ts';
import { tempFolder } from '../support/temp.ts';
import { build, commandsIn } from './bundle.ts';
import { nothing } from './job_types.ts';

beforeAll(build);

const folder = tempFolder();
writeFileSync(join(folder, 'jobs.mjs'), nothing);

describeSupabase('the command line on Supabase', () => {
  let project: Project;
  beforeAll(async () => {
    project = await startProject(migrated);
  });
  afterEach(() => {
    project.calm();
    project.requests.splice(0);
  });

  /** The project's address with what a test gives beside it; no secret may be told. */
  const using = (more: Record<string, string>) => {
    const env = { SUPABASE_URL: project.url, JOB_MODULE: 'jobs.mjs', ...more };
    const { run } = commandsIn(folder, env);
    return async (...words: string[]) => {
      const ran = await run(...words);
      const told = Object.entries(more).filter(([, value]) => (ran.out + ran.err).includes(value));
      expect(told.map(([name]) => name)).toEqual([]);
      return ran;
    };
  };

  test.each(['service_role_key', 'secret_key'] as const)(
    'with the %s a job goes through in two requests',
    async (kind) => {
      const run = using({ SUPABASE_SERVICE_ROLE_KEY: project[kind] });
      const doctor = await run('doctor', '--verbose');
      expect(doctor).toMatchObject({ code: 0, out: expect.stringMatching(/\nAll works\.\n$/) });
      expect(doctor.out).toContain(`✓ store      Supabase at ${new URL(project.url).host} answers`);
      const id = (await run('create', 'First', 'nothing')).out.trim();
      project.requests.splice(0);
      expect(await run('run')).toMatchObject({ code: 0, out: expect.stringContaining(id) });
      const paths = ['/rpc/claim_jobs', '/rpc/record_executions'];
      expect(project.requests.map(({ path }) => path)).toEqual(paths);
    },
  );

  test.each(['anon_key', 'publishable_key'] as const)(
    'with the %s alone it is refused, and doctor says why',
    async (kind) => {
      for (const name of ['SUPABASE_ANON_KEY', 'SUPABASE_SERVICE_ROLE_KEY']) {
        const run = using({ [name]: project[kind] });
        const { code, err } = await run('run');
        expect(code).toBe(2);
        expect(err).toMatch(/^error: Supabase at .* refuses the given user or key: .*\n$/);
        const doctor = await run('doctor');
        expect(doctor.code).toBe(1);
        expect(doctor.out).toContain(`\n! key        ${name} is a key of anon, which may do only`);
        expect(doctor.out).toMatch(/\n✗ store +Supabase at .* refuses the given user or key/);
      }
    },
  );

  test('with a key of another project it is refused: exit code 2', async () => {
    const strange = `${project.service_role_key.slice(0, -6)}AAAAAA`;
    for (const key of [strange, 'sb_secret_other']) {
      const { code, err } = await using({ SUPABASE_SERVICE_ROLE_KEY: key })('list');
      expect(code).toBe(2);
      expect(err).toMatch(/^error: Supabase at .* refuses the given user or key: .*\n$/);
    }
  });

  test('an API that is away for too long: exit code 3', async () => {
    project.misbehave('unavailable', 1000);
    const run = using({ SUPABASE_SERVICE_ROLE_KEY: project.service_role_key });
    const { code, err } = await run('run', '--deadline', '2');
    expect(code).toBe(3);
    expect(err).toMatch(/error: Supabase at .* does not answer: /);
    expect(project.requests.length).toBeGreaterThan(1);
  });

  test('init needs the database, and says what to do without', async () => {
    const key = { SUPABASE_SERVICE_ROLE_KEY: project.service_role_key };
    expect(await using(key)('init')).toMatchObject({
      code: 2,
      err: expect.stringMatching(
        /SUPABASE_DB_URL: is needed .*`cloud-jobs init --print` gives into the SQL editor\n$/,
      ),
    });
    expect(await using(key)('init', '--print')).toMatchObject({
      code: 0,
      out: printPostgresSchema(),
    });
    expect(project.requests).toEqual([]);
  });

  test('init over SUPABASE_DB_URL, or pasting what it prints, makes a project ready', async () => {
    const database = await newProject('closed');
    const key = { SUPABASE_SERVICE_ROLE_KEY: project.service_role_key };
    const init = await using({ ...key, SUPABASE_DB_URL: database.url })('init');
    expect(init.out).toMatch(/^Created the tables in Postgres database jobs_\w+ at 127/);

    const pasted = await startProject();
    const env = { SUPABASE_URL: pasted.url, SUPABASE_SERVICE_ROLE_KEY: pasted.secret_key };
    const { run } = commandsIn(folder, env);
    const before = await run('run');
    expect(before.code).toBe(2);
    expect(before.err).toMatch(/There are no cloud-jobs tables .*: run `cloud-jobs init`\.\n$/);
    await query(pasted.database.url, (await run('init', '--print')).out);
    await pasted.reload_schema();
    expect(await run('run')).toEqual({ code: 0, out: 'Nothing to do.\n', err: '' });
  });
});
