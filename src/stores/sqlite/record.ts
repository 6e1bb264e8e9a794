// Recording: ends executions, moves their jobs, unblocks dependents.

import type { NotedAlert } from '../../core/alert.ts';
import type { ClaimRequest } from '../../core/claim.ts';
import type { JobStatus } from '../../core/job.ts';
import type { ExecutionRecord, Recorded } from '../../core/store.ts';
import { noteAlerts } from './alerts.ts';
import { claim } from './claim.ts';
import type { Database } from './database.ts';
import { appendLogs, appendStatus } from './events.ts';
import { findHeld } from './fenced.ts';
import { learn } from './stretches.ts';

const END_EXECUTION = `
  UPDATE cloud_job_executions
  SET status = :status, finished_at = :now, duration_seconds = :duration_seconds,
      result = :result, error_message = :error_message, error = :error
  WHERE job_id = :job_id AND lock_epoch = :lock_epoch AND status = 'running'`;

const MOVE_JOB = `
  UPDATE cloud_jobs
  SET status = :job_status, run_at = coalesce(:run_at, run_at),
      current_retries = min(current_retries + :retry_used, max_retries), updated_at = :now,
      finished_at = CASE WHEN :job_status = 'waiting' THEN NULL ELSE :now END,
      locked_at = NULL, locked_by = NULL, lock_expires_at = NULL
  WHERE job_id = :job_id AND lock_epoch = :lock_epoch`;

const UNBLOCK = `
  UPDATE cloud_jobs SET status = 'waiting', updated_at = :now
  WHERE +status = 'blocked' -- by job_id: there may be any number of blocked ones
    AND job_id IN (SELECT job_id FROM cloud_job_dependencies WHERE depends_on = :job_id)
    AND NOT EXISTS (
      SELECT 1 FROM cloud_job_dependencies d JOIN cloud_jobs needed ON needed.job_id = d.depends_on
      WHERE d.job_id = cloud_jobs.job_id AND needed.status <> 'success')
  RETURNING job_id`;

const ENDED_AS = `
  SELECT 1 FROM cloud_job_executions
  WHERE execution_id = :execution_id AND job_id = :job_id AND lock_epoch = :lock_epoch
    AND status = :status`;

const unblock = (database: Database, now: string, job_id: string): void => {
  for (const row of database.all(UNBLOCK, { now, job_id })) {
    const of = { job_id: String(row.job_id), execution_id: null };
    appendStatus(database, now, of, 'waiting', { unblocked_by: job_id });
  }
};

interface RecordedOne {
  /** where the job went; null = the lock is lost and nothing was changed */
  job_status: JobStatus | null;
  alerts: NotedAlert[];
}

const recordOne = (database: Database, now: string, record: ExecutionRecord): RecordedOne => {
  const { fence, status, result, error } = record;
  const { job_id, execution_id, lock_epoch } = fence;
  const held = findHeld(database, now, fence);
  if (held === undefined) {
    // An answer may have been lost on its way: the same outcome, already there, counts as written.
    const params = { execution_id, job_id, lock_epoch, status };
    const written = database.get(ENDED_AS, params) !== undefined;
    return { job_status: written ? record.job_status : null, alerts: [] };
  }
  const cancelled = record.job_status === 'waiting' && held.cancel_requested;
  const job_status: JobStatus = cancelled ? 'cancelled' : record.job_status;
  const later = new Date(Date.parse(now) + record.delay_seconds * 1000).toISOString();
  const duration_seconds = (Date.parse(now) - Date.parse(held.started_at)) / 1000;
  database.run(END_EXECUTION, {
    job_id,
    lock_epoch,
    status,
    now,
    duration_seconds,
    result: result === null ? null : JSON.stringify(result),
    error_message: error?.message ?? null,
    error: error === null ? null : JSON.stringify(error),
  });
  database.run(MOVE_JOB, {
    job_id,
    lock_epoch,
    job_status,
    now,
    retry_used: record.retry_used ? 1 : 0,
    run_at: job_status === 'waiting' ? later : null,
  });
  appendLogs(database, now, fence, record.logs);
  const told = error === null ? {} : { error_message: error.message };
  appendStatus(database, now, fence, job_status, { execution_status: status, ...told });
  if (job_status === 'success' && held.has_dependents) unblock(database, now, job_id);
  const { alert, stretch_seconds } = record;
  const alerts = alert === null ? [] : noteAlerts(database, now, record, duration_seconds, alert);
  if (stretch_seconds !== null) {
    const took = status === 'success' ? duration_seconds : null;
    learn(database, now, job_id, stretch_seconds, took);
  }
  return { job_status, alerts };
};

/** One transaction: all records, then the next claim. */
export const recordExecutions = (
  database: Database,
  records: ExecutionRecord[],
  next?: ClaimRequest,
): Promise<Recorded> =>
  database.write((now) => {
    const recorded = records.map((record) => recordOne(database, now, record));
    const job_statuses = recorded.map(({ job_status }) => job_status);
    return {
      verdicts: job_statuses.map((status) => (status === null ? 'lost' : 'recorded')),
      job_statuses,
      claim: next === undefined ? null : claim(database, now, next),
      alerts: recorded.flatMap(({ alerts }) => alerts),
    };
  });
