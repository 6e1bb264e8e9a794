// Releasing expired locks: the part of every pick that makes a resident supervisor needless.

import type { Released } from '../../core/claim.ts';
import type { JobStatus } from '../../core/job.ts';
import type { Database } from './database.ts';
import { appendStatus } from './events.ts';

const EXPIRED = `
  SELECT j.job_id, j.name, j.lock_epoch, j.current_retries, j.max_retries, j.cancel_requested_at,
         e.execution_id, e.instance_id, e.started_at
  FROM cloud_jobs j INDEXED BY cloud_jobs_locks
  CROSS JOIN cloud_job_executions e ON e.job_id = j.job_id AND e.lock_epoch = j.lock_epoch
  WHERE j.status = 'locked' AND j.lock_expires_at <= :now
  ORDER BY j.lock_expires_at LIMIT :limit`;

const LOSE_EXECUTION = `
  UPDATE cloud_job_executions
  SET status = 'lost', finished_at = :now, duration_seconds = :duration_seconds,
      error_message = :error_message
  WHERE job_id = :job_id AND lock_epoch = :lock_epoch AND status = 'running'`;

const FREE_JOB = `
  UPDATE cloud_jobs
  SET status = :status, current_retries = current_retries + :retry_used, updated_at = :now,
      finished_at = CASE WHEN :status = 'waiting' THEN NULL ELSE :now END,
      locked_at = NULL, locked_by = NULL, lock_expires_at = NULL
  WHERE job_id = :job_id`;

/**
 * Ends up to `limit` executions whose lock has expired as `lost`. One retry is used: the job goes
 * back to `waiting` at once, to `failed` when none is left, to `cancelled` when that was asked.
 * Oldest expiry first. Runs inside the caller's write transaction.
 */
export const releaseExpired = (database: Database, now: string, limit: number): Released[] =>
  database.all(EXPIRED, { now, limit }).map((row) => {
    const { job_id, name, execution_id, instance_id } = row as Record<string, string>;
    const retriesLeft = Number(row.current_retries) < Number(row.max_retries);
    let job_status: JobStatus = retriesLeft ? 'waiting' : 'failed';
    if (row.cancel_requested_at !== null) job_status = 'cancelled';
    database.run(LOSE_EXECUTION, {
      now,
      job_id: String(job_id),
      lock_epoch: Number(row.lock_epoch),
      duration_seconds: (Date.parse(now) - Date.parse(String(row.started_at))) / 1000,
      error_message: `the lock held by ${instance_id} expired before an outcome was recorded`,
    });
    const retry_used = retriesLeft ? 1 : 0;
    database.run(FREE_JOB, { now, job_id: String(job_id), status: job_status, retry_used });
    const of = { job_id: String(job_id), execution_id: String(execution_id) };
    appendStatus(database, now, of, job_status, { execution_status: 'lost' });
    return {
      ...of,
      name: String(name),
      lock_epoch: Number(row.lock_epoch),
      instance_id: String(instance_id),
      job_status,
    };
  });
