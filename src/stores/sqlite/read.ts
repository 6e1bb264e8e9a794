// Reading: one job whole, lists, events, steps, statistics.
import type { ExecutionStatus, Job, JobEvent, JobStatus, Step } from '../../core/job.ts';
import type { JobDetail, JobFilter } from '../../core/store.ts';
import type { Stats } from '../../core/upkeep.ts';
import { checkStatus } from '../refusals.ts';
import { countStatuses, toEvent, toExecution, toJob, toStep } from '../rows.ts';
import type { Database } from './database.ts';
import { scheduleOf } from './schedules/read.ts';

const stepsOf = (database: Database, job_id: string): Step[] =>
  database
    .all('SELECT * FROM cloud_job_steps WHERE job_id = :job_id ORDER BY step_order, name', {
      job_id,
    })
    .map(toStep);

export const listSteps = (database: Database, job_id: string): Promise<Step[]> =>
  database.read(() => stepsOf(database, job_id));

const DEPENDENCIES = `
  SELECT needed.job_id, needed.name, needed.status
  FROM cloud_job_dependencies d JOIN cloud_jobs needed ON needed.job_id = d.depends_on
  WHERE d.job_id = :job_id ORDER BY needed.seq`;

export const getJob = (database: Database, job_id: string): Promise<JobDetail | null> =>
  database.read(() => {
    const row = database.get('SELECT * FROM cloud_jobs WHERE job_id = :job_id', { job_id });
    if (row === undefined) return null;
    const executions = database.all(
      'SELECT * FROM cloud_job_executions WHERE job_id = :job_id ORDER BY lock_epoch',
      { job_id },
    );
    const job = toJob(row);
    const { schedule_id } = job;
    return {
      job,
      executions: executions.map(toExecution),
      steps: stepsOf(database, job_id),
      depends_on: database.all(DEPENDENCIES, { job_id }).map((needed) => ({
        job_id: String(needed.job_id),
        name: String(needed.name),
        status: needed.status as JobStatus,
      })),
      schedule: schedule_id === null ? null : scheduleOf(database, job_id, schedule_id),
    };
  });

// The word itself and not a parameter: only so may a partial index be used.
const literal = (status: JobStatus): string => `'${checkStatus(status)}'`;

export const listJobs = (database: Database, filter: JobFilter): Promise<Job[]> => {
  const { status, job_type, limit } = filter;
  const wanted = [
    status === undefined ? '' : `AND status = ${literal(status)}`,
    job_type === undefined ? '' : 'AND job_type = :job_type',
  ];
  const sql = `SELECT * FROM cloud_jobs WHERE true ${wanted.join(' ')} ORDER BY seq DESC LIMIT :limit`;
  const params = { limit, ...(job_type !== undefined && { job_type }) };
  return database.read(() => database.all(sql, params).map(toJob));
};

const EVENTS = `
  SELECT * FROM cloud_job_events
  WHERE job_id = :job_id AND event_id > :after ORDER BY event_id LIMIT :limit`;

export const listEvents = (
  database: Database,
  job_id: string,
  after: number,
  limit: number,
): Promise<JobEvent[]> =>
  database.read(() => database.all(EVENTS, { job_id, after, limit }).map(toEvent));

const PER_TYPE = `
  SELECT job_type, status, count(*) AS count FROM cloud_jobs
  GROUP BY job_type, status ORDER BY job_type, status`;

const LAST_DAY = `
  SELECT status, count(*) AS count, avg(duration_seconds) AS average_seconds
  FROM cloud_job_executions WHERE finished_at > :since GROUP BY status ORDER BY status`;

const DUE = `
  SELECT count(*) AS count, min(run_at) AS oldest FROM cloud_jobs
  WHERE status = 'waiting' AND run_at <= :now`;

export const stats = (database: Database): Promise<Stats> =>
  database.read((now) => {
    const types = database.all(PER_TYPE) as unknown as Stats['types'];
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
