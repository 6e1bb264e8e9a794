// Triggering: a job of a schedule now, beside its planned times.
import type { JobStatus } from '../../../core/job.ts';
import type { Schedule } from '../../../core/schedule.ts';
import type { ScheduleTrigger, Triggered } from '../../../core/schedule_store.ts';
import { findByUniqueKey } from '../create.ts';
import type { Database } from '../database.ts';
import { findUnfinished, makeJob } from './make_job.ts';
import { findSchedule } from './read.ts';

interface Obstacle {
  job_id: string;
  status: JobStatus;
}

const findObstacle = (
  database: Database,
  { schedule_id, unique_key }: Schedule,
  { job_id, only_if_idle }: ScheduleTrigger,
): Obstacle | undefined => {
  const earlier = only_if_idle ? findUnfinished(database, schedule_id, job_id)[0] : undefined;
  if (earlier !== undefined || unique_key === null) return earlier;
  return findByUniqueKey(database, unique_key);
};

const RAN = `
  UPDATE cloud_job_schedules SET last_execution = :now WHERE schedule_id = :schedule_id`;

export const triggerSchedule = (
  database: Database,
  trigger: ScheduleTrigger,
): Promise<Triggered | null> =>
  database.write((now) => {
    const { schedule_id, job_id, actor } = trigger;
    const schedule = findSchedule(database, schedule_id);
    if (schedule === undefined) return null;
    // First of all: it may have been made by an earlier sending, whatever has become of it since.
    const made = database.get('SELECT job_id, status FROM cloud_jobs WHERE job_id = :job_id', {
      job_id,
    }) as Obstacle | undefined;
    if (made !== undefined) return { ...made, created: false };
    if (schedule.status === 'deleted') return { job_id: null, status: null, created: false };
    const obstacle = findObstacle(database, schedule, trigger);
    if (obstacle !== undefined) {
      return { job_id: obstacle.job_id, status: obstacle.status, created: false };
    }
    makeJob(database, now, { schedule_id, job_id, run_at: now, actor });
    database.run(RAN, { schedule_id, now });
    return { job_id, status: 'waiting', created: true };
  });
