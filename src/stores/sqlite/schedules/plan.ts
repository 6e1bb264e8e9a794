// Planning: writes the next slots of schedules, and of which times no job is made.
import type { SchedulePlan } from '../../../core/schedule.ts';
import type { Database, Params } from '../database.ts';
import { LEAST_PLANNED } from './ledger.ts';

const PLAN = `
  UPDATE cloud_job_schedules
  SET planned_until = :planned_until, plan_at = :plan_at, idle_until = NULL, idle_reason = NULL,
      revision = revision + 1
  WHERE schedule_id = :schedule_id AND revision = :revision
    AND (status = 'active' OR (:aside = 1 AND status <> 'deleted'))`;

const NEXT = `
  UPDATE cloud_job_schedules SET next_execution = ${LEAST_PLANNED}
  WHERE schedule_id = :schedule_id`;

// What is there stays as it is, but for a time that only an earlier rule had no use for.
const PUT = `
  INSERT INTO cloud_job_slots
    (schedule_id, slot_at, until_at, times, status, reason, late_after, decided_at)
  VALUES
    (:schedule_id, :slot_at, :until_at, :times, :status, :reason, :late_after, :decided_at)
  ON CONFLICT (schedule_id, slot_at) DO UPDATE SET
    until_at = excluded.until_at, times = excluded.times, status = excluded.status,
    reason = excluded.reason, job_id = NULL, late_after = excluded.late_after,
    decided_at = excluded.decided_at
  WHERE cloud_job_slots.status = 'skipped' AND cloud_job_slots.reason = 'changed'`;

/** The range tells of it. */
const FORGET_CHANGED = `
  DELETE FROM cloud_job_slots
  WHERE schedule_id = :schedule_id AND slot_at > :slot_at AND slot_at <= :until_at
    AND status = 'skipped' AND reason = 'changed'`;

const rowsOf = ({ slots, gone }: SchedulePlan, now: string): Params[] => [
  ...slots.map(({ slot_at, late_after }) => ({
    slot_at: slot_at.toISOString(),
    until_at: null,
    times: 1,
    status: 'planned',
    reason: null,
    late_after: late_after?.toISOString() ?? null,
    decided_at: null,
  })),
  ...gone.map(({ slot_at, until_at, times, status, reason }) => ({
    slot_at: slot_at.toISOString(),
    until_at: until_at?.toISOString() ?? null,
    times,
    status,
    reason,
    late_after: null,
    decided_at: now,
  })),
];

const writePlan = (database: Database, now: string, plan: SchedulePlan): boolean => {
  const { schedule_id, revision, planned_until, plan_at } = plan;
  const planned = database.run(PLAN, {
    schedule_id,
    revision,
    planned_until: planned_until?.toISOString() ?? null,
    plan_at: plan_at?.toISOString() ?? null,
    aside: plan_at === null && plan.slots.length === 0 ? 1 : 0,
  });
  if (planned === 0) return false;
  for (const row of rowsOf(plan, now)) database.run(PUT, { schedule_id, ...row });
  for (const { slot_at, until_at } of plan.gone) {
    if (until_at === null) continue;
    const range = { slot_at: slot_at.toISOString(), until_at: until_at.toISOString() };
    database.run(FORGET_CHANGED, { schedule_id, ...range });
  }
  database.run(NEXT, { schedule_id });
  return true;
};

/** Answers how many were written. */
export const planSchedules = (database: Database, plans: SchedulePlan[]): Promise<number> =>
  database.write((now) => plans.filter((plan) => writePlan(database, now, plan)).length);
