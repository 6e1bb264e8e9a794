// Databases with a crowd of rows of one kind and a thousand due jobs besides, shaped as the store's own.
import { connected } from '../../support/servers/postgres.ts';
import { payload } from './contender.ts';
import { tidy } from './world.ts';

/** Jobs that are due, whatever the crowd: one of them is what a pick takes. */
const DUE = 1000;

export type Crowd = 'waiting' | 'finished' | 'future' | 'levels' | 'blocked' | 'others' | 'locked';

interface Shape {
  status: string;
  job_type: string;
  /** SQL over n, the number of the row */
  priority: string;
  run_at: string;
}

const past = "now() - interval '1 hour'";
const future = "now() + interval '1 day'";
const due: Shape = { status: 'waiting', job_type: 'custom', priority: '0', run_at: past };
const tomorrow: Shape = { ...due, priority: '10', run_at: future };

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

const insertJobs = ({ status, job_type, priority, run_at }: Shape, rows: number): string => {
  const locked = status === 'locked';
  const finished = status === 'success';
  const when = (condition: boolean, value: string) => (condition ? value : 'NULL');
  const epoch = locked || finished ? 1 : 0;
  return `
  INSERT INTO cloud_jobs (job_id, name, job_type, config, status, priority, run_at, lock_epoch,
    last_event_id, locked_at, locked_by, lock_expires_at, created_at, updated_at, last_execution,
    finished_at)
  SELECT gen_random_uuid(), 'bench', '${job_type}', '${JSON.stringify(payload)}', '${status}',
    ${priority}, ${run_at}, ${epoch}, ${1 + epoch + (finished ? 1 : 0)}, ${when(locked, past)},
    ${when(locked, "'bench'")}, ${when(locked, future)}, ${past}, ${past},
    ${when(locked || finished, past)}, ${when(finished, past)}
  FROM generate_series(1, ${rows}) n`;
};

const EXECUTIONS = `
  INSERT INTO cloud_job_executions (execution_id, job_id, lock_epoch, status, job_status,
    opened_event_id, ended_event_id, started_at, finished_at, duration_seconds, instance_id,
    "trigger")
  SELECT gen_random_uuid(), job_id, 1, CASE status WHEN 'locked' THEN 'running' ELSE status END,
    CASE status WHEN 'success' THEN status END, 2, CASE status WHEN 'success' THEN 3 END,
    updated_at, finished_at, CASE status WHEN 'success' THEN 0.01 END, 'bench', 'bench'
  FROM cloud_jobs WHERE lock_epoch = 1`;

// A chain: each blocked job needs the one before it, the first one the last of those due.
const DEPENDENCIES = `
  INSERT INTO cloud_job_dependencies (job_id, depends_on)
  SELECT job_id, lag(job_id, 1, (SELECT job_id FROM cloud_jobs WHERE status = 'waiting' LIMIT 1))
    OVER (ORDER BY seq)
  FROM cloud_jobs WHERE status = 'blocked'`;

/** Fills the new tables at `url`: `rows` of that crowd, their executions and dependencies. */
export const fillCrowd = async (url: string, crowd: Crowd, rows: number): Promise<void> => {
  await connected(url, async (ask) => {
    // Rows that are right need no triggers, and a power cut may have this database.
    await ask('SET session_replication_role = replica; SET synchronous_commit = off');
    await ask(insertJobs(due, DUE));
    await ask(insertJobs(shapes[crowd], rows));
    await ask(EXECUTIONS);
    await ask(DEPENDENCIES);
  });
  await tidy(url);
};
