// Who holds the anon key, or is merely logged in, reaches nothing over HTTP; the service key all.
import { beforeAll, expect, test } from '@jest/globals';
import { migratePostgres } from '../../src/stores/postgres/migrate.ts';
import { POSTGRES_SCHEMA_VERSION } from '../../src/stores/postgres/schema.ts';
import { type Role, token } from '../support/servers/keys.ts';
import { describeSupabase, type Project, startProject } from '../support/supabase.ts';
import { type Callable, functionsOf, relationsOf, someArguments } from './objects.ts';

const migrated = { name: 'open_migrated', fill: migratePostgres };

describeSupabase('over HTTP', () => {
  let project: Project;
  let functions: Callable[];
  let tables: string[];
  beforeAll(async () => {
    // In a project that opens whatever is made in it.
    project = await startProject(migrated, 'open');
    functions = await functionsOf(project.database.url);
    tables = (await relationsOf(project.database.url)).r;
  });

  /** HTTP status and, where it is an error, its code. */
  const ask = async (role: Role, method: string, path: string, body?: object) => {
    const key = role === 'anon' ? project.anon_key : token(role);
    const answer = await fetch(`${project.url}/rest/v1/${path}`, {
      method,
      headers: { apikey: key, authorization: `Bearer ${key}`, 'content-type': 'application/json' },
      ...(body && { body: JSON.stringify(body) }),
    });
    const text = await answer.text();
    const code: unknown = answer.ok || text === '' ? null : JSON.parse(text).code;
    return { status: answer.status, code };
  };
  const call = (role: Role, it: Callable) =>
    ask(role, 'POST', `rpc/${it.name}`, someArguments(it, POSTGRES_SCHEMA_VERSION));
  const calls = async (role: Role, only: Callable[]) => {
    const answers: [string, unknown][] = [];
    for (const it of only) answers.push([it.signature, await call(role, it)]);
    return Object.fromEntries(answers);
  };
  const columns: Record<string, string> = {
    papers: 'title',
    cloud_job_migrations: 'name',
    cloud_job_schedules: 'name',
    cloud_job_streaks: 'subject',
    cloud_job_throttles: 'key',
    cloud_job_types: 'job_type',
  };
  const touch = async (role: Role, table: string) => [
    await ask(role, 'GET', table),
    await ask(role, 'POST', table, {}),
    await ask(role, 'PATCH', table, { [columns[table] ?? 'job_id']: 'x' }),
    await ask(role, 'DELETE', table),
  ];

  const strangers = [
    ['anon', 401],
    ['authenticated', 403],
  ] as const;

  test.each(strangers)('%s may call no function', async (role, status) => {
    const callable = functions.filter(({ is_trigger }) => !is_trigger);
    expect(callable.length).toBeGreaterThan(25);
    const refused = callable.map(({ signature }) => [signature, { status, code: '42501' }]);
    expect(await calls(role, callable)).toEqual(Object.fromEntries(refused));
  });

  test.each(strangers)('%s may neither read nor write a table', async (role, status) => {
    const refused = { status, code: '42501' };
    expect(tables).toHaveLength(12);
    for (const table of tables) {
      const answers = await touch(role, table);
      expect([table, ...answers]).toEqual([table, refused, refused, refused, refused]);
    }
    expect(await ask(role, 'GET', 'job_statistics')).toEqual(refused);
  });

  test.each(['anon', 'authenticated', 'service_role'] as const)(
    '%s finds no function of a trigger',
    async (role) => {
      const triggers = functions.filter(({ is_trigger }) => is_trigger);
      expect(triggers.length).toBeGreaterThan(3);
      for (const answer of Object.values(await calls(role, triggers))) {
        expect(answer).toEqual({ status: 404, code: 'PGRST202' });
      }
    },
  );

  test('service_role may call every function', async () => {
    const callable = functions.filter(({ is_trigger }) => !is_trigger);
    const answers = await calls('service_role', callable);
    const refusals = Object.entries(answers).filter(
      ([, it]) => (it as { status: number }).status > 299,
    );
    // What two of these are made for is to refuse; the third is given no schedule.
    expect(Object.fromEntries(refusals)).toEqual({
      'cloud_job_end_of(text,timestamp with time zone)': { status: 400, code: '23514' },
      'cloud_job_refuse_schema(integer)': { status: 400, code: 'CJ001' },
      'cloud_job_save(jsonb)': { status: 400, code: '22023' },
    });
  });

  test('service_role may read and write the tables, and read the view', async () => {
    const read: Record<string, number> = {};
    for (const it of [...tables, 'job_statistics']) {
      read[it] = (await ask('service_role', 'GET', it)).status;
    }
    const { cloud_job_migrations, ...others } = read;
    expect([cloud_job_migrations, ...new Set(Object.values(others))]).toEqual([403, 200]);
    const job = { job_id: 'a', name: 'a', job_type: 'custom' };
    expect(await ask('service_role', 'POST', 'cloud_jobs', job)).toMatchObject({ status: 201 });
    const changed = await ask('service_role', 'PATCH', 'cloud_jobs?job_id=eq.a', { name: 'b' });
    expect(changed.status).toBe(204);
    expect((await ask('service_role', 'DELETE', 'cloud_jobs?job_id=eq.a')).status).toBe(204);
  });
});
