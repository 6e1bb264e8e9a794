// Appending to a job's history. Called inside the transaction of the change it tells of.
import type { JobEvent, JobStatus } from '../../core/job.ts';
import type { Json } from '../../core/json.ts';
import type { LogEntry } from '../../core/store.ts';
import type { Database } from './database.ts';

interface Of {
  job_id: string;
  execution_id: string | null;
}

const APPEND = `
  INSERT INTO cloud_job_events (job_id, event_id, execution_id, at, kind, data)
  VALUES (
    :job_id,
    (SELECT coalesce(max(event_id), 0) + 1 FROM cloud_job_events WHERE job_id = :job_id),
    :execution_id, :at, :kind, :data)`;

export const appendEvent = (
  database: Database,
  now: string,
  { job_id, execution_id }: Of,
  kind: JobEvent['kind'],
  data: Json,
): void => {
  database.run(APPEND, { job_id, execution_id, at: now, kind, data: JSON.stringify(data) });
};

/** Tells that the job is now `status`. */
export const appendStatus = (
  database: Database,
  now: string,
  of: Of,
  status: JobStatus,
  more: { [key: string]: Json } = {},
): void => appendEvent(database, now, of, 'status', { status, ...more });

export const appendLogs = (database: Database, now: string, of: Of, logs: LogEntry[]): void => {
  for (const { level, message, fields } of logs) {
    const data = fields === undefined ? { level, message } : { level, message, fields };
    appendEvent(database, now, of, 'log', data);
  }
};
