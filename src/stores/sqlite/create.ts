// Creating jobs: all or none, once per job_id and once per unfinished unique_key.
import { type JobStatus, unfinishedStatuses } from '../../core/job.ts';
import type { CreatedJob, NewJob } from '../../core/store.ts';
import { refusedDependency } from '../refusals.ts';
import type { Database } from './database.ts';
import { appendStatus } from './events.ts';

const UNFINISHED = unfinishedStatuses.map((status) => `'${status}'`).join(', ');

/** The job in the way of a new one (or of a retry) with this key, if any. */
export const findByUniqueKey = (
  database: Database,
  unique_key: string,
): { job_id: string; status: JobStatus } | undefined =>
  database.get(
    `SELECT job_id, status FROM cloud_jobs
     WHERE unique_key = :unique_key AND status IN (${UNFINISHED})`,
    { unique_key },
  ) as { job_id: string; status: JobStatus } | undefined;

/** Whether a job it depends on is not `success`. */
export const isBlocked = (database: Database, job_id: string): boolean =>
  database.get(
    `SELECT 1 FROM cloud_job_dependencies d JOIN cloud_jobs needed ON needed.job_id = d.depends_on
     WHERE d.job_id = :job_id AND needed.status <> 'success' LIMIT 1`,
    { job_id },
  ) !== undefined;

const INSERT = `
  INSERT INTO cloud_jobs (
    job_id, name, job_type, config, description, status, priority, run_at, max_retries,
    retry_delay_seconds, retry_backoff, timeout_seconds, unique_key, actor, source_ip, metadata,
    created_at, updated_at)
  VALUES (
    :job_id, :name, :job_type, :config, :description, 'waiting', :priority, :run_at, :max_retries,
    :retry_delay_seconds, :retry_backoff, :timeout_seconds, :unique_key, :actor, :source_ip,
    :metadata, :now, :now)`;

const findExisting = (database: Database, job: NewJob): CreatedJob | undefined => {
  const byId = database.get('SELECT job_id, status FROM cloud_jobs WHERE job_id = :job_id', {
    job_id: job.job_id,
  });
  const byKey = job.unique_key === null ? undefined : findByUniqueKey(database, job.unique_key);
  const found = byId ?? byKey;
  if (found === undefined) return undefined;
  const { job_id, status } = found as { job_id: string; status: JobStatus };
  return { job_id, status, created: false };
};

const insert = (database: Database, now: string, job: NewJob): void => {
  const { depends_on, config, metadata, run_at, ...columns } = job;
  database.run(INSERT, {
    ...columns,
    config: JSON.stringify(config),
    metadata: JSON.stringify(metadata),
    run_at: run_at?.toISOString() ?? now,
    now,
  });
};

const addDependencies = (database: Database, job: NewJob, answered: Map<string, string>): void => {
  for (const depends_on of new Set(job.depends_on.map((id) => answered.get(id) ?? id))) {
    const itself = depends_on === job.job_id;
    const known = database.get('SELECT 1 FROM cloud_jobs WHERE job_id = :depends_on', {
      depends_on,
    });
    if (itself || known === undefined) {
      throw refusedDependency({ name: job.name, depends_on, itself });
    }
    database.run(
      'INSERT INTO cloud_job_dependencies (job_id, depends_on) VALUES (:job_id, :depends_on)',
      { job_id: job.job_id, depends_on },
    );
  }
};

const settle = (database: Database, now: string, { job_id, depends_on }: NewJob): CreatedJob => {
  const blocked = depends_on.length > 0 && isBlocked(database, job_id);
  const status = blocked ? 'blocked' : 'waiting';
  if (status === 'blocked') {
    database.run(`UPDATE cloud_jobs SET status = 'blocked' WHERE job_id = :job_id`, { job_id });
  }
  appendStatus(database, now, { job_id, execution_id: null }, status);
  return { job_id, status, created: true };
};

/** One transaction. Jobs first and dependencies after, so that a batch may refer to itself. */
export const createJobs = (database: Database, jobs: NewJob[]): Promise<CreatedJob[]> =>
  database.write((now) => {
    const answers = jobs.map((job) => {
      const existing = findExisting(database, job);
      if (existing === undefined) insert(database, now, job);
      return { job, existing };
    });
    // A job that was there already may go by another id: dependents of the batch wait for that one.
    const ids = answers.map(({ job, existing }) => [job.job_id, (existing ?? job).job_id] as const);
    const answered = new Map(ids);
    for (const { job, existing } of answers) {
      if (existing === undefined) addDependencies(database, job, answered);
    }
    return answers.map(({ job, existing }) => existing ?? settle(database, now, job));
  });
