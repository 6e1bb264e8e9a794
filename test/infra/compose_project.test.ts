// The compose file at work: its database script, keys, settings and commands, with the real servers.
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { build, commandsIn } from '../cli/bundle.ts';
import { query } from '../support/servers/postgres.ts';
import { describeSupabase } from '../support/supabase.ts';
import { tempFolder } from '../support/temp.ts';
import { serviceOf } from './compose_file.ts';
import { type Project, startProject } from './project.ts';

beforeAll(build);

describeSupabase('the project of the compose file', () => {
  const folder = tempFolder();
  let project: Project;
  const children: ChildProcess[] = [];
  beforeAll(async () => {
    project = await startProject();
  }, 60_000);
  afterAll(async () => {
    for (const child of children) child.kill('SIGKILL');
    await project?.stop();
  });

  test('comes up from nothing: tables, PostgREST, a worker, and the API that brings it a job', async () => {
    const init = commandsIn(folder, project.init);
    expect(await init.run(...serviceOf('init').command!)).toMatchObject({ code: 0, err: '' });
    // Every `up` starts it again.
    expect(await init.run(...serviceOf('init').command!)).toMatchObject({ code: 0, err: '' });

    const environmentOf = await project.open();
    const start = (service: 'worker' | 'serve') => {
      // Here the port may be taken.
      const env = { ...environmentOf(service), PORT: '0' };
      const started = commandsIn(folder, env).start(...serviceOf(service).command!);
      children.push(started.child);
      return started;
    };
    const worker = start('worker');
    await worker.says('Working as');
    const serve = start('serve');
    const [url = ''] = /http:\/\/localhost:\d+/.exec(await serve.says('Ctrl-C stops.')) ?? [];

    const health = serviceOf('serve').healthcheck!.test.slice(2);
    const words = health.map((word) => word.replace('127.0.0.1:8080', new URL(url).host));
    const healthy = async () => (await once(spawn(process.execPath, words), 'close'))[0] === 0;
    expect(await healthy()).toBe(true);
    const ask = (path: string, init: RequestInit, key: string) =>
      fetch(`${url}${path}`, { ...init, headers: { 'x-api-key': key } });
    const create = (key: string) => ask('/api/v1/jobs/maintenance', { method: 'POST' }, key);
    const { API_KEY = '' } = project.keys;
    expect((await create(`${API_KEY}0`)).status).toBe(401);
    const created = await create(API_KEY);
    expect(created.status).toBe(201);
    const { poll_url } = (await created.json()) as { poll_url: string };
    await worker.says('"event":"job.recorded"');
    const answer = await ask(poll_url, {}, API_KEY);
    expect(await answer.json()).toMatchObject({ status: 'success', actor: 'local' });

    for (const { child, ended } of [serve, worker]) {
      child.kill('SIGTERM');
      expect(await ended).toMatchObject({ code: 0 });
    }
    expect(await healthy()).toBe(false);
  });

  test('is closed to all who do not have the key', async () => {
    const { SUPABASE_URL = '' } = (await project.open())('worker');
    const forged = `${project.keys.SUPABASE_SERVICE_ROLE_KEY!.slice(0, -6)}AAAAAA`;
    const { run } = commandsIn(folder, { SUPABASE_URL, SUPABASE_SERVICE_ROLE_KEY: forged });
    expect(await run('list')).toMatchObject({ code: 2, err: expect.stringContaining('refuses') });

    const superuser = project.init.DATABASE_URL!;
    const login = new URL(superuser);
    login.username = 'authenticator';
    login.password = project.keys.AUTHENTICATOR_PASSWORD!;
    for (const role of ['anon', 'authenticated']) {
      const asking = query(login.href, `SET ROLE ${role}`, 'SELECT * FROM cloud_jobs');
      await expect(asking).rejects.toThrow('permission denied');
    }
    const powers = await query<{ rolname: string }>(
      superuser,
      "SELECT rolname FROM pg_roles WHERE rolsuper AND rolname !~ '^pg_'",
    );
    expect(powers).toEqual([{ rolname: 'postgres' }]);
  });
});
