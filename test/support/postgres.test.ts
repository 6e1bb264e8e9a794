// The Postgres that tests run against does what tests rely on.
import { existsSync, readFileSync } from 'node:fs';
import { expect, test } from '@jest/globals';
import { describePostgres, newDatabase, newProject } from './postgres.ts';
import { durable, query, startPostgres } from './servers/postgres.ts';

const rows = 'SELECT count(*)::int AS rows FROM filled';

describePostgres('the Postgres of a run', () => {
  test('gives every caller an empty database, owned by someone who is no superuser', async () => {
    const [one, other] = await Promise.all([newDatabase(), newDatabase()]);
    await query(one.url, 'CREATE TABLE filled ()');
    await expect(query(other.url, rows)).rejects.toMatchObject({ code: '42P01' });
    const who = 'SELECT current_user AS name, rolsuper FROM pg_roles WHERE rolname = current_user';
    expect(await query(one.url, who)).toEqual([{ name: 'postgres', rolsuper: false }]);
    await one.drop();
    await expect(query(one.url, rows)).rejects.toMatchObject({ code: '3D000' });
  });

  test('fills a template once, however many ask at once, and clones it for each', async () => {
    let fillings = 0;
    const seven = {
      name: 'seven',
      fill: async (url: string) => {
        fillings += 1;
        await query(url, 'CREATE TABLE filled AS SELECT generate_series(1, 7)');
      },
    };
    const clones = await Promise.all([1, 2, 3, 4].map(() => newDatabase(seven)));
    await query(clones[0]!.url, 'DELETE FROM filled');
    const counts = await Promise.all(clones.map(({ url }) => query(url, rows)));
    expect(counts).toEqual([[{ rows: 0 }], [{ rows: 7 }], [{ rows: 7 }], [{ rows: 7 }]]);
    expect(fillings).toBe(1);
  });

  test('fills a template anew when its first filling failed midway', async () => {
    const midway = {
      name: 'midway',
      fill: (url: string) => query(url, 'CREATE TABLE filled ()', 'SELECT 1 / 0'),
    };
    await expect(newDatabase(midway)).rejects.toMatchObject({ code: '22012' });
    const { url } = await newDatabase({
      ...midway,
      fill: (address) => query(address, 'CREATE TABLE filled ()'),
    });
    expect(await query(url, rows)).toEqual([{ rows: 0 }]);
  });

  test.each([
    ['open', [true, true, true]],
    ['closed', [false, false, false]],
  ] as const)('has Supabase projects whose new tables are %s to the API', async (how, expected) => {
    const { url } = await newProject(how);
    const asked = ['anon', 'authenticated', 'service_role'].map(
      (role) => `has_table_privilege('${role}', 'filled', 'SELECT') AS ${role}`,
    );
    const [may] = await query(url, 'CREATE TABLE filled ()', `SELECT ${asked}`);
    expect(Object.values(may!)).toEqual(expected);
  });

  test('asks for the password, and lets nobody in who has another one', async () => {
    const { url } = await newDatabase();
    const wrong = new URL(url);
    wrong.password = 'wrong';
    await expect(query(wrong.href, 'SELECT')).rejects.toMatchObject({ code: '28P01' });
  });
});

describePostgres('a Postgres of one test', () => {
  test('keeps what was committed through a crash and a restart, and leaves nothing behind', async () => {
    const server = await startPostgres({ settings: durable });
    try {
      await query(server.admin_url, 'CREATE TABLE filled ()');
      await server.down('immediate');
      await expect(query(server.admin_url, rows)).rejects.toMatchObject({ code: 'ECONNREFUSED' });
      await server.up();
      await server.restart('fast');
      expect(await query(server.admin_url, rows)).toEqual([{ rows: 0 }]);
      expect(readFileSync(server.log_file, 'utf8')).toContain('fast shutdown request');
    } finally {
      await server.stop();
    }
    await expect(query(server.admin_url, rows)).rejects.toMatchObject({ code: 'ECONNREFUSED' });
    expect(existsSync(server.log_file)).toBe(false);
  });
});
