// Every grant on every object: the owner's, what service_role needs, and nothing for anybody else.
import { beforeAll, describe, expect, test } from '@jest/globals';
import { migratePostgres } from '../../src/stores/postgres/migrate.ts';
import { describePostgres, newProject } from '../support/postgres.ts';
import { query } from '../support/servers/postgres.ts';
import { earlierSetup } from './earlier_setup.ts';
import { functionsOf, relationsOf } from './objects.ts';

const tables = [
  'cloud_job_dependencies',
  'cloud_job_events',
  'cloud_job_executions',
  'cloud_job_migrations',
  'cloud_job_schedules',
  'cloud_job_slots',
  'cloud_job_steps',
  'cloud_job_streaks',
  'cloud_job_throttles',
  'cloud_job_types',
  'cloud_jobs',
  'papers',
];
const ledger = 'cloud_job_migrations';

const RELATION_GRANTS = `
  SELECT c.relname AS object, x.grantee::regrole::text AS grantee,
    string_agg(x.privilege_type || CASE WHEN x.is_grantable THEN '*' ELSE '' END, ' '
      ORDER BY x.privilege_type COLLATE "C") AS privileges
  FROM pg_class c CROSS JOIN LATERAL aclexplode(coalesce(c.relacl,
    acldefault(CASE c.relkind WHEN 'S' THEN 's'::"char" ELSE 'r' END, c.relowner))) x
  WHERE c.relnamespace = 'public'::regnamespace AND c.relkind IN ('r', 'v', 'm', 'S', 'f', 'p')
    AND x.grantee <> c.relowner
  GROUP BY 1, 2 ORDER BY 1, 2`;
const COLUMN_GRANTS = `
  SELECT a.attrelid::regclass, a.attname FROM pg_attribute a
  JOIN pg_class c ON c.oid = a.attrelid
  WHERE c.relnamespace = 'public'::regnamespace AND a.attacl IS NOT NULL`;
const FUNCTION_GRANTS = `
  SELECT p.oid::regprocedure::text AS object, x.grantee::regrole::text AS grantee,
    x.privilege_type AS privileges
  FROM pg_proc p CROSS JOIN LATERAL aclexplode(coalesce(p.proacl, acldefault('f', p.proowner))) x
  WHERE p.pronamespace = 'public'::regnamespace AND x.grantee <> p.proowner ORDER BY 1, 2`;

const prepare = async (exposure: 'open' | 'closed', ...before: string[]): Promise<string> => {
  const { url } = await newProject(exposure);
  await query(url, ...before);
  await migratePostgres(url);
  return url;
};

/** Each once more, as others may have left it, and then `init` again. */
const meddled = async (): Promise<string> => {
  const url = await prepare('open');
  await query(
    url,
    // Made anew by the second init, under the project's default privileges.
    'DROP VIEW job_statistics',
    'DROP FUNCTION get_job(integer, text)',
    'DROP FUNCTION get_next_available_job(text, integer)',
    'GRANT ALL ON ALL TABLES IN SCHEMA public TO anon, authenticated, service_role, PUBLIC',
    'GRANT ALL ON ALL SEQUENCES IN SCHEMA public TO anon, authenticated, PUBLIC',
    'GRANT ALL ON ALL FUNCTIONS IN SCHEMA public TO anon, authenticated, PUBLIC',
    'GRANT SELECT (name) ON cloud_jobs TO anon',
    ...tables.map((table) => `ALTER TABLE ${table} DISABLE ROW LEVEL SECURITY`),
    'CREATE POLICY mine ON papers FOR SELECT TO anon USING (true)',
  );
  expect((await migratePostgres(url)).notes).toEqual([
    'Closed: policy "mine" on papers for anon. Only service_role and the owner have access now; sql/optional/anon_access.sql is the way back.',
  ]);
  return url;
};

describePostgres('the grants', () => {
  describe.each([
    ['in a project that opens nothing by itself', () => prepare('closed')],
    ['in a project that opens everything new', () => prepare('open')],
    ['where the earlier set-up had opened its tables', () => prepare('open', earlierSetup())],
    ['after others have opened what they found', meddled],
  ])('%s', (_where, make) => {
    let url: string;
    beforeAll(async () => {
      url = await make();
    });

    test('are those of these tables, one view and one sequence', async () => {
      expect(await relationsOf(url)).toEqual({
        r: tables,
        v: ['job_statistics'],
        S: ['cloud_jobs_seq_seq'],
      });
    });

    test('let service_role read and write the tables, and read the view', async () => {
      const dml = 'DELETE INSERT SELECT UPDATE';
      const written = tables.filter((table) => table !== ledger);
      expect(await query(url, RELATION_GRANTS)).toEqual(
        [...written.map((object) => [object, dml]), ['job_statistics', 'SELECT']]
          .sort(([a = ''], [b = '']) => a.localeCompare(b))
          .map(([object, privileges]) => ({ object, grantee: 'service_role', privileges })),
      );
      expect(await query(url, COLUMN_GRANTS)).toEqual([]);
    });

    test('let service_role execute all functions but those of triggers', async () => {
      const callable = (await functionsOf(url)).filter(({ is_trigger }) => !is_trigger);
      expect(callable.length).toBeGreaterThan(25);
      expect(await query(url, FUNCTION_GRANTS)).toEqual(
        callable.map(({ signature }) => ({
          object: signature,
          grantee: 'service_role',
          privileges: 'EXECUTE',
        })),
      );
    });

    test('stand behind row level security on every table, without a policy', async () => {
      const secured = await query<{ relname: string }>(
        url,
        `SELECT relname FROM pg_class WHERE relnamespace = 'public'::regnamespace
         AND relkind = 'r' AND relrowsecurity ORDER BY 1`,
      );
      expect(secured.map(({ relname }) => relname)).toEqual(tables);
      expect(await query(url, 'SELECT * FROM pg_policies')).toEqual([]);
      const view = await query(
        url,
        "SELECT reloptions FROM pg_class WHERE relname = 'job_statistics'",
      );
      expect(view).toEqual([{ reloptions: ['security_invoker=true'] }]);
    });
  });
});

describePostgres('the functions', () => {
  test('run with the rights of who calls them, on tables that no search_path can exchange', async () => {
    const url = await prepare('open');
    const functions = await query<{
      proname: string;
      definer: boolean;
      pinned: boolean;
      src: string;
    }>(
      url,
      `SELECT p.proname, p.prosecdef AS definer, p.prosrc AS src,
         'search_path=pg_catalog, public, pg_temp' = ANY (coalesce(p.proconfig, '{}')) AS pinned
       FROM pg_proc p WHERE p.pronamespace = 'public'::regnamespace`,
    );
    expect(functions.filter(({ definer }) => definer)).toEqual([]);
    // Small ones are inlined where they are called, which a pinned path would prevent.
    const inlined = functions.filter(({ pinned }) => !pinned);
    expect(inlined.length).toBeLessThan(6);
    for (const { proname, src } of inlined) {
      expect([proname, ...(src.match(/(?<!public\.)\b(cloud_job|papers)\w*/g) ?? [])]).toEqual([
        proname,
      ]);
    }
  });
});
