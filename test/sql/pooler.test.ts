// Nothing is left in a session, or looked for there: all works behind a pooler in transaction mode.
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import type { Store } from '../../src/core/store.ts';
import { migratePostgres } from '../../src/stores/postgres/migrate.ts';
import { openPostgres } from '../../src/stores/postgres.ts';
import { claimRequest, newJob, succeeded } from '../support/jobs.ts';
import { describePostgres } from '../support/postgres.ts';
import { createDatabase, type Database } from '../support/servers/database.ts';
import { fast, query, type RunningServer, startPostgres } from '../support/servers/postgres.ts';
import { detailOf } from '../support/store.ts';
import { dumpCatalog } from './catalog.ts';
import { type Pooler, startPooler } from './pooler.ts';

const BACKENDS = 3;

describePostgres('behind a pooler in transaction mode', () => {
  let server: RunningServer;
  let database: Database;
  let pooler: Pooler;

  beforeAll(async () => {
    server = await startPostgres({ settings: fast, auth: 'trust' });
    database = await createDatabase(server);
    pooler = await startPooler(database.url, BACKENDS);
  });
  afterAll(async () => {
    pooler?.stop();
    await server?.stop();
  });

  /** The same question to each backend, one after the other. */
  const askAll = async <Row extends object>(sql: string): Promise<Row[]> => {
    const answers: Row[] = [];
    for (let i = 0; i < BACKENDS; i += 1) answers.push(...(await query<Row>(pooler.url, sql)));
    return answers;
  };

  test('two transactions of one client meet two backends, so that this proves something', async () => {
    const pids = await askAll<{ pid: number }>('SELECT pg_backend_pid() AS pid');
    expect(new Set(pids.map(({ pid }) => pid)).size).toBe(BACKENDS);
    const lost = query(pooler.url, 'CREATE TEMP TABLE mine ()', 'SELECT FROM mine');
    await expect(lost).rejects.toMatchObject({ code: '42P01' });
    await askAll('DROP TABLE IF EXISTS pg_temp.mine');
  });

  test('the migrations leave what they leave over a connection of their own', async () => {
    const direct = await createDatabase(server);
    await migratePostgres(direct.url);
    await Promise.all(Array.from({ length: 6 }, () => migratePostgres(pooler.url)));
    expect(await dumpCatalog(database.url)).toEqual(await dumpCatalog(direct.url));
  });

  test('more instances than backends drain jobs, each of them once', async () => {
    const stores = await Promise.all(Array.from({ length: 8 }, () => openPostgres(pooler.url)));
    const [store] = stores as [Store, ...Store[]];
    const created = await store.createJobs(Array.from({ length: 40 }, () => newJob()));
    const drain = async (own: Store) => {
      let { picks } = await own.claimJobs(claimRequest());
      while (picks.length > 0) {
        const [pick] = picks as [(typeof picks)[0]];
        const step = { name: 'one', step_order: 1, status: 'success', output: null } as const;
        expect(await own.saveStep(pick.fence, step)).toMatchObject({ held: true });
        const { claim } = await own.recordExecutions([succeeded(pick)], claimRequest());
        picks = claim?.picks ?? [];
      }
    };
    await Promise.all(stores.map(drain));
    for (const { job_id } of created) {
      const { job, executions } = await detailOf(store, job_id);
      expect([job.status, executions.length]).toEqual(['success', 1]);
    }
    for (const own of stores) await own.close();
  });

  test('no session keeps anything but statements of ours, which nobody relies on', async () => {
    const left = `SELECT
      (SELECT count(*)::int FROM pg_prepared_statements WHERE name !~ '^cloud_jobs_') AS statements,
      (SELECT count(*)::int FROM pg_listening_channels()) AS channels,
      (SELECT count(*)::int FROM pg_cursors WHERE is_holdable) AS cursors,
      (SELECT count(*)::int FROM pg_class WHERE relpersistence = 't') AS temporary,
      (SELECT count(*)::int FROM pg_settings WHERE source = 'session') AS settings,
      (SELECT count(*)::int FROM pg_locks WHERE locktype = 'advisory') AS locks`;
    const nothing = { statements: 0, channels: 0, cursors: 0, temporary: 0, settings: 0, locks: 0 };
    expect(await askAll(left)).toEqual(Array(BACKENDS).fill(nothing));
  });
});
