// What many instances learn of one type at the same moment: nobody waits for anybody because of it.
import { afterEach, beforeAll, beforeEach, expect, test } from '@jest/globals';
import pg from 'pg';
import type { Pick } from '../../src/core/job.ts';
import type { Store } from '../../src/core/store.ts';
import { POSTGRES_SCHEMA_VERSION } from '../../src/stores/postgres/schema.ts';
import { openPostgres } from '../../src/stores/postgres.ts';
import { claimRequest, executionIds, newJob, succeeded } from '../support/jobs.ts';
import { describePostgres, newDatabase } from '../support/postgres.ts';
import { emptyTables, migrated } from '../support/postgres_data.ts';
import { query } from '../support/servers/postgres.ts';
import { pickOne } from '../support/store.ts';

/** Whoever waits for a transaction that stays open gives up after this, and the test fails. */
const PATIENCE = { answer_within_ms: 5000 };

describePostgres('what is learned', () => {
  let url: string;
  let store: Store;
  const clients: pg.Client[] = [];
  beforeAll(async () => {
    ({ url } = await newDatabase(migrated));
  });
  beforeEach(async () => {
    await query(url, emptyTables);
    store = await openPostgres(url, PATIENCE);
  });
  afterEach(async () => {
    await store.close();
    for (const client of clients.splice(0)) await client.end();
  });

  /** A transaction of its own, which stays open. */
  const begin = async (): Promise<pg.Client> => {
    const client = new pg.Client({
      connectionString: url,
      query_timeout: PATIENCE.answer_within_ms,
    });
    clients.push(client);
    await client.connect();
    await client.query('BEGIN');
    return client;
  };
  const record = async (client: pg.Client, pick: Pick, stretch_seconds: number) => {
    const { fence, ...rest } = succeeded(pick, { stretch_seconds });
    const { rows } = await client.query(
      'SELECT record_executions($1, $2) -> $$job_statuses$$ AS said',
      [POSTGRES_SCHEMA_VERSION, JSON.stringify([{ ...fence, ...rest }])],
    );
    expect(rows).toEqual([{ said: ['success'] }]);
  };
  const picked = async (job_type: string): Promise<Pick> => {
    await store.createJobs([newJob({ job_type })]);
    return pickOne(store, { job_types: [job_type] });
  };
  const recorded = async (pick: Pick, stretch_seconds: number) => {
    const { verdicts } = await store.recordExecutions([succeeded(pick, { stretch_seconds })]);
    expect(verdicts).toEqual(['recorded']);
  };
  const known = async () =>
    Object.fromEntries(
      (await query<{ job_type: string; stretches: number[] }>(url, 'TABLE cloud_job_types')).map(
        ({ job_type, stretches }) => [job_type, stretches],
      ),
    );

  test('is dropped where another record of the type is not committed yet, which nobody waits for', async () => {
    const [first, second, third] = [await picked('a'), await picked('a'), await picked('a')];
    const open = await begin();
    await record(open, first, 1);
    await recorded(second, 2);
    expect(await known()).toEqual({});
    const fits = { seconds: 1, share: 1 };
    expect((await store.claimJobs(claimRequest({ job_types: ['a'], fits }))).too_long).toEqual([]);
    await open.query('COMMIT');
    await recorded(third, 3);
    expect(await known()).toEqual({ a: [1, 3] });
  });

  test('is dropped just so where the type is known already', async () => {
    await recorded(await picked('a'), 1);
    const [first, second] = [await picked('a'), await picked('a')];
    const open = await begin();
    await record(open, first, 2);
    await recorded(second, 3);
    await open.query('COMMIT');
    expect(await known()).toEqual({ a: [1, 2] });
  });

  test('is forgotten with a record that is undone, and hinders no later one', async () => {
    const pick = await picked('a');
    const open = await begin();
    await record(open, pick, 1);
    await open.query('ROLLBACK');
    expect(await known()).toEqual({});
    await recorded(pick, 2);
    expect(await known()).toEqual({ a: [2] });
  });

  test('of types in opposite order never makes a circle of waiting', async () => {
    const of_a = [await picked('a'), await picked('a')] as const;
    const of_b = [await picked('b'), await picked('b')] as const;
    const [one, other] = [await begin(), await begin()];
    await record(one, of_a[0], 1);
    await record(other, of_b[0], 2);
    await record(one, of_b[1], 3);
    await record(other, of_a[1], 4);
    await one.query('COMMIT');
    await other.query('COMMIT');
    expect(await known()).toEqual({ a: [1], b: [2] });
  });

  test('by a batch is told apart by type', async () => {
    const picks = [await picked('a'), await picked('b'), await picked('a'), await picked('b')];
    const stretches = [5, null, 5, 7];
    const records = picks.map((pick, i) =>
      succeeded(pick, { stretch_seconds: stretches[i] ?? null }),
    );
    await store.recordExecutions(records);
    expect(await known()).toEqual({ a: [5, 5], b: [7] });
  });

  test('by a crowd is kept as far as it goes, twenty at most, and every job is recorded', async () => {
    const crowd = await Promise.all(Array.from({ length: 6 }, () => openPostgres(url)));
    await store.createJobs(Array.from({ length: 120 }, () => newJob()));
    const { picks } = await store.claimJobs(claimRequest({ execution_ids: executionIds(120) }));
    const drain = async (own: Store, i: number) => {
      for (const pick of picks.filter((_, at) => at % crowd.length === i)) {
        const record = succeeded(pick, { stretch_seconds: 5 });
        expect((await own.recordExecutions([record])).verdicts).toEqual(['recorded']);
      }
    };
    await Promise.all(crowd.map(drain));
    for (const own of crowd) await own.close();
    const { demo = [], ...others } = await known();
    expect(others).toEqual({});
    expect(new Set(demo)).toEqual(new Set([5]));
    expect(demo.length).toBeLessThanOrEqual(20);
    expect((await store.stats()).jobs.success).toBe(120);
  });

  test('is not even looked at by records and claims that have nothing to do with it', async () => {
    const pick = await picked('a');
    await store.createJobs([newJob({ job_type: 'a' })]);
    const open = await begin();
    await open.query('LOCK TABLE cloud_job_types IN ACCESS EXCLUSIVE MODE');
    const next = claimRequest({ job_types: ['a'] });
    const { verdicts, claim } = await store.recordExecutions([succeeded(pick)], next);
    expect([verdicts, claim?.picks.length]).toEqual([['recorded'], 1]);
    expect((await store.claimJobs(claimRequest())).picks).toEqual([]);
    const asking = store.claimJobs(claimRequest({ fits: { seconds: 1, share: 1 } }));
    const waiting = `SELECT FROM pg_locks WHERE NOT granted
      AND relation = 'cloud_job_types'::regclass AND database =
      (SELECT oid FROM pg_database WHERE datname = current_database())`;
    // The one that has to do with it waits here, so that the lock proves something.
    while ((await query(url, waiting)).length === 0);
    await open.query('ROLLBACK');
    expect((await asking).picks).toEqual([]);
  });
});
