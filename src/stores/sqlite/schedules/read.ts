// Reading schedules: one with its ledger, lists, and the schedule of a job.
import type { Schedule } from '../../../core/schedule.ts';
import type { ScheduleDetail, ScheduleFilter } from '../../../core/schedule_store.ts';
import type { JobDetail } from '../../../core/store.ts';
import { toSchedule, toSlotOutcome } from '../../schedule_rows.ts';
import type { Database, Row } from '../database.ts';

const asSchedule = (row: Row | undefined): Schedule | undefined =>
  row === undefined ? undefined : toSchedule(row);

/** Whatever its status. */
export const findSchedule = (database: Database, schedule_id: string): Schedule | undefined =>
  asSchedule(
    database.get('SELECT * FROM cloud_job_schedules WHERE schedule_id = :schedule_id', {
      schedule_id,
    }),
  );

const BY_NAME = `
  SELECT * FROM cloud_job_schedules INDEXED BY cloud_job_schedules_name
  WHERE name = :name AND status <> 'deleted'`;

/** One that is not deleted. */
export const findScheduleByName = (database: Database, name: string): Schedule | undefined =>
  asSchedule(database.get(BY_NAME, { name }));

const SLOTS = `
  SELECT l.*, j.status AS job_status
  FROM cloud_job_slots l LEFT JOIN cloud_jobs j ON j.job_id = l.job_id
  WHERE l.schedule_id = :schedule_id ORDER BY l.slot_at DESC LIMIT :limit`;

const EARLIER = `
  SELECT schedule_id, created_at, updated_at AS deleted_at
  FROM cloud_job_schedules INDEXED BY cloud_job_schedules_deleted
  WHERE name = :name AND status = 'deleted' AND schedule_id <> :schedule_id
  ORDER BY created_at DESC, schedule_id LIMIT 10`;

export const getSchedule = (
  database: Database,
  id_or_name: string,
  slots: number,
): Promise<ScheduleDetail | null> =>
  database.read((now) => {
    const schedule = findSchedule(database, id_or_name) ?? findScheduleByName(database, id_or_name);
    if (schedule === undefined) return null;
    const { schedule_id, name } = schedule;
    return {
      schedule,
      slots: database.all(SLOTS, { schedule_id, limit: slots }).map(toSlotOutcome),
      earlier: database.all(EARLIER, { schedule_id, name }).map((row) => ({
        schedule_id: String(row.schedule_id),
        created_at: new Date(String(row.created_at)),
        deleted_at: new Date(String(row.deleted_at)),
      })),
      now: new Date(now),
    };
  });

// Only as a word of the statement, and not as a parameter, does it choose the partial index.
const listSql = ({ status, run_on_startup, after }: ScheduleFilter): string => `
  SELECT * FROM cloud_job_schedules
  WHERE ${status === 'deleted' ? `status = 'deleted'` : `status <> 'deleted'`}
    ${status === undefined || status === 'deleted' ? '' : 'AND status = :status'}
    ${run_on_startup === undefined ? '' : 'AND run_on_startup = 1'}
    ${after === undefined ? '' : 'AND name > :after'}
  ORDER BY name, created_at, schedule_id LIMIT :limit`;

export const listSchedules = (database: Database, filter: ScheduleFilter): Promise<Schedule[]> => {
  const { status, after, limit } = filter;
  const params = {
    limit,
    ...(status !== undefined && status !== 'deleted' && { status }),
    ...(after !== undefined && { after }),
  };
  return database.read(() => database.all(listSql(filter), params).map(toSchedule));
};

const OF_JOB = `
  SELECT s.schedule_id, s.name, (
    SELECT l.slot_at FROM cloud_job_slots l INDEXED BY cloud_job_slots_job
    WHERE l.job_id = :job_id AND l.status IN ('fired', 'replaced') LIMIT 1) AS slot_at
  FROM cloud_job_schedules s WHERE s.schedule_id = :schedule_id`;

/** The schedule that made a job, as far as it is still known. */
export const scheduleOf = (
  database: Database,
  job_id: string,
  schedule_id: string,
): JobDetail['schedule'] => {
  const row = database.get(OF_JOB, { job_id, schedule_id });
  if (row === undefined) return null;
  const slot_at = typeof row.slot_at === 'string' ? new Date(row.slot_at) : null;
  return { schedule_id, name: String(row.name), slot_at };
};
