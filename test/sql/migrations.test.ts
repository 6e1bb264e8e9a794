// Migrations of Postgres: what a first, a second and a refused run leave behind.
import { expect, test } from '@jest/globals';
import { migratePostgres, postgresMigrations } from '../../src/stores/postgres/migrate.ts';
import { POSTGRES_SCHEMA_VERSION, printPostgresSchema } from '../../src/stores/postgres/schema.ts';
import { openPostgres } from '../../src/stores/postgres.ts';
import { describePostgres, newDatabase, newProject } from '../support/postgres.ts';
import { connected, query } from '../support/servers/postgres.ts';
import { dumpCatalog } from './catalog.ts';
import { earlierSetup } from './earlier_setup.ts';

const LEDGER = 'SELECT version, name, checksum, applied_at FROM cloud_job_migrations ORDER BY 1';
const whole = POSTGRES_SCHEMA_VERSION;

/** Runs a text in one go, as an editor does. */
const run = (url: string, text: string) => connected(url, (ask) => ask(text));

describePostgres('the migrations', () => {
  test('are as many as the version says, numbered without gaps', () => {
    const numbers = postgresMigrations().map((name) => Number.parseInt(name, 10));
    expect(numbers).toEqual(Array.from({ length: whole }, (_, i) => i + 1));
  });

  test('make a database that had nothing ready for the store', async () => {
    const { url } = await newDatabase();
    expect(await migratePostgres(url)).toEqual({
      from: 0,
      to: whole,
      applied: postgresMigrations(),
      notes: [],
    });
    const store = await openPostgres(url);
    expect(await store.inspect()).toMatchObject({ schema_version: whole });
    await store.close();
  });

  test('change nothing when they run again, by init or as text', async () => {
    const { url } = await newProject('open');
    await query(url, earlierSetup());
    await migratePostgres(url);
    const before = [await dumpCatalog(url), await query(url, LEDGER)];
    expect(await migratePostgres(url)).toEqual({ from: whole, to: whole, applied: [], notes: [] });
    await run(url, printPostgresSchema());
    expect([await dumpCatalog(url), await query(url, LEDGER)]).toEqual(before);
  });

  test('come out the same as pasted text, first and again, and whatever a project opens', async () => {
    const [init, pasted, older] = [
      await newProject('closed'),
      await newProject('closed'),
      await newProject('open'),
    ];
    await migratePostgres(init.url);
    await run(pasted.url, printPostgresSchema());
    await run(pasted.url, printPostgresSchema());
    await migratePostgres(older.url);
    const expected = await dumpCatalog(init.url);
    expect(await dumpCatalog(pasted.url)).toEqual(expected);
    expect(await dumpCatalog(older.url)).toEqual(expected);
  });

  test('are printed without commands that only psql knows', () => {
    expect(printPostgresSchema()).not.toMatch(/^\s*\\/m);
  });

  test('refuse tables of a newer version with one sentence, and leave them', async () => {
    const { url } = await newDatabase();
    await migratePostgres(url);
    await query(
      url,
      "INSERT INTO cloud_job_migrations VALUES (99, '0099_later.sql', '')",
      'DROP FUNCTION job_stats(integer)',
    );
    const before = [await dumpCatalog(url), await query(url, LEDGER)];
    await expect(migratePostgres(url)).rejects.toMatchObject({
      code: 'schema_newer',
      message: expect.stringMatching(/^The tables in [^.]+\.0\.0\.1:\d+ are of version 99, .*\.$/),
    });
    expect([await dumpCatalog(url), await query(url, LEDGER)]).toEqual(before);
  });

  test('refuse a table `papers` that is not theirs, and leave everything', async () => {
    const { url } = await newDatabase();
    await query(url, 'CREATE TABLE papers (mine text)');
    const before = await dumpCatalog(url);
    await expect(migratePostgres(url)).rejects.toMatchObject({
      code: 'schema_older',
      message: expect.stringContaining('public.papers'),
    });
    expect(await dumpCatalog(url)).toEqual(before);
  });

  test('refuse a server that is too old', async () => {
    const { url } = await newDatabase();
    const text = printPostgresSchema().replace('< 150000', '< 990000');
    await expect(run(url, text)).rejects.toMatchObject({
      code: 'CJ004',
      message: expect.stringMatching(/needs PostgreSQL 15 or newer; this is \d+/),
    });
    expect(await query(url, 'SELECT FROM pg_class WHERE relname = $$cloud_jobs$$')).toEqual([]);
  });

  test('drop what earlier versions were called with, and no function of a user', async () => {
    const { url } = await newDatabase();
    await migratePostgres(url);
    const before = await dumpCatalog(url);
    const [body, own] = ["RETURNS int LANGUAGE sql AS 'SELECT 1'", 'get_job(job_number integer)'];
    await query(
      url,
      `CREATE FUNCTION claim_jobs(schema_version integer, instance_id text) ${body}`,
      `CREATE FUNCTION cloud_job_release(most integer, again integer) ${body}`,
    );
    await migratePostgres(url);
    expect(await dumpCatalog(url)).toEqual(before);
    await query(url, `CREATE FUNCTION ${own} ${body}`);
    const with_own = await dumpCatalog(url);
    await migratePostgres(url);
    // Neither dropped nor closed to anybody.
    expect(await dumpCatalog(url)).toEqual(with_own);
  });
});
