// History of another system: finished jobs of schedules, each with its one execution.
import type { PastExecution } from '../../core/history.ts';
import type { Json } from '../../core/json.ts';
import type { Database } from './database.ts';
import { appendLogs, appendStatus } from './events.ts';

const INSERT_JOB = `
  INSERT INTO cloud_jobs (
    job_id, name, job_type, config, description, status, priority, run_at, max_retries,
    retry_delay_seconds, retry_backoff, timeout_seconds, lock_epoch, schedule_id, metadata,
    created_at, updated_at, last_execution, finished_at)
  SELECT
    :job_id, name, job_type, config, description, :job_status, priority, :started_at, max_retries,
    retry_delay_seconds, retry_backoff, timeout_seconds, 1, schedule_id, :metadata,
    :created_at, :finished_at, :started_at, :finished_at
  FROM cloud_job_schedules WHERE schedule_id = :schedule_id
  ON CONFLICT (job_id) DO NOTHING`;

const INSERT_EXECUTION = `
  INSERT INTO cloud_job_executions (
    execution_id, job_id, lock_epoch, status, started_at, finished_at, duration_seconds, result,
    error_message, error, instance_id, "trigger")
  VALUES (
    :job_id, :job_id, 1, :status, :started_at, :finished_at, :duration_seconds, :result,
    :error_message, :error, 'imported', 'imported')`;

const INSERT_SLOT = `
  INSERT INTO cloud_job_slots (schedule_id, slot_at, status, reason, job_id, decided_at)
  VALUES (:schedule_id, :started_at, 'fired', 'imported', :job_id, :started_at)
  ON CONFLICT (schedule_id, slot_at) DO NOTHING`;

const MOVE_FORWARD = `
  UPDATE cloud_job_schedules SET last_execution = :started_at
  WHERE schedule_id = :schedule_id AND coalesce(last_execution, '') < :started_at`;

const textOf = (value: Json | object): string | null =>
  value === null ? null : JSON.stringify(value);

/** Whether it was not there yet, and its schedule is. */
const importOne = (database: Database, past: PastExecution): boolean => {
  const { job_id, schedule_id, status, job_status, error } = past;
  const created_at = past.created_at.toISOString();
  const started_at = past.started_at.toISOString();
  const finished_at = past.finished_at.toISOString();
  const times = { created_at, started_at, finished_at };
  const metadata = JSON.stringify(past.metadata);
  const job = { job_id, schedule_id, job_status, metadata, ...times };
  if (database.run(INSERT_JOB, job) === 0) return false;
  database.run(INSERT_EXECUTION, {
    job_id,
    status,
    started_at,
    finished_at,
    duration_seconds: past.duration_seconds,
    result: textOf(past.result),
    error_message: error?.message ?? null,
    error: textOf(error),
  });
  database.run(INSERT_SLOT, { schedule_id, started_at, job_id });
  database.run(MOVE_FORWARD, { schedule_id, started_at });
  const of = { job_id, execution_id: job_id };
  appendStatus(database, created_at, { job_id, execution_id: null }, 'waiting');
  appendStatus(database, started_at, of, 'locked', { lock_epoch: 1, instance_id: 'imported' });
  appendLogs(database, finished_at, of, past.logs);
  const told = error === null || status === 'lost' ? {} : { error_message: error.message };
  appendStatus(database, finished_at, of, job_status, { execution_status: status, ...told });
  return true;
};

/** One transaction. */
export const importHistory = (
  database: Database,
  executions: PastExecution[],
): Promise<{ added: number }> =>
  database.write(() => ({
    added: executions.filter((past) => importOne(database, past)).length,
  }));
