// Writes of running code: heartbeat, steps and progress, each behind the fence.
import type { Fence, Progress } from '../../core/job.ts';
import type { Hold, LogEntry, StepWrite } from '../../core/store.ts';
import type { Database } from './database.ts';
import { appendEvent, appendLogs } from './events.ts';

const HELD = `
  SELECT j.lock_expires_at, j.cancel_requested_at, e.started_at,
    EXISTS (SELECT 1 FROM cloud_job_dependencies d WHERE d.depends_on = j.job_id) AS has_dependents
  FROM cloud_jobs j
  JOIN cloud_job_executions e
    ON e.job_id = j.job_id AND e.lock_epoch = j.lock_epoch AND e.execution_id = :execution_id
  WHERE j.job_id = :job_id AND j.lock_epoch = :lock_epoch
    AND j.status = 'locked' AND j.lock_expires_at > :now`;

export interface Held {
  lock_expires_at: string;
  cancel_requested: boolean;
  started_at: string;
  has_dependents: boolean;
}

/**
 * The lock this fence names, or undefined when it has expired or someone else holds the job. Holds
 * until the end of the caller's write transaction, since nobody else can write meanwhile.
 */
export const findHeld = (database: Database, now: string, fence: Fence): Held | undefined => {
  const { job_id, execution_id, lock_epoch } = fence;
  const row = database.get(HELD, { job_id, execution_id, lock_epoch, now });
  if (row === undefined) return undefined;
  return {
    lock_expires_at: String(row.lock_expires_at),
    cancel_requested: row.cancel_requested_at !== null,
    started_at: String(row.started_at),
    has_dependents: row.has_dependents === 1,
  };
};

/** Runs `work` only while the lock is held; tells the writer which it was. */
const whileHeld = (
  database: Database,
  fence: Fence,
  work: (now: string, held: Held) => string | undefined,
): Promise<Hold> =>
  database.write((now) => {
    const held = findHeld(database, now, fence);
    if (held === undefined) return { held: false };
    const lock_expires_at = new Date(work(now, held) ?? held.lock_expires_at);
    return { held: true, lock_expires_at, cancel_requested: held.cancel_requested };
  });

export const heartbeat = (
  database: Database,
  fence: Fence,
  lock_seconds: number,
  logs: LogEntry[],
): Promise<Hold> =>
  whileHeld(database, fence, (now, held) => {
    const wanted = Date.parse(now) + lock_seconds * 1000;
    const end = Math.max(wanted, Date.parse(held.lock_expires_at));
    const lock_expires_at = new Date(end).toISOString();
    database.run(
      'UPDATE cloud_jobs SET lock_expires_at = :lock_expires_at WHERE job_id = :job_id',
      {
        lock_expires_at,
        job_id: fence.job_id,
      },
    );
    appendLogs(database, now, fence, logs);
    return lock_expires_at;
  });

const PUT_STEP = `
  INSERT INTO cloud_job_steps
    (job_id, name, step_order, status, started_at, finished_at, detail, output, lock_epoch)
  VALUES (:job_id, :name, :step_order, :status, :now, :finished_at, :detail, :output, :lock_epoch)
  ON CONFLICT (job_id, name) DO UPDATE SET
    step_order = excluded.step_order, status = excluded.status,
    started_at = CASE WHEN excluded.status = 'running' THEN excluded.started_at ELSE started_at END,
    finished_at = excluded.finished_at, detail = excluded.detail, output = excluded.output,
    lock_epoch = excluded.lock_epoch
  WHERE cloud_job_steps.status <> 'success'`;

export const saveStep = (database: Database, fence: Fence, step: StepWrite): Promise<Hold> =>
  whileHeld(database, fence, (now) => {
    const { name, step_order, status } = step;
    const detail = step.status === 'failed' ? step.detail : null;
    const changed = database.run(PUT_STEP, {
      job_id: fence.job_id,
      lock_epoch: fence.lock_epoch,
      now,
      name,
      step_order,
      status,
      detail,
      finished_at: status === 'running' ? null : now,
      output: step.status === 'success' ? JSON.stringify(step.output) : null,
    });
    if (changed > 0)
      appendEvent(database, now, fence, 'step', { name, step_order, status, detail });
    return undefined;
  });

export const saveProgress = (database: Database, fence: Fence, progress: Progress): Promise<Hold> =>
  whileHeld(database, fence, (now) => {
    const { percent, message } = progress;
    database.run(
      'UPDATE cloud_jobs SET progress = :progress, updated_at = :now WHERE job_id = :id',
      {
        progress: JSON.stringify({ percent, message }),
        now,
        id: fence.job_id,
      },
    );
    appendEvent(database, now, fence, 'progress', { percent, message });
    return undefined;
  });
