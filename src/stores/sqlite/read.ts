// Reading: one job whole, its events and steps.
import type { JobEvent, JobStatus, Step } from '../../core/job.ts';
import type { JobDetail } from '../../core/store.ts';
import { toEvent, toExecution, toJob, toStep } from '../rows.ts';
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
