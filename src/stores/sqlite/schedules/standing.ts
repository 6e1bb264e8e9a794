// Where a schedule stands: active or not, how far it is planned, and what a change of that does to slots.
import type { Schedule } from '../../../core/schedule.ts';
import type { Database } from '../database.ts';
import { LEAST_PLANNED, skipLater, skipPlanned, takeOutLater } from './ledger.ts';

type Standing = Pick<
  Schedule,
  'status' | 'planned_until' | 'plan_at' | 'idle_until' | 'idle_reason'
>;

const STAND = `
  UPDATE cloud_job_schedules
  SET status = :status, planned_until = :planned_until, plan_at = :plan_at,
      idle_until = :idle_until, idle_reason = :idle_reason, next_execution = ${LEAST_PLANNED},
      revision = revision + 1, updated_at = :now
  WHERE schedule_id = :schedule_id`;

/** Written last, when the slots are as they are to be. */
const stand = (database: Database, now: string, schedule_id: string, standing: Standing): void => {
  const { status, idle_reason, planned_until, plan_at, idle_until } = standing;
  database.run(STAND, {
    schedule_id,
    status,
    idle_reason,
    planned_until: planned_until?.toISOString() ?? null,
    plan_at: plan_at?.toISOString() ?? null,
    idle_until: idle_until?.toISOString() ?? null,
    now,
  });
};

// A rule that was changed had no use for the times that it skipped: they are no end of the ledger.
const LAST_DECIDED = `
  SELECT max(coalesce(until_at, slot_at)) AS last FROM cloud_job_slots
  WHERE schedule_id = :schedule_id AND status <> 'planned' AND reason <> 'changed'
    AND coalesce(until_at, slot_at) > :now`;

/** Once nothing is planned after now: up to where the ledger is written, also if clocks were set back. */
const writtenUntil = (
  database: Database,
  now: string,
  { schedule_id, planned_until }: Schedule,
): Date => {
  const present = new Date(now);
  if (planned_until !== null && planned_until <= present) return planned_until;
  const last = database.get(LAST_DECIDED, { schedule_id, now })?.last;
  return typeof last === 'string' ? new Date(last) : present;
};

const notIdle = { idle_until: null, idle_reason: null } as const;

export const setAside = (
  database: Database,
  now: string,
  schedule: Schedule,
  status: 'paused' | 'inactive',
): void => {
  const { schedule_id } = schedule;
  takeOutLater(database, now, schedule_id);
  skipPlanned(database, now, schedule_id, status);
  const planned_until = writtenUntil(database, now, schedule);
  stand(database, now, schedule_id, { status, planned_until, plan_at: null, ...notIdle });
};

/** Whoever plans on tells the times until now as those of the status it had. */
export const setActive = (database: Database, now: string, schedule: Schedule): void => {
  const { schedule_id, planned_until } = schedule;
  const present = new Date(now);
  stand(database, now, schedule_id, {
    status: 'active',
    planned_until: planned_until ?? present,
    plan_at: present,
    idle_until: present,
    idle_reason: schedule.status === 'inactive' ? 'inactive' : 'paused',
  });
};

export const setDeleted = (database: Database, now: string, schedule: Schedule): void => {
  const { schedule_id } = schedule;
  skipPlanned(database, now, schedule_id, 'deleted');
  stand(database, now, schedule_id, { ...schedule, status: 'deleted', plan_at: null });
};

/** Of an active one: later times are planned anew by the rule that it has now. */
export const changeRule = (database: Database, now: string, schedule: Schedule): void => {
  const { schedule_id } = schedule;
  skipLater(database, now, schedule_id, 'changed');
  const planned_until = writtenUntil(database, now, schedule);
  stand(database, now, schedule_id, { ...schedule, planned_until, plan_at: new Date(now) });
};

/** Nothing of this has changed, but something else of the schedule has. */
export const stay = (database: Database, now: string, schedule: Schedule): void =>
  stand(database, now, schedule.schedule_id, schedule);
