// The jobs of a schedule: making one, and those that are not finished.
import type { Job, JobStatus } from '../../../core/job.ts';
import type { Schedule, SlotReason } from '../../../core/schedule.ts';
import { findByUniqueKey } from '../create.ts';
import type { Database } from '../database.ts';
import { appendStatus } from '../events.ts';

const UNFINISHED = `
  SELECT job_id, status FROM cloud_jobs INDEXED BY cloud_jobs_of_schedule
  WHERE schedule_id = :schedule_id AND status IN ('waiting', 'blocked', 'locked')
    AND job_id <> :except
  ORDER BY seq`;

/** Oldest first; `except` is the job that is about to be made: it does not stand in its own way. */
export const findUnfinished = (
  database: Database,
  schedule_id: string,
  except: string,
): { job_id: string; status: JobStatus }[] =>
  database.all(UNFINISHED, { schedule_id, except }) as { job_id: string; status: JobStatus }[];

/**
 * The unfinished job that stands in the way of another one of a schedule, and the reason: with `idle` any
 * of the schedule, else the one that has its unique_key. `own` is the job that is about to be made.
 */
export const findInTheWay = (
  database: Database,
  { schedule_id, unique_key }: Pick<Schedule, 'schedule_id' | 'unique_key'>,
  own: string,
  idle: boolean,
): { job_id: string; status: JobStatus; reason: SlotReason } | undefined => {
  const earlier = idle ? findUnfinished(database, schedule_id, own)[0] : undefined;
  if (earlier !== undefined) return { ...earlier, reason: 'still_running' };
  const holder = unique_key === null ? undefined : findByUniqueKey(database, unique_key);
  if (holder === undefined || holder.job_id === own) return undefined;
  return { job_id: holder.job_id, status: holder.status, reason: 'unique_key' };
};

const MAKE = `
  INSERT INTO cloud_jobs (
    job_id, name, job_type, config, description, status, priority, run_at, max_retries,
    retry_delay_seconds, retry_backoff, timeout_seconds, unique_key, schedule_id, actor, source_ip,
    created_at, updated_at)
  SELECT
    :job_id, name, job_type, config, description, 'waiting', priority, :run_at, max_retries,
    retry_delay_seconds, retry_backoff, timeout_seconds, unique_key, schedule_id, :actor, :source_ip,
    :now, :now
  FROM cloud_job_schedules
  WHERE schedule_id = :schedule_id
    AND NOT EXISTS (SELECT 1 FROM cloud_jobs made WHERE made.job_id = :job_id)`;

/** Makes the job unless one of that id is there; its `unique_key` must be free. */
export const makeJob = (
  database: Database,
  now: string,
  job: { schedule_id: string; job_id: string; run_at: string } & Pick<Job, 'actor' | 'source_ip'>,
): void => {
  if (database.run(MAKE, { ...job, now }) === 0) return;
  appendStatus(database, now, { job_id: job.job_id, execution_id: null }, 'waiting');
};
