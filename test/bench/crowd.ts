// Files with a crowd of rows of one kind and a thousand due jobs besides, shaped as the store's own.
import Driver from 'libsql';
import { printSqliteSchema } from '../../src/stores/sqlite/migrate.ts';

/** Jobs of type `bench` that are due, whatever the crowd: one of them is what a pick takes. */
const DUE = 1000;

export type Crowd = 'waiting' | 'finished' | 'future' | 'levels' | 'blocked' | 'others' | 'locked';

interface Shape {
  status: string;
  job_type: string;
  /** SQL over n, the number of the row */
  priority: string;
  /** :past or :future */
  run_at: string;
}

const due: Shape = { status: 'waiting', job_type: 'bench', priority: '0', run_at: ':past' };
const tomorrow: Shape = { ...due, priority: '10', run_at: ':future' };

const shapes: Record<Crowd, Shape> = {
  waiting: due,
  finished: { ...due, status: 'success' },
  future: tomorrow,
  // A thousand priorities, each a level of its own for the claim to look at.
  levels: { ...tomorrow, priority: '10 + n % 1000' },
  blocked: { ...due, status: 'blocked' },
  others: { ...due, job_type: 'unknown_here' },
  locked: { ...due, status: 'locked' },
};

const UUID = `lower(format('%s-%s-4%s-a%s-%s', hex(randomblob(4)), hex(randomblob(2)),
  substr(hex(randomblob(2)), 2), substr(hex(randomblob(2)), 2), hex(randomblob(6))))`;

// Both moments are bound whatever the shape: `moments` names them, so that neither is unknown.
const insertJobs = ({ status, job_type, priority, run_at }: Shape): string => {
  const locked = status === 'locked';
  const finished = status === 'success';
  return `
  INSERT INTO cloud_jobs (job_id, name, job_type, status, priority, run_at, lock_epoch, locked_at,
    locked_by, lock_expires_at, created_at, updated_at, last_execution, finished_at)
  WITH RECURSIVE row (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM row WHERE n < :rows),
    moments (past, future) AS (SELECT :past, :future)
  SELECT ${UUID}, 'bench', '${job_type}', '${status}', ${priority}, ${run_at},
    ${locked || finished ? 1 : 0}, ${locked ? ':past' : 'NULL'}, ${locked ? "'bench'" : 'NULL'},
    ${locked ? ':future' : 'NULL'}, :past, :past, ${locked || finished ? ':past' : 'NULL'},
    ${finished ? ':past' : 'NULL'}
  FROM row, moments`;
};

const EXECUTIONS = `
  INSERT INTO cloud_job_executions (execution_id, job_id, lock_epoch, status, started_at,
    finished_at, duration_seconds, instance_id, "trigger")
  SELECT ${UUID}, job_id, 1, iif(status = 'locked', 'running', 'success'), updated_at,
    iif(status = 'locked', NULL, updated_at), iif(status = 'locked', NULL, 0.01), 'bench', 'bench'
  FROM cloud_jobs WHERE lock_epoch = 1`;

const events = (status: string, data: string): string => `
  INSERT INTO cloud_job_events (job_id, event_id, at, kind, data)
  SELECT job_id,
    (SELECT count(*) + 1 FROM cloud_job_events e WHERE e.job_id = cloud_jobs.job_id),
    updated_at, 'status', '${data}' FROM cloud_jobs WHERE ${status} ORDER BY seq`;

// A chain: each blocked job needs the one before it, the first one the last of those due.
const DEPENDENCIES = `
  INSERT INTO cloud_job_dependencies (job_id, depends_on)
  SELECT job_id, lag(job_id, 1, (SELECT job_id FROM cloud_jobs WHERE seq = ${DUE}))
    OVER (ORDER BY seq)
  FROM cloud_jobs WHERE status = 'blocked'`;

const HOUR_MS = 60 * 60 * 1000;

/** Makes the file: `rows` of that crowd, their executions, events and dependencies. */
export const makeCrowd = (path: string, crowd: Crowd, rows: number): void => {
  const driver = new Driver(path);
  driver.exec(printSqliteSchema());
  // Nobody else reads this file yet: it may be written without a journal, and indexes made last.
  driver.exec('PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF; PRAGMA cache_size = -500000');
  const indexes = driver
    .prepare(`SELECT name, sql FROM sqlite_schema WHERE type = 'index' AND sql IS NOT NULL`)
    .all() as { name: string; sql: string }[];
  const past = new Date(Date.now() - HOUR_MS).toISOString();
  const future = new Date(Date.now() + 24 * HOUR_MS).toISOString();
  driver.exec('BEGIN IMMEDIATE');
  for (const { name } of indexes) driver.exec(`DROP INDEX ${name}`);
  driver.prepare(insertJobs(due)).run({ rows: DUE, past, future });
  driver.prepare(insertJobs(shapes[crowd])).run({ rows, past, future });
  driver.exec(EXECUTIONS);
  driver.exec(events('true', '{"status":"waiting"}'));
  driver.exec(events('lock_epoch = 1', '{"status":"locked","lock_epoch":1,"instance_id":"bench"}'));
  driver.exec(events("status = 'success'", '{"status":"success","execution_status":"success"}'));
  driver.exec(DEPENDENCIES);
  for (const { sql } of indexes) driver.exec(sql);
  driver.exec('COMMIT');
  driver.exec('PRAGMA journal_mode = WAL');
  driver.close();
};
