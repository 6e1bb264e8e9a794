// The tables are upgraded while workers of the earlier set-up go on: nobody is turned away, and each
// job runs once.

import { randomUUID } from 'node:crypto';
import { expect, test } from '@jest/globals';
import pg from 'pg';
import { migratePostgres } from '../../src/stores/postgres/migrate.ts';
import { describePostgres, newProject } from '../support/postgres.ts';
import { query } from '../support/servers/postgres.ts';
import { earlierSetup } from './earlier_setup.ts';

const JOBS = 400;
const WORKERS = 6;

/** Works until nothing is left, one statement a transaction; `ran` hears of each job. */
const work = async (url: string, name: string, ran: (job_id: string) => void): Promise<void> => {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    for (;;) {
      const { rows } = await client.query('SELECT * FROM get_next_available_job($1)', [name]);
      if (rows.length === 0) return;
      const { job_id } = rows[0] as { job_id: string };
      const execution_id = randomUUID();
      await client.query(
        'INSERT INTO cloud_job_executions (execution_id, job_id, instance_id) VALUES ($1, $2, $3)',
        [execution_id, job_id, name],
      );
      ran(job_id);
      const ended = await client.query(
        "UPDATE cloud_job_executions SET status = 'success', finished_at = now() WHERE execution_id = $1",
        [execution_id],
      );
      const moved = await client.query(
        `UPDATE cloud_jobs SET status = 'success', last_execution = clock_timestamp(),
           locked_at = NULL, locked_by = NULL, lock_expires_at = NULL WHERE job_id = $1`,
        [job_id],
      );
      expect([ended.rowCount, moved.rowCount]).toEqual([1, 1]);
    }
  } finally {
    await client.end();
  }
};

describePostgres('an upgrade under load', () => {
  test('lets every worker go on, and every job run once', async () => {
    const { url } = await newProject('open');
    await query(
      url,
      earlierSetup(),
      `INSERT INTO cloud_jobs (name, job_type) SELECT 'a job', 'custom' FROM generate_series(1, ${JOBS})`,
    );
    const runs: string[] = [];
    let begin = () => {};
    const begun = new Promise<void>((resolve) => {
      begin = resolve;
    });
    const ran = (job_id: string) => {
      runs.push(job_id);
      if (runs.length === JOBS / 10) begin();
    };
    const workers = Array.from({ length: WORKERS }, (_, i) => work(url, `old-${i}`, ran));
    await begun;
    const before = runs.length;
    await migratePostgres(url);
    const during = runs.length;
    await Promise.all(workers);
    expect(before).toBeLessThan(JOBS);
    expect(during).toBeLessThan(JOBS);

    expect([runs.length, new Set(runs).size]).toEqual([JOBS, JOBS]);
    const jobs = await query(
      url,
      `SELECT j.status, e.status AS ended, e.lock_epoch = j.lock_epoch AS same, count(*)::int
       FROM cloud_jobs j FULL JOIN cloud_job_executions e USING (job_id) GROUP BY 1, 2, 3`,
    );
    expect(jobs).toEqual([{ status: 'success', ended: 'success', same: true, count: JOBS }]);
  });
});
