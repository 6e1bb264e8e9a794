// Old callers get what they got: the same calls to an upgraded installation and to one that is not.
import { beforeAll, expect, test } from '@jest/globals';
import pg from 'pg';
import { migratePostgres } from '../../src/stores/postgres/migrate.ts';
import { describePostgres, newProject } from '../support/postgres.ts';
import { query } from '../support/servers/postgres.ts';
import { type EarlierJob, insertRows, jobs } from './earlier_rows.ts';
import { earlierSetup } from './earlier_setup.ts';

/** Columns with their types, and rows, as a driver sees them. */
const answer = async (url: string, sql: string) => {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    const { fields, rows } = await client.query(sql);
    return { columns: fields.map(({ name, dataTypeID }) => [name, dataTypeID]), rows };
  } finally {
    await client.end();
  }
};

const only = (...statuses: EarlierJob['status'][]): EarlierJob[] =>
  jobs.filter(({ status, job_id }) => statuses.includes(status) && !job_id.startsWith('lock-'));

const STATISTICS = 'SELECT * FROM job_statistics';

describePostgres('callers of the earlier set-up', () => {
  let old: string;
  let upgraded: string;

  /** The same rows, written by the same transaction time, in both. */
  const fill = async (rows: EarlierJob[]) => {
    await query(old, 'TRUNCATE cloud_jobs CASCADE', ...insertRows(rows, []));
    const copy = await query<{ rows: string }>(old, 'SELECT json_agg(j) AS rows FROM cloud_jobs j');
    const { url } = await newProject('open');
    const json = JSON.stringify(copy[0]?.rows ?? []).replaceAll("'", "''");
    await query(
      url,
      earlierSetup(),
      `INSERT INTO cloud_jobs SELECT * FROM json_populate_recordset(NULL::cloud_jobs, '${json}')`,
    );
    await migratePostgres(url);
    upgraded = url;
  };
  const both = async (sql: string) =>
    [await answer(old, sql), await answer(upgraded, sql)] as const;

  beforeAll(async () => {
    old = (await newProject('open')).url;
    await query(old, earlierSetup());
  });

  test('pick the same jobs in the same order with the same answers, and then none', async () => {
    const seeded = only(undefined, 'failed', 'success', 'disabled').filter(
      ({ job_id }) => job_id !== 'waiting-tomorrow',
    );
    await fill(seeded);
    const picked: unknown[] = [];
    for (let i = 0; i < 6; i += 1) {
      const call = i % 2 === 0 ? "'w'" : "instance_id_param => 'w', lock_duration_minutes => 5";
      const [before, after] = await both(`SELECT * FROM get_next_available_job(${call})`);
      expect(after).toEqual(before);
      picked.push(after.rows.map(({ job_id }) => job_id));
    }
    const expected = ['waiting-old', 'waiting-new', 'retry-old', 'retry-new'];
    expect(picked).toEqual([...expected.map((id) => [id]), [], []]);
    const [before, after] = await both(`SELECT job_id, status, locked_by,
      extract(epoch FROM lock_expires_at - locked_at)::int AS seconds
      FROM cloud_jobs ORDER BY job_id`);
    expect(after).toEqual(before);
  });

  test('release the same locks, and are told how many', async () => {
    await fill(only('locked', undefined));
    const [before, after] = await both('SELECT release_expired_locks()');
    expect(after).toEqual(before);
    expect(after.rows).toEqual([{ release_expired_locks: 2 }]);
    const [was, is] = await both(
      'SELECT job_id, status, locked_by, lock_expires_at FROM cloud_jobs ORDER BY job_id',
    );
    expect(is).toEqual(was);
    expect((await both('SELECT release_expired_locks()'))[1].rows).toEqual([
      { release_expired_locks: 0 },
    ]);
  });

  test.each([
    ['of many jobs', only(undefined, 'locked', 'success', 'disabled')],
    ['of no job', []],
  ])('count %s the same', async (_what, rows) => {
    await fill(rows);
    const [before, after] = await both(STATISTICS);
    expect(after.columns).toEqual(before.columns);
    expect(after.rows).toEqual([{ ...before.rows[0], calculated_at: expect.any(Date) }]);
  });
});
