// openRunner on Postgres and Supabase: from a program's settings to a drain, and nothing stays open.
import { expect, test } from '@jest/globals';
import type { RunnerOptions } from '../src/app.ts';
import { defineJob } from '../src/core/definition.ts';
import { z } from '../src/index.ts';
import { openRunner } from '../src/runner.ts';
import { describePostgres, newDatabase } from './support/postgres.ts';
import { migrated } from './support/postgres_data.ts';
import { connected } from './support/servers/postgres.ts';
import { describeSupabase, startProject } from './support/supabase.ts';

const jobs = [defineJob({ type: 'demo', config: z.looseObject({}), run: () => 'done' })];

/** Sends one job through and closes the runner. */
const drainOne = async (settings: RunnerOptions['settings'], init: boolean) => {
  const runner = await openRunner({ settings: { ...settings }, jobs, init });
  try {
    await runner.create({ name: 'a job', job_type: 'demo' });
    return await runner.drain();
  } finally {
    await runner.close();
  }
};

describePostgres('a runner on Postgres', () => {
  test('makes the tables when asked to, drains, and leaves no connection behind', async () => {
    const { url, name, admin_url } = await newDatabase();
    const tally = await drainOne({ database_url: url }, true);
    expect(tally).toMatchObject({ stopped: 'empty', outcomes: { success: 1 } });
    expect(await drainOne({ database_url: url }, true)).toMatchObject({ picked: 1 });
    const others = `SELECT count(*)::int AS others FROM pg_stat_activity
      WHERE datname = '${name}' AND pid <> pg_backend_pid() AND backend_type = 'client backend'`;
    await connected(admin_url, async (ask) => {
      // A backend is listed for a moment after its client is gone.
      let [row] = await ask<{ others: number }>(others);
      for (const end = Date.now() + 5000; row?.others !== 0 && Date.now() < end; ) {
        [row] = await ask<{ others: number }>(others);
      }
      expect(row).toEqual({ others: 0 });
    });
  });
});

describeSupabase('a runner on Supabase', () => {
  test('drains over the API, and makes tables only where it is told the database', async () => {
    const { url, service_role_key, database } = await startProject(migrated);
    const project = { supabase_url: url, supabase_service_role_key: service_role_key };
    expect(await drainOne(project, false)).toMatchObject({ outcomes: { success: 1 } });
    const told = { ...project, supabase_db_url: database.url };
    expect(await drainOne(told, true)).toMatchObject({ outcomes: { success: 1 } });
    await expect(drainOne(project, true)).rejects.toMatchObject({
      code: 'settings_invalid',
      problems: [{ path: 'SUPABASE_DB_URL' }],
    });
  });
});
