// What a claim does for schedules: fires a bounded number of due slots, and tells whose plan is short.
import type { Claim } from '../../../core/claim.ts';
import type { DecidedSlot, ShortPlan } from '../../../core/schedule.ts';
import { toShortPlan } from '../../schedule_rows.ts';
import type { Database } from '../database.ts';
import { type Firing, fire } from './fire.ts';

/** Due slots of one claim that are looked at: more than are fired, for some may have to wait. */
const MOST_LOOKED_AT = 1000;
/** Jobs that one claim makes: enough to catch up, too few to be felt. */
const MOST_FIRED = 100;
/** No further schedule is begun after so many slots, fired or not. */
const MOST_DECIDED = 500;
const MOST_TO_PLAN = 50;

// Left out is what must be planned on first: what was planned before everything stood still may be made
// up for otherwise, or not at all. A schedule deleted by hand leaves slots that are nobody's.
const DUE = `
  SELECT due.schedule_id, coalesce(s.name, due.schedule_id) AS name,
    coalesce(s.status, 'deleted') AS status, s.missed, s.concurrency_policy, s.unique_key
  FROM (
    SELECT head.schedule_id, min(head.slot_at) AS slot_at FROM (
      SELECT schedule_id, slot_at FROM cloud_job_slots INDEXED BY cloud_job_slots_due
      WHERE status = 'planned' AND slot_at <= :now ORDER BY slot_at LIMIT :looked_at) head
    GROUP BY head.schedule_id) due
  LEFT JOIN cloud_job_schedules s ON s.schedule_id = due.schedule_id
  WHERE NOT coalesce(s.planned_until <= :now AND s.plan_at <= :now, false)
  ORDER BY due.slot_at, due.schedule_id LIMIT :limit`;

const findDue = (database: Database, now: string, limit: number): Firing[] =>
  database.all(DUE, { now, looked_at: MOST_LOOKED_AT, limit }) as unknown as Firing[];

const count = (slots: DecidedSlot[]): number =>
  slots.filter(({ status }) => status === 'fired').length;

/** Schedules in the order of their first due slot; runs inside the caller's write transaction. */
export const fireDueSlots = (
  database: Database,
  now: string,
): Pick<Claim, 'slots' | 'more_slots'> => {
  const slots: DecidedSlot[] = [];
  let fired = 0;
  for (const schedule of findDue(database, now, MOST_FIRED)) {
    if (fired >= MOST_FIRED || slots.length >= MOST_DECIDED) break;
    const decided = fire(database, now, schedule, MOST_FIRED - fired);
    fired += count(decided);
    slots.push(...decided);
  }
  return { slots, more_slots: slots.length > 0 && findDue(database, now, 1).length > 0 };
};

const SHORT = `
  SELECT schedule_id, schedule_expression, timezone, missed, starting_deadline_seconds, revision,
    planned_until, idle_until, idle_reason, :now AS now
  FROM cloud_job_schedules INDEXED BY cloud_job_schedules_short
  WHERE plan_at IS NOT NULL AND plan_at <= :now ORDER BY plan_at LIMIT :limit`;

export const findShort = (database: Database, now: string): ShortPlan[] =>
  database.all(SHORT, { now, limit: MOST_TO_PLAN }).map(toShortPlan);
