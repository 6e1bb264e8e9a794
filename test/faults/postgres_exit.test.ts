// Exit codes of the built command line on a Postgres in trouble.
import { afterAll, beforeAll } from '@jest/globals';
import { build } from '../cli/bundle.ts';
import { usePrograms } from '../crash/programs.ts';
import { describePostgres, newDatabase } from '../support/postgres.ts';
import { migrated } from '../support/postgres_data.ts';
import { query } from '../support/servers/postgres.ts';
import { startWire, type Wire } from '../support/servers/wire.ts';
import { exitCodeTests, type Troubled } from './exit_codes.ts';
import { until } from './scene.ts';

const programs = usePrograms();
beforeAll(build);

const CONNECTED = `SELECT FROM pg_stat_activity
  WHERE datname = current_database() AND application_name = 'cloud-jobs'`;

describePostgres('a server behind a wire', () => {
  let wire: Wire;
  let place: Troubled;
  beforeAll(async () => {
    const { url, admin_url } = await newDatabase(migrated);
    wire = await startWire(url);
    let shut = false;
    place = {
      url,
      env: { DATABASE_URL: wire.url },
      stumble: () => {
        for (const call of [/claim_jobs/, /record_executions/]) {
          wire.breaks('lose_answer', call);
          wire.breaks('lose_request', call);
        }
      },
      hang: wire.hang,
      vanish: () => {
        shut = true;
        wire.shut();
        wire.cut();
      },
      recover: async () => {
        wire.resume();
        if (shut) await wire.open();
        shut = false;
        await until(async () => (await query(admin_url, CONNECTED)).length === 0);
      },
    };
  });
  afterAll(() => wire.stop());

  exitCodeTests(
    'Postgres',
    () => place,
    () => programs().jobs,
  );
});
