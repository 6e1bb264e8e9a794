// Upkeep: deleting what is old in bounded batches, giving space back, and what `doctor` looks at.
import type { JobStatus } from '../../core/job.ts';
import type { Inspection, PruneCounts, PruneRequest } from '../../core/upkeep.ts';
import type { Database } from './database.ts';
import { pruneJobs } from './finished_jobs.ts';
import { schemaVersion } from './migrate.ts';
import { unfinishedTypes } from './stats.ts';

const OLD_EXECUTIONS = `
  SELECT job_id, lock_epoch FROM cloud_job_executions
  WHERE finished_at IS NOT NULL AND finished_at < :before ORDER BY finished_at LIMIT :limit`;

// The newest event of a job stays as long as the job does, so that its numbers go on growing.
const OLD_EVENTS = `
  DELETE FROM cloud_job_events WHERE (job_id, event_id) IN (
    SELECT e.job_id, e.event_id
    FROM (SELECT DISTINCT value AS job_id FROM json_each(:job_ids)) old
    JOIN cloud_job_events e ON e.job_id = old.job_id AND e.at < :before
    WHERE e.event_id < (SELECT max(n.event_id) FROM cloud_job_events n WHERE n.job_id = e.job_id)
    LIMIT :limit)`;

/** Old executions with the events of their time: events first, so that none is left behind. */
const pruneExecutions = (database: Database, before: string, limit: number) => {
  const old = database.all(OLD_EXECUTIONS, { before, limit });
  const job_ids = JSON.stringify(old.map(({ job_id }) => job_id));
  const events = database.run(OLD_EVENTS, { job_ids, before, limit });
  if (events >= limit) return { executions: 0, events };
  for (const { job_id, lock_epoch } of old) {
    database.run(
      'DELETE FROM cloud_job_executions WHERE job_id = :job_id AND lock_epoch = :lock_epoch',
      { job_id: String(job_id), lock_epoch: Number(lock_epoch) },
    );
  }
  return { executions: old.length, events };
};

const SLOTS = `
  DELETE FROM cloud_job_slots WHERE (schedule_id, slot_at) IN (
    SELECT schedule_id, slot_at FROM cloud_job_slots INDEXED BY cloud_job_slots_decided
    WHERE decided_at IS NOT NULL AND decided_at < :before ORDER BY decided_at LIMIT :limit)`;

const SCHEDULES = `
  DELETE FROM cloud_job_schedules WHERE schedule_id IN (
    SELECT s.schedule_id FROM cloud_job_schedules s INDEXED BY cloud_job_schedules_gone
    WHERE s.status = 'deleted' AND s.updated_at < :before AND NOT EXISTS (
      SELECT 1 FROM cloud_job_slots l WHERE l.schedule_id = s.schedule_id)
    ORDER BY s.updated_at LIMIT :limit)
  RETURNING schedule_id`;

const STREAK = `DELETE FROM cloud_job_streaks WHERE subject = 'schedule:' || :schedule_id`;

/** Old rows of the ledger, and deleted schedules that have none left. */
const pruneSlots = (database: Database, before: string, limit: number) => {
  const slots = database.run(SLOTS, { before, limit });
  const schedules = database.all(SCHEDULES, { before, limit });
  for (const { schedule_id } of schedules) {
    database.run(STREAK, { schedule_id: String(schedule_id) });
  }
  return { slots, schedules: schedules.length };
};

/** One bounded batch of each kind in one transaction. */
export const prune = (database: Database, request: PruneRequest): Promise<PruneCounts> =>
  database.write((now) => {
    const { limit } = request;
    const age = request.older_than_days * 24 * 60 * 60 * 1000;
    const before = new Date(Date.parse(now) - age).toISOString();
    const { executions, events } = request.executions
      ? pruneExecutions(database, before, limit)
      : { executions: 0, events: 0 };
    const { slots, schedules } = request.executions
      ? pruneSlots(database, before, limit)
      : { slots: 0, schedules: 0 };
    const jobs = request.jobs ? pruneJobs(database, before, limit) : 0;
    const more = Math.max(executions, events, jobs, slots, schedules) >= limit;
    return { executions, events, jobs, slots, more };
  });

export const vacuum = (database: Database): Promise<void> =>
  database.alone(() => {
    database.exec('VACUUM');
    database.exec('PRAGMA wal_checkpoint(TRUNCATE)');
  });

const STUCK = `
  SELECT j.job_id, j.name, needed.job_id AS depends_on, needed.status AS depends_on_status
  FROM cloud_jobs j
  JOIN cloud_job_dependencies d ON d.job_id = j.job_id
  JOIN cloud_jobs needed ON needed.job_id = d.depends_on
  WHERE j.status = 'blocked' AND needed.status IN ('failed', 'cancelled', 'disabled')
  ORDER BY j.seq LIMIT 100`;

const EXPIRED = `
  SELECT count(*) AS count FROM cloud_jobs INDEXED BY cloud_jobs_locks
  WHERE status = 'locked' AND lock_expires_at <= :now`;

export const inspect = (database: Database): Promise<Inspection> =>
  database.read((now) => ({
    store: `SQLite file ${database.path}`,
    schema_version: schemaVersion(database),
    now: new Date(now),
    expired_locks: Number(database.get(EXPIRED, { now })?.count),
    types: unfinishedTypes(database),
    stuck: database.all(STUCK).map((row) => ({
      job_id: String(row.job_id),
      name: String(row.name),
      depends_on: String(row.depends_on),
      depends_on_status: row.depends_on_status as JobStatus,
    })),
  }));
