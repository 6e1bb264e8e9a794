// The compose file at work: its database script, keys, settings and commands, with the real servers.
import type { ChildProcess } from 'node:child_process';
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
  let worker: ChildProcess | undefined;
  beforeAll(async () => {
    project = await startProject();
  }, 60_000);
  afterAll(async () => {
    worker?.kill('SIGKILL');
    await project?.stop();
  });

  test('comes up from nothing: tables, then PostgREST, then a worker that executes a job', async () => {
    const init = commandsIn(folder, project.init);
    expect(await init.run(...serviceOf('init').command!)).toMatchObject({ code: 0, err: '' });
    // Every `up` starts it again.
    expect(await init.run(...serviceOf('init').command!)).toMatchObject({ code: 0, err: '' });

    const commands = commandsIn(folder, await project.open());
    const started = commands.start(...serviceOf('worker').command!);
    worker = started.child;
    await started.says('Working as');
    const id = (await commands.run('create', 'Clean up', 'maintenance')).out.trim();
    await started.says('"event":"job.recorded"');
    const { job } = JSON.parse((await commands.run('show', id, '--json')).out);
    expect(job).toMatchObject({ job_id: id, status: 'success' });
    worker.kill('SIGTERM');
    expect(await started.ended).toMatchObject({ code: 0 });
  });

  test('is closed to all who do not have the key', async () => {
    const { SUPABASE_URL = '' } = await project.open();
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
