// Failures that many instances record at the same moment: counted as far as nobody has to wait for it,
// told of once, and not even looked at where nobody is to be told.
import { afterEach, beforeAll, beforeEach, expect, test } from '@jest/globals';
import pg from 'pg';
import type { NotedAlert } from '../../src/core/alert.ts';
import type { Pick } from '../../src/core/job.ts';
import type { ExecutionRecord, Store } from '../../src/core/store.ts';
import { POSTGRES_SCHEMA_VERSION } from '../../src/stores/postgres/schema.ts';
import { openPostgres } from '../../src/stores/postgres.ts';
import { claimRequest, executionIds, failed, newJob, succeeded } from '../support/jobs.ts';
import { describePostgres, newDatabase } from '../support/postgres.ts';
import { emptyTables, migrated } from '../support/postgres_data.ts';
import { query } from '../support/servers/postgres.ts';

/** Whoever waits for a transaction that stays open gives up after this, and the test fails. */
const PATIENCE = { answer_within_ms: 5000 };
const alert = { after: 2, slow_times: null };

describePostgres('failures that are counted', () => {
  let url: string;
  let store: Store;
  let other: pg.Client;
  beforeAll(async () => {
    ({ url } = await newDatabase(migrated));
  });
  beforeEach(async () => {
    await query(url, emptyTables);
    store = await openPostgres(url, PATIENCE);
    other = new pg.Client({ connectionString: url });
    await other.connect();
    await other.query('BEGIN');
  });
  afterEach(async () => {
    await other.end();
    await store.close();
  });

  const picked = async (count: number): Promise<Pick[]> => {
    await store.createJobs(Array.from({ length: count }, () => newJob()));
    const { picks } = await store.claimJobs(claimRequest({ execution_ids: executionIds(count) }));
    expect(picks).toHaveLength(count);
    return picks;
  };
  const record = async (...records: ExecutionRecord[]): Promise<NotedAlert[]> => {
    const { verdicts, alerts } = await store.recordExecutions(records);
    expect(new Set(verdicts)).toEqual(new Set(['recorded']));
    return alerts;
  };
  /** By someone whose transaction stays open. */
  const recordUnseen = async ({ fence, ...rest }: ExecutionRecord): Promise<NotedAlert[]> => {
    const { rows } = await other.query('SELECT record_executions($1, $2) -> $$alerts$$ AS alerts', [
      POSTGRES_SCHEMA_VERSION,
      JSON.stringify([{ ...fence, ...rest }]),
    ]);
    return rows[0].alerts;
  };
  const counted = async () =>
    (await query<{ failures: number }>(url, 'SELECT failures FROM cloud_job_streaks'))[0]?.failures;

  test('are dropped while another one of the type is not committed yet, which nobody waits for', async () => {
    const [first, second, third] = (await picked(3)) as [Pick, Pick, Pick];
    await recordUnseen(failed(first, { alert }));
    expect(await record(failed(second, { alert }))).toEqual([]);
    expect(await counted()).toBeUndefined();
    await other.query('COMMIT');
    expect(await record(failed(third, { alert }))).toMatchObject([{ failures: 2 }]);
  });

  test('end with a success that nobody waits for, by the next one at the latest', async () => {
    const [first, second, third, fourth] = (await picked(4)) as [Pick, Pick, Pick, Pick];
    await record(failed(first, { alert: { ...alert, after: 1 } }));
    await recordUnseen(failed(second, { alert }));
    expect(await record(succeeded(third, { alert }))).toEqual([]);
    await other.query('COMMIT');
    expect(await record(succeeded(fourth, { alert }))).toMatchObject([
      { kind: 'recovered', failures: 2 },
    ]);
  });

  test('wait until they are told of, not the other way round', async () => {
    const [first, second] = (await picked(2)) as [Pick, Pick];
    const told = await record(failed(first, { alert: { ...alert, after: 1 } }));
    await recordUnseen(failed(second, { alert }));
    const [streak] = told as [Extract<NotedAlert, { since: Date }>];
    const telling = store.alertTold(streak.subject, streak.since);
    const waits = `SELECT FROM pg_locks WHERE locktype = 'advisory' AND NOT granted
      AND database = (SELECT oid FROM pg_database WHERE datname = current_database())`;
    while ((await query(url, waits)).length === 0);
    await other.query('COMMIT');
    await telling;
    expect(await query(url, 'SELECT FROM cloud_job_streaks WHERE told_at IS NOT NULL')).toEqual([
      {},
    ]);
  });

  test('of a crowd are told of once, and every job is recorded', async () => {
    const crowd = await Promise.all(Array.from({ length: 6 }, () => openPostgres(url)));
    const picks = await picked(60);
    const alerts = await Promise.all(
      crowd.map(async (own, i) => {
        const found: NotedAlert[] = [];
        for (const pick of picks.filter((_, at) => at % crowd.length === i)) {
          const recorded = await own.recordExecutions([failed(pick, { alert })]);
          expect(recorded.verdicts).toEqual(['recorded']);
          found.push(...recorded.alerts);
        }
        return found;
      }),
    );
    for (const own of crowd) await own.close();
    expect(alerts.flat()).toMatchObject([{ kind: 'failing', subject: 'type:demo' }]);
    expect(await counted()).toBeGreaterThan(1);
    expect((await store.stats()).jobs.failed).toBe(60);
  });

  test('are not even looked at by records that nobody is to be told of', async () => {
    const [first, second] = (await picked(2)) as [Pick, Pick];
    await other.query('LOCK TABLE cloud_job_streaks, cloud_job_types IN ACCESS EXCLUSIVE MODE');
    expect(await record(failed(first), succeeded(second))).toEqual([]);
    await other.query('ROLLBACK');
  });
});
