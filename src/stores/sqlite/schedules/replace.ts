// Replacing: the unfinished jobs of a schedule make way for that of a later time.
import type { DecidedSlot, Schedule } from '../../../core/schedule.ts';
import type { Database } from '../database.ts';
import { askToStop, setStatus } from '../steer.ts';
import { decide } from './ledger.ts';
import { findUnfinished } from './make_job.ts';

// Both words: the partial index of jobs is chosen by the first one alone.
const SLOT_OF = `
  SELECT slot_at FROM cloud_job_slots INDEXED BY cloud_job_slots_job
  WHERE job_id = :job_id AND status IN ('fired', 'replaced') AND status = 'fired'
    AND schedule_id = :schedule_id`;

const ASKED = `
  SELECT 1 FROM cloud_jobs WHERE job_id = :job_id AND cancel_requested_at IS NOT NULL`;

/** A locked one is asked to stop, once: whoever holds it ends it. Answers the slots that had made them. */
export const cancelUnfinished = (
  database: Database,
  now: string,
  schedule: Pick<Schedule, 'schedule_id' | 'name'>,
  except: string,
): DecidedSlot[] =>
  findUnfinished(database, schedule.schedule_id, except).flatMap(({ job_id, status }) => {
    if (status !== 'locked') setStatus(database, now, job_id, 'cancel', { by: 'schedule' });
    else if (database.get(ASKED, { job_id }) === undefined) askToStop(database, now, job_id);
    const { schedule_id } = schedule;
    return database.all(SLOT_OF, { job_id, schedule_id }).map(({ slot_at }) => {
      const replaced = { status: 'replaced', reason: 'later_slot', job_id } as const;
      return decide(database, now, schedule, String(slot_at), replaced);
    });
  });
