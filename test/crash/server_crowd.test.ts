// Many processes on one server: each job is executed once, nothing is lost and nobody complains.
import { beforeAll, expect, test } from '@jest/globals';
import { build } from '../cli/bundle.ts';
import { describePostgres, newDatabase } from '../support/postgres.ts';
import { migrated } from '../support/postgres_data.ts';
import { databaseEnv, projectEnv } from '../support/runner.ts';
import { describeSupabase, startProject } from '../support/supabase.ts';
import { tempFolder } from '../support/temp.ts';
import { usePrograms } from './programs.ts';
import { drainServer } from './server_crowd.ts';

const PATIENCE_MS = 120_000;
const programs = usePrograms();
beforeAll(build);

describePostgres('many processes on one Postgres', () => {
  test(
    'six of them execute 1,500 jobs, each once',
    async () => {
      const { url } = await newDatabase(migrated);
      const place = { folder: tempFolder(), url, env: databaseEnv(url) };
      const { faults, shares } = await drainServer(programs(), place, { processes: 6, jobs: 1500 });
      expect(faults).toEqual([]);
      expect(shares).toHaveLength(6);
    },
    PATIENCE_MS,
  );

  test(
    'four of them, three killed on their way, lose no job and record none twice',
    async () => {
      const { url } = await newDatabase(migrated);
      const place = { folder: tempFolder(), url, env: databaseEnv(url) };
      const size = { processes: 4, jobs: 1000, kills: 3 };
      const { faults } = await drainServer(programs(), place, size);
      expect(faults).toEqual([]);
    },
    PATIENCE_MS,
  );
});

describeSupabase('many processes on one Supabase project', () => {
  test(
    'four of them execute 400 jobs, each once',
    async () => {
      const project = await startProject(migrated);
      const env = projectEnv(project);
      const place = { folder: tempFolder(), url: project.database.url, env };
      const { faults } = await drainServer(programs(), place, { processes: 4, jobs: 400 });
      expect(faults).toEqual([]);
    },
    PATIENCE_MS,
  );
});
