// Moves that people make: cancel, retry, enable, disable, delete.
import { type Job, type JobStatus, type Move, moves } from '../../core/job.ts';
import type { Json } from '../../core/json.ts';
import type { Moved } from '../../core/store.ts';
import { toJob } from '../rows.ts';
import { findByUniqueKey, isBlocked } from './create.ts';
import type { Database } from './database.ts';
import { appendEvent, appendStatus } from './events.ts';

const findJob = (database: Database, job_id: string): Job | undefined => {
  const row = database.get('SELECT * FROM cloud_jobs WHERE job_id = :job_id', { job_id });
  return row === undefined ? undefined : toJob(row);
};

const SET_STATUS = `
  UPDATE cloud_jobs
  SET status = :status, updated_at = :now,
      finished_at = CASE WHEN :status = 'cancelled' THEN :now END
  WHERE job_id = :job_id RETURNING *`;

// A retry by hand starts afresh: all retries given back, due now. Saved steps stay.
const GIVE_BACK = `
  UPDATE cloud_jobs
  SET current_retries = 0, run_at = :now, progress = NULL, cancel_requested_at = NULL
  WHERE job_id = :job_id`;

const ASK_TO_STOP = `
  UPDATE cloud_jobs SET cancel_requested_at = coalesce(cancel_requested_at, :now), updated_at = :now
  WHERE job_id = :job_id RETURNING *`;

/** Of a locked job; runs inside the caller's write transaction. */
export const askToStop = (database: Database, now: string, job_id: string): Moved => {
  const row = database.get(ASK_TO_STOP, { now, job_id });
  const asked = { level: 'info', message: 'cancel requested' };
  appendEvent(database, now, { job_id, execution_id: null }, 'log', asked);
  return { moved: true, job: toJob(row), reason: null };
};

/** `more` is told with the change; runs inside the caller's write transaction. */
export const setStatus = (
  database: Database,
  now: string,
  job_id: string,
  move: Move,
  more: { [key: string]: Json } = {},
): Moved => {
  let status: JobStatus = moves[move].to;
  if (move === 'retry') database.run(GIVE_BACK, { now, job_id });
  if (status === 'waiting' && isBlocked(database, job_id)) status = 'blocked';
  const row = database.get(SET_STATUS, { now, job_id, status });
  appendStatus(database, now, { job_id, execution_id: null }, status, { move, ...more });
  return { moved: true, job: toJob(row), reason: null };
};

export const moveJob = (database: Database, job_id: string, move: Move): Promise<Moved | null> =>
  database.write((now) => {
    const job = findJob(database, job_id);
    if (job === undefined) return null;
    const from: readonly JobStatus[] = moves[move].from;
    if (!from.includes(job.status)) return { moved: false, job, reason: 'status' };
    if (move === 'cancel' && job.status === 'locked') return askToStop(database, now, job_id);
    const keyTaken = job.unique_key !== null && findByUniqueKey(database, job.unique_key);
    if (move === 'retry' && keyTaken) return { moved: false, job, reason: 'unique_key_taken' };
    return setStatus(database, now, job_id, move);
  });

// Whatever the dependent's status: with the row the dependency would go too, and a dependent that is
// retried later would run as if it had been met.
const NEEDED = 'SELECT 1 FROM cloud_job_dependencies WHERE depends_on = :job_id LIMIT 1';

/** Executions, steps, events and dependencies go with the job (ON DELETE CASCADE). */
export const deleteJob = (database: Database, job_id: string): Promise<Moved | null> =>
  database.write(() => {
    const job = findJob(database, job_id);
    if (job === undefined) return null;
    if (job.status === 'locked') return { moved: false, job, reason: 'status' };
    const needed = job.status !== 'success' && database.get(NEEDED, { job_id }) !== undefined;
    if (needed) return { moved: false, job, reason: 'needed' };
    database.run('DELETE FROM cloud_jobs WHERE job_id = :job_id', { job_id });
    return { moved: true, job, reason: null };
  });
