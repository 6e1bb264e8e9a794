// Upkeep: deleting what is old in bounded batches, giving space back, and what `doctor` looks at.
import type { JobStatus } from '../../core/job.ts';
import type { Inspection, PruneCounts, PruneRequest } from '../../core/upkeep.ts';
import { schemaVersion } from '../migrate.ts';
import type { Database } from './database.ts';

const EXECUTIONS = `
  DELETE FROM cloud_job_executions WHERE execution_id IN (
    SELECT execution_id FROM cloud_job_executions
    WHERE finished_at IS NOT NULL AND finished_at < :before ORDER BY finished_at LIMIT :limit)`;

// A job that is not a success is kept while any job depends on it: with the row the dependency
// would go too, and the dependent would run as if it had been met.
const JOBS = `
  DELETE FROM cloud_jobs WHERE seq IN (
    SELECT j.seq FROM cloud_jobs j
    WHERE j.finished_at IS NOT NULL AND j.finished_at < :before AND (j.status = 'success'
      OR NOT EXISTS (SELECT 1 FROM cloud_job_dependencies d WHERE d.depends_on = j.job_id))
    ORDER BY j.finished_at LIMIT :limit)`;

const OLDEST_EVENTS = 'SELECT event_id, at FROM cloud_job_events ORDER BY event_id LIMIT :limit';

// Events lie in the order of their ids, which is that of time: no index on time is needed, the
// search ends at the first one that is young enough.
const pruneEvents = (database: Database, before: string, limit: number): number => {
  const rows = database.all(OLDEST_EVENTS, { limit });
  const young = rows.findIndex(({ at }) => String(at) >= before);
  const old = young === -1 ? rows : rows.slice(0, young);
  const last = old.at(-1);
  if (last === undefined) return 0;
  return database.run('DELETE FROM cloud_job_events WHERE event_id <= :last', {
    last: Number(last.event_id),
  });
};

/** One bounded batch of each kind in one transaction. */
export const prune = (database: Database, request: PruneRequest): Promise<PruneCounts> =>
  database.write((now) => {
    const { limit } = request;
    const age = request.older_than_days * 24 * 60 * 60 * 1000;
    const before = new Date(Date.parse(now) - age).toISOString();
    const executions = request.executions ? database.run(EXECUTIONS, { before, limit }) : 0;
    const events = request.executions ? pruneEvents(database, before, limit) : 0;
    const jobs = request.jobs ? database.run(JOBS, { before, limit }) : 0;
    return { executions, events, jobs, more: Math.max(executions, events, jobs) >= limit };
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

const UNFINISHED_TYPES = `
  SELECT job_type, count(*) AS count FROM cloud_jobs
  WHERE status IN ('waiting', 'blocked', 'locked', 'disabled') GROUP BY job_type ORDER BY job_type`;

const EXPIRED = `
  SELECT count(*) AS count FROM cloud_jobs INDEXED BY cloud_jobs_locks
  WHERE status = 'locked' AND lock_expires_at <= :now`;

export const inspect = (database: Database): Promise<Inspection> =>
  database.read((now) => ({
    store: `SQLite file ${database.path}`,
    schema_version: schemaVersion(database),
    now: new Date(now),
    expired_locks: Number(database.get(EXPIRED, { now })?.count),
    types: database
      .all(UNFINISHED_TYPES)
      .map(({ job_type, count }) => ({ job_type: String(job_type), count: Number(count) })),
    stuck: database.all(STUCK).map((row) => ({
      job_id: String(row.job_id),
      name: String(row.name),
      depends_on: String(row.depends_on),
      depends_on_status: row.depends_on_status as JobStatus,
    })),
  }));
