// The planned rows of the ledger: decided upon, skipped or taken out, and the first of them.
import type { DecidedSlot, Schedule, SlotReason } from '../../../core/schedule.ts';
import type { Database } from '../database.ts';

/** For the SQL of others: the next planned time of the schedule, or null. */
export const LEAST_PLANNED = `(
  SELECT min(p.slot_at) FROM cloud_job_slots p INDEXED BY cloud_job_slots_planned
  WHERE p.schedule_id = :schedule_id AND p.status = 'planned')`;

const DECIDE = `
  UPDATE cloud_job_slots
  SET status = :status, reason = :reason, job_id = :job_id, decided_at = :now
  WHERE schedule_id = :schedule_id AND slot_at = :slot_at`;

/** Writes what became of one slot, and tells it. */
export const decide = (
  database: Database,
  now: string,
  { schedule_id, name }: Pick<Schedule, 'schedule_id' | 'name'>,
  slot_at: string,
  what: Pick<DecidedSlot, 'status' | 'reason' | 'job_id'>,
): DecidedSlot => {
  database.run(DECIDE, { ...what, now, schedule_id, slot_at });
  return { schedule_id, name, slot_at: new Date(slot_at), ...what };
};

const SKIP = `
  UPDATE cloud_job_slots INDEXED BY cloud_job_slots_planned
  SET status = 'skipped', reason = :reason, decided_at = :now
  WHERE schedule_id = :schedule_id AND status = 'planned'`;

/** All that is planned of the schedule. */
export const skipPlanned = (
  database: Database,
  now: string,
  schedule_id: string,
  reason: SlotReason,
): void => {
  database.run(SKIP, { schedule_id, reason, now });
};

/** What is planned for later than now; what is due stays for the next claim. */
export const skipLater = (
  database: Database,
  now: string,
  schedule_id: string,
  reason: SlotReason,
): void => {
  database.run(`${SKIP} AND slot_at > :now`, { schedule_id, reason, now });
};

const TAKE_OUT = `
  DELETE FROM cloud_job_slots INDEXED BY cloud_job_slots_planned
  WHERE schedule_id = :schedule_id AND status = 'planned' AND slot_at > :now`;

/** What is planned for later than now leaves no trace: whoever plans it anew says what became of it. */
export const takeOutLater = (database: Database, now: string, schedule_id: string): void => {
  database.run(TAKE_OUT, { schedule_id, now });
};
