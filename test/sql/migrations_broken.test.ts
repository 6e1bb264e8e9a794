// Migrations of Postgres that die, and many at once: the old schema stays whole, or the new one is.
import { expect, test } from '@jest/globals';
import pg from 'pg';
import { migratePostgres, postgresMigrations } from '../../src/stores/postgres/migrate.ts';
import { POSTGRES_SCHEMA_VERSION, printPostgresSchema } from '../../src/stores/postgres/schema.ts';
import { describePostgres, newProject } from '../support/postgres.ts';
import { connected, query } from '../support/servers/postgres.ts';
import { dumpCatalog } from './catalog.ts';
import { insertRows, jobs } from './earlier_rows.ts';
import { earlierSetup } from './earlier_setup.ts';

const whole = POSTGRES_SCHEMA_VERSION;

/** An installation of the earlier set-up with jobs in every status. */
const earlier = async () => {
  const database = await newProject('open');
  await query(database.url, earlierSetup(), ...insertRows(jobs, []));
  return database;
};

const everything = async (url: string) => [
  await dumpCatalog(url),
  await query(url, 'SELECT * FROM cloud_jobs ORDER BY job_id'),
];

describePostgres('a migration that dies', () => {
  test.each(['ROLLBACK', 'SELECT 1 / 0', 'SELECT pg_terminate_backend(pg_backend_pid())'])(
    'leaves the earlier set-up whole when its last step is %s',
    async (end) => {
      const { url } = await earlier();
      const before = await everything(url);
      const text = printPostgresSchema();
      const broken = text.slice(0, text.lastIndexOf('COMMIT;')) + end;
      await connected(url, (ask) => ask(broken)).catch(() => undefined);
      expect(await everything(url)).toEqual(before);
    },
  );

  test('leaves the earlier set-up whole when its backend is killed midway', async () => {
    const { url, admin_url } = await earlier();
    const before = await everything(url);
    const holder = new pg.Client({ connectionString: url });
    await holder.connect();
    // All tables are migrated when it comes to this function, and waits.
    await holder.query('BEGIN; ALTER FUNCTION release_expired_locks() COST 99');
    const migrated = migratePostgres(url).catch((error: unknown) => error);
    const waiting = `SELECT pg_terminate_backend(pid) FROM pg_stat_activity
      WHERE datname = current_database() AND wait_event = 'transactionid'`;
    while ((await query(admin_url, waiting)).length === 0);
    expect(await migrated).toMatchObject({ code: 'store_unavailable' });
    await holder.end();
    expect(await everything(url)).toEqual(before);
    expect(await migratePostgres(url)).toMatchObject({ from: 0, to: whole });
  });
});

describePostgres('a migration that has to wait', () => {
  test('waits, though the database ends other statements after a while', async () => {
    const { name, url } = await earlier();
    await query(url, `ALTER DATABASE ${name} SET statement_timeout = 200`);
    const holder = new pg.Client({ connectionString: url });
    await holder.connect();
    await holder.query('BEGIN; LOCK TABLE cloud_jobs');
    const migrated = migratePostgres(url);
    const waited = `SELECT FROM pg_stat_activity WHERE datname = current_database()
      AND wait_event_type = 'Lock' AND clock_timestamp() - query_start > interval '0.5 s'`;
    let over = false;
    void migrated
      .catch(() => undefined)
      .finally(() => {
        over = true;
      });
    while (!over && (await query(url, waited)).length === 0);
    await holder.end();
    expect(await migrated).toMatchObject({ from: 0, to: whole });
  });
});

describePostgres('twenty migrations at once', () => {
  const crowd = (url: string) =>
    Promise.all(Array.from({ length: 20 }, () => migratePostgres(url)));

  test.each([
    ['an empty database', 0, () => newProject('open')],
    ['an earlier set-up', jobs.length, earlier],
    [
      'a database whose transactions are serializable',
      0,
      async () => {
        const database = await newProject('open');
        const { name, url } = database;
        await query(url, `ALTER DATABASE ${name} SET default_transaction_isolation = serializable`);
        return database;
      },
    ],
  ])('of %s leave what one leaves: one did it, all succeeded', async (_what, count, make) => {
    const [{ url }, alone] = [await make(), await make()];
    await migratePostgres(alone.url);
    const migrated = await crowd(url);
    expect(migrated.map(({ applied }) => applied.length).sort()).toEqual([
      ...Array(19).fill(0),
      postgresMigrations().length,
    ]);
    expect(migrated.filter(({ from }) => from === 0)).toHaveLength(1);
    const [catalog, rows] = await everything(url);
    expect(catalog).toEqual((await everything(alone.url))[0]);
    expect(rows).toHaveLength(count);
    expect(await query(url, 'SELECT version FROM cloud_job_migrations')).toHaveLength(whole);
  });
});
