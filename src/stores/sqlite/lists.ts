// Lists of jobs, newest first: a page costs the same wherever it begins, and a rare status or type is
// not looked for among all the others.
import { type Job, type JobStatus, jobStatuses } from '../../core/job.ts';
import type { JobFilter } from '../../core/store.ts';
import { checkStatus } from '../refusals.ts';
import { toJob } from '../rows.ts';
import type { Database } from './database.ts';

interface Known {
  index: string;
  /** whether the index finds a type by itself */
  by_type: boolean;
  /** without it the index does not count as holding all of the status */
  also?: string;
}

const claim: Known = { index: 'cloud_jobs_claim', by_type: true };
const locks: Known = { index: 'cloud_jobs_locks', by_type: false };
const aside: Known = { index: 'cloud_jobs_aside', by_type: false };
const finished: Known = {
  index: 'cloud_jobs_finished',
  by_type: true,
  also: 'AND finished_at IS NOT NULL',
};

/** The index that knows all jobs of a status. */
const KNOWN: Record<JobStatus, Known> = {
  waiting: claim,
  blocked: aside,
  locked: locks,
  success: finished,
  failed: finished,
  cancelled: finished,
  disabled: aside,
};

/** Those whose index is in the order of a list already. */
const inOrder: (JobStatus | undefined)[] = ['blocked', 'failed', 'cancelled', 'disabled'];

const OF_TYPE = 'AND job_type = :job_type';
const BEFORE = 'AND seq < (SELECT seq FROM cloud_jobs WHERE job_id = :before)';
const NEWEST = 'ORDER BY seq DESC LIMIT :limit';

// The status is a word of the statement and not a parameter: only so may a partial index be used.
const known = (status: JobStatus, of_type: boolean): string => {
  const { index, also = '' } = KNOWN[status];
  return `SELECT seq FROM cloud_jobs INDEXED BY ${index}
    WHERE status = '${status}' ${also} ${of_type ? OF_TYPE : ''}`;
};

/** The statuses by whose indexes a list is found; none when the table is read in its own order. */
const lookedUp = ({ status, job_type }: JobFilter): readonly JobStatus[] => {
  if (status === undefined) return job_type === undefined ? [] : jobStatuses;
  return job_type === undefined && inOrder.includes(status) ? [] : [status];
};

/** More than these are met soon enough on the way through the table. */
const FEW = 10_000;

const areFew = (database: Database, statuses: readonly JobStatus[], job_type?: string): boolean => {
  const of_type = job_type !== undefined;
  const all = statuses.map((status) => known(status, of_type && KNOWN[status].by_type));
  const sql = `SELECT count(*) AS count FROM (${all.join(' UNION ALL ')} LIMIT ${FEW})`;
  return Number(database.get(sql, of_type ? { job_type } : {})?.count) < FEW;
};

const lookUp = (statuses: readonly JobStatus[], { job_type, before }: JobFilter): string => {
  const all = statuses.map((status) => known(status, job_type !== undefined));
  return `SELECT * FROM cloud_jobs WHERE seq IN (
      SELECT seq FROM (${all.join(' UNION ALL ')})
      WHERE true ${before === undefined ? '' : BEFORE} ${NEWEST})
    ORDER BY seq DESC`;
};

const walk = ({ status, job_type, before }: JobFilter): string =>
  `SELECT * FROM cloud_jobs ${inOrder.includes(status) ? 'INDEXED BY cloud_jobs_aside' : 'NOT INDEXED'}
    WHERE ${status === undefined ? 'true' : `status = '${status}'`}
      ${job_type === undefined ? '' : OF_TYPE} ${before === undefined ? '' : BEFORE} ${NEWEST}`;

/** Throws an InputError for a status that is none. */
export const listJobs = async (database: Database, filter: JobFilter): Promise<Job[]> => {
  const { status, job_type, before, limit } = filter;
  if (status !== undefined) checkStatus(status);
  const params = {
    limit,
    ...(job_type !== undefined && { job_type }),
    ...(before !== undefined && { before }),
  };
  const statuses = lookedUp(filter);
  return database.read(() => {
    const few = statuses.length > 0 && areFew(database, statuses, job_type);
    return database.all(few ? lookUp(statuses, filter) : walk(filter), params).map(toJob);
  });
};
