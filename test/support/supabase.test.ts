// The Supabase that tests run against answers the real client as the hosted one does.
import { afterEach, beforeAll, expect, test } from '@jest/globals';
import { createClient } from '@supabase/supabase-js';
import { query } from './servers/postgres.ts';
import { describeSupabase, type Project, startProject } from './supabase.ts';

const functions = {
  name: 'functions',
  fill: (url: string) =>
    query(
      url,
      `CREATE FUNCTION whoami() RETURNS text LANGUAGE sql AS 'SELECT current_user::text'`,
      'REVOKE ALL ON FUNCTION whoami() FROM PUBLIC, anon, authenticated',
      'GRANT EXECUTE ON FUNCTION whoami() TO service_role',
      'CREATE TABLE marks (x text)',
      'GRANT INSERT ON marks TO service_role',
      `CREATE FUNCTION mark(x text) RETURNS void LANGUAGE sql AS 'INSERT INTO marks VALUES ($1)'`,
    ),
};

describeSupabase('a Supabase project', () => {
  let project: Project;
  beforeAll(async () => {
    project = await startProject(functions);
  });
  afterEach(() => {
    project.calm();
    project.requests.splice(0);
  });

  const client = (key: string) =>
    createClient(project.url, key, {
      auth: { persistSession: false, autoRefreshToken: false },
      realtime: { transport: class {} as never },
    });
  const marks = () => query(project.database.url, 'SELECT x FROM marks');

  test.each(['service_role_key', 'secret_key'] as const)(
    'lets the %s call what is granted to service_role',
    async (key) => {
      const answer = await client(project[key]).rpc('whoami');
      expect(answer).toMatchObject({ data: 'service_role', error: null, status: 200 });
      expect(project.requests).toEqual([
        { method: 'POST', path: '/rpc/whoami', fate: 'pass', status: 200 },
      ]);
    },
  );

  test.each(['anon_key', 'publishable_key'] as const)(
    'tells the %s that it may not',
    async (key) => {
      const answer = await client(project[key]).rpc('whoami');
      expect(answer).toMatchObject({ data: null, error: { code: '42501' } });
      expect([401, 403]).toContain(answer.status);
    },
  );

  test('refuses a key of another project', async () => {
    const strange = `${project.service_role_key.slice(0, -6)}AAAAAA`;
    expect(await client(strange).rpc('whoami')).toMatchObject({ data: null, status: 401 });
    expect(await client('sb_secret_other').rpc('whoami')).toMatchObject({
      data: null,
      status: 401,
    });
  });

  test('finds a function made later once it has read the schema again', async () => {
    const asked = () => client(project.service_role_key).rpc('later');
    await query(project.database.url, 'CREATE FUNCTION later() RETURNS int LANGUAGE sql RETURN 1');
    expect(await asked()).toMatchObject({ status: 404, error: { code: 'PGRST202' } });
    await project.reload_schema();
    expect(await asked()).toMatchObject({ status: 200, data: 1 });
  });

  test('answers 503 and HTML as often as it was told to, and only where', async () => {
    const one = client(project.service_role_key);
    project.misbehave('unavailable', 1, /mark/);
    project.misbehave('bad_gateway', 1, /mark/);
    expect((await one.rpc('whoami')).status).toBe(200);
    expect(await one.rpc('mark', { x: 'a' })).toMatchObject({
      status: 503,
      error: { code: 'PGRST002' },
    });
    expect(await one.rpc('mark', { x: 'b' })).toMatchObject({ status: 502 });
    expect(await one.rpc('mark', { x: 'c' })).toMatchObject({ status: 204 });
    expect(await marks()).toEqual([{ x: 'c' }]);
    await query(project.database.url, 'TRUNCATE marks');
  });

  test('loses answers after the work is done, and requests before', async () => {
    const one = client(project.service_role_key);
    project.misbehave('lose');
    project.misbehave('refuse');
    expect(await one.rpc('mark', { x: 'done' })).toMatchObject({ status: 0 });
    expect(await one.rpc('mark', { x: 'unheard' })).toMatchObject({ status: 0 });
    expect(await marks()).toEqual([{ x: 'done' }]);
    expect(project.requests.map(({ fate, status }) => [fate, status])).toEqual([
      ['lose', 204],
      ['refuse', undefined],
    ]);
    await query(project.database.url, 'TRUNCATE marks');
  });

  test('hangs until released, even when the client has left, and then does the work', async () => {
    project.misbehave('hang');
    const left = new AbortController();
    const call = client(project.service_role_key).rpc('mark', { x: 'late' });
    const answer = call.abortSignal(left.signal).then(({ error }) => error);
    while (project.hanging === 0) await new Promise(setImmediate);
    left.abort();
    expect(await answer).not.toBeNull();
    expect(await marks()).toEqual([]);
    project.release();
    while (project.requests[0]!.status === undefined) await new Promise(setImmediate);
    expect(await marks()).toEqual([{ x: 'late' }]);
  });
});
