// Triggering: a job of a schedule now, beside its planned times.
import type { JobStatus } from '../../../core/job.ts';
import type { ScheduleTrigger, Triggered } from '../../../core/schedule_store.ts';
import type { Database } from '../database.ts';
import { findInTheWay, makeJob } from './make_job.ts';
import { findSchedule } from './read.ts';

const RAN = `
  UPDATE cloud_job_schedules SET last_execution = :now WHERE schedule_id = :schedule_id`;

export const triggerSchedule = (
  database: Database,
  trigger: ScheduleTrigger,
): Promise<Triggered | null> =>
  database.write((now) => {
    const { schedule_id, job_id, actor, source_ip = null, only_if_idle } = trigger;
    const schedule = findSchedule(database, schedule_id);
    if (schedule === undefined) return null;
    // First of all: it may have been made by an earlier sending, whatever has become of it since.
    const made = database.get('SELECT status FROM cloud_jobs WHERE job_id = :job_id', { job_id });
    if (made !== undefined) return { job_id, status: made.status as JobStatus, created: false };
    if (schedule.status === 'deleted') return { job_id: null, status: null, created: false };
    const in_the_way = findInTheWay(database, schedule, job_id, only_if_idle);
    if (in_the_way !== undefined) {
      return { job_id: in_the_way.job_id, status: in_the_way.status, created: false };
    }
    makeJob(database, now, { schedule_id, job_id, run_at: now, actor, source_ip });
    database.run(RAN, { schedule_id, now });
    return { job_id, status: 'waiting', created: true };
  });
