// Looks at a database after processes died on it, and lists everything that should not be.
import { type JobStatus, legalChanges } from '../../src/core/job.ts';
import { strangeEffects } from './effects.ts';
import { rules } from './rules.ts';
import { type Row, withTables } from './tables.ts';
import { readEffects, type World } from './world.ts';

const TOLD = `
  SELECT job_id, data ->> 'status' AS status FROM cloud_job_events
  WHERE kind = 'status' ORDER BY event_id`;

/** Changes of status, as they were told, that the table of legal changes does not have. */
const illegalChanges = (told: Row[]): string[] => {
  const last = new Map<string, JobStatus>();
  return told.flatMap((row) => {
    const [jobId, next] = [String(row.job_id), row.status as JobStatus];
    const before = last.get(jobId);
    last.set(jobId, next);
    const legal = before === undefined ? next === 'waiting' : legalChanges[before].includes(next);
    return legal ? [] : [`a status changes as it may: ${jobId} went from ${before} to ${next}`];
  });
};

const missing = (jobs: Row[], jobIds: string[]): string[] => {
  const statuses = new Map(jobs.map(({ job_id, status }) => [job_id, status]));
  const lost = jobIds
    .filter((jobId) => statuses.get(jobId) !== 'success')
    .map((jobId) => `no job is lost: ${jobId} is ${statuses.get(jobId) ?? 'gone'}`);
  const more = jobs.length - jobIds.length;
  return more > 0 ? [...lost, `no job comes from nowhere: ${more} more than created`] : lost;
};

const broken = (rule: string, all: (sql: string) => Row[]): string[] =>
  all(rules[rule] as string).map((row) => `${rule}: ${JSON.stringify(row)}`);

/** What SQLite itself finds amiss with the file, at any time. */
export const fileFaults = (world: World): string[] =>
  withTables(world, (all) => [
    ...broken('the file is whole', all),
    ...broken('every reference leads somewhere', all),
  ]);

/**
 * Every violation as one sentence, none when all is well. `jobIds` are all jobs that were created;
 * each must be a success by now.
 */
export const tableFaults = (world: World, jobIds: string[]): string[] =>
  withTables(world, (all) => [
    ...Object.keys(rules).flatMap((rule) => broken(rule, all)),
    ...missing(all('SELECT job_id, status FROM cloud_jobs'), jobIds),
    ...illegalChanges(all(TOLD)),
  ]);

const STEPS = `SELECT job_id, name, lock_epoch FROM cloud_job_steps WHERE status = 'success'`;
const SUCCESSES = `SELECT job_id, lock_epoch FROM cloud_job_executions WHERE status = 'success'`;

/** The same, and what the jobs' effects outside the database betray; for job types that leave them. */
export const violations = (world: World, jobIds: string[]): string[] => [
  ...tableFaults(world, jobIds),
  ...withTables(world, (all) => strangeEffects(readEffects(world), all(STEPS), all(SUCCESSES))),
];
