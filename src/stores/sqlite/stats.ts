// Statistics: what there is, counted in indexes that hold all that is asked.
import type { ExecutionStatus, JobStatus } from '../../core/job.ts';
import type { Inspection, Stats } from '../../core/upkeep.ts';
import { countStatuses } from '../rows.ts';
import type { Database } from './database.ts';

// Each in the order of its index where that begins with the type, so that nothing is sorted.
const UNFINISHED = `
  SELECT job_type, status, count(*) AS count FROM cloud_jobs INDEXED BY cloud_jobs_claim
    WHERE status = 'waiting' GROUP BY job_type
  UNION ALL
  SELECT job_type, status, count(*) FROM cloud_jobs INDEXED BY cloud_jobs_locks
    WHERE status = 'locked' GROUP BY job_type
  UNION ALL
  SELECT job_type, status, count(*) FROM cloud_jobs INDEXED BY cloud_jobs_aside
    WHERE status = 'blocked' GROUP BY job_type
  UNION ALL
  SELECT job_type, status, count(*) FROM cloud_jobs INDEXED BY cloud_jobs_aside
    WHERE status = 'disabled' GROUP BY job_type`;

const ALL = `
  SELECT job_type, status, count(*) AS count FROM cloud_jobs INDEXED BY cloud_jobs_finished
    WHERE finished_at IS NOT NULL GROUP BY job_type, status
  UNION ALL ${UNFINISHED} ORDER BY job_type, status`;

const UNFINISHED_TYPES = `
  SELECT job_type, sum(count) AS count FROM (${UNFINISHED}) GROUP BY job_type ORDER BY job_type`;

/** Unfinished jobs per type, in order of the types. */
export const unfinishedTypes = (database: Database): Inspection['types'] =>
  database
    .all(UNFINISHED_TYPES)
    .map(({ job_type, count }) => ({ job_type: String(job_type), count: Number(count) }));

const LAST_DAY = `
  SELECT status, count(*) AS count, avg(duration_seconds) AS average_seconds
  FROM cloud_job_executions INDEXED BY cloud_job_executions_finished
  WHERE finished_at > :since GROUP BY status ORDER BY status`;

const DUE = `
  SELECT count(*) AS count, min(run_at) AS oldest FROM cloud_jobs
  WHERE status = 'waiting' AND run_at <= :now`;

export const stats = (database: Database): Promise<Stats> =>
  database.read((now) => {
    const types = database.all(ALL).map((row) => ({
      job_type: String(row.job_type),
      status: row.status as JobStatus,
      count: Number(row.count),
    }));
    const since = new Date(Date.parse(now) - 24 * 60 * 60 * 1000).toISOString();
    const due = database.get(DUE, { now });
    const oldest = due?.oldest;
    return {
      at: new Date(now),
      jobs: countStatuses(types),
      types,
      executions: database.all(LAST_DAY, { since }).map((row) => ({
        status: row.status as ExecutionStatus,
        count: Number(row.count),
        average_seconds: Number(row.average_seconds),
      })),
      due: {
        count: Number(due?.count),
        oldest_seconds:
          typeof oldest === 'string' ? (Date.parse(now) - Date.parse(oldest)) / 1000 : null,
      },
    };
  });
