// A Postgres that knows nothing of Supabase: all works, and a role that was granted nothing may nothing.
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { migratePostgres } from '../../src/stores/postgres/migrate.ts';
import { openPostgres } from '../../src/stores/postgres.ts';
import { claimRequest, newJob, succeeded } from '../support/jobs.ts';
import { describePostgres } from '../support/postgres.ts';
import { createDatabase, type Database } from '../support/servers/database.ts';
import {
  connected,
  databaseUrl,
  fast,
  query,
  type RunningServer,
  startPostgres,
} from '../support/servers/postgres.ts';
import { pickOne, statusOf } from '../support/store.ts';
import { earlierSetup } from './earlier_setup.ts';
import { functionsOf, relationsOf } from './objects.ts';

const DENIED = '42501';

describePostgres('a server without the roles of Supabase', () => {
  let server: RunningServer;
  let database: Database;
  beforeAll(async () => {
    server = await startPostgres({ settings: fast, auth: 'trust', roles: 'none' });
    database = await createDatabase(server);
    await query(server.admin_url, 'CREATE ROLE stranger LOGIN');
  });
  afterAll(() => server?.stop());

  const lacking = (sql: string) =>
    sql.replace(/^GRANT .*;$/gm, '').replace(/ TO anon, authenticated /g, ' TO public ');

  test('takes the migrations, twice, and those of the earlier set-up', async () => {
    expect(await migratePostgres(database.url)).toMatchObject({ from: 0, notes: [] });
    expect(await migratePostgres(database.url)).toMatchObject({ applied: [], notes: [] });
    const earlier = await createDatabase(server);
    await query(earlier.url, lacking(earlierSetup()));
    expect((await migratePostgres(earlier.url)).notes).toHaveLength(2);
  });

  test('runs a job', async () => {
    const store = await openPostgres(database.url);
    const [created] = await store.createJobs([newJob()]);
    await store.recordExecutions([succeeded(await pickOne(store, claimRequest()))]);
    expect(await statusOf(store, created!.job_id)).toBe('success');
    await store.close();
  });

  test('gives everything to the owner alone', async () => {
    const others = `SELECT FROM (
        SELECT relacl AS acl, relowner AS owner FROM pg_class
        WHERE relnamespace = 'public'::regnamespace
        UNION ALL SELECT coalesce(proacl, acldefault('f', proowner)), proowner FROM pg_proc
        WHERE pronamespace = 'public'::regnamespace) object
      CROSS JOIN LATERAL aclexplode(object.acl) x WHERE x.grantee <> object.owner`;
    expect(await query(database.url, others)).toEqual([]);
  });

  test('lets a stranger call no function and touch no table', async () => {
    const functions = (await functionsOf(database.url)).filter(({ is_trigger }) => !is_trigger);
    const { r, v } = await relationsOf(database.url);
    expect(functions.length).toBeGreaterThan(25);
    const calls = functions.map(({ name, parameters }) => {
      const nulls = Object.values(parameters).map((type) => `NULL::${type}`);
      return `SELECT * FROM ${name}(${nulls})`;
    });
    const touches = [...r, ...v].flatMap((table) => [
      `SELECT FROM ${table}`,
      `DELETE FROM ${table}`,
    ]);
    const inserts = r.map((table) => `INSERT INTO ${table} DEFAULT VALUES`);
    // A view of sums refuses to be written to before anyone is asked for rights.
    const tried = [...calls, ...touches, ...inserts].filter(
      (sql) => !/DELETE.*statistics/.test(sql),
    );
    const codes = await connected(databaseUrl(server, 'stranger', database.name), async (ask) => {
      const seen: [string, unknown][] = [];
      for (const sql of tried) {
        const code = await ask(sql).then(
          () => 'allowed',
          (error: { code: unknown }) => error.code,
        );
        seen.push([sql, code]);
      }
      return seen;
    });
    expect(Object.fromEntries(codes)).toEqual(
      Object.fromEntries(tried.map((sql) => [sql, DENIED])),
    );
  });
});
