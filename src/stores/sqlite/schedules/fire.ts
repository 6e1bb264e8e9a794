// Firing: decides upon the due slots of one schedule, by what it does about missed times and earlier jobs.
import { MOST_MADE_UP } from '../../../core/cron/plan.ts';
import {
  type DecidedSlot,
  jobIdOf,
  type Schedule,
  type SlotReason,
} from '../../../core/schedule.ts';
import type { Database } from '../database.ts';
import { decide, LEAST_PLANNED } from './ledger.ts';
import { findInTheWay, makeJob } from './make_job.ts';
import { cancelUnfinished } from './replace.ts';

/** What firing needs to know; the rest of the row goes into the job without being read. */
export type Firing = Pick<
  Schedule,
  'schedule_id' | 'name' | 'status' | 'missed' | 'concurrency_policy' | 'unique_key'
>;

const DUE_OF = `
  SELECT slot_at, late_after FROM cloud_job_slots INDEXED BY cloud_job_slots_planned
  WHERE schedule_id = :schedule_id AND status = 'planned' AND slot_at <= :now
  ORDER BY slot_at`;

const LAST_AND_NEXT = `
  UPDATE cloud_job_schedules
  SET last_execution = coalesce(:last_execution, last_execution), next_execution = ${LEAST_PLANNED}
  WHERE schedule_id = :schedule_id`;

const fireOne = (
  database: Database,
  now: string,
  schedule: Firing,
  slot_at: string,
): DecidedSlot[] => {
  const { schedule_id, concurrency_policy } = schedule;
  const job_id = jobIdOf(schedule_id, new Date(slot_at));
  const forbids = concurrency_policy === 'forbid';
  const in_the_way = findInTheWay(database, schedule, job_id, forbids);
  if (in_the_way !== undefined) {
    const { reason, job_id: other } = in_the_way;
    const skipped = { status: 'skipped', reason, job_id: other } as const;
    return [decide(database, now, schedule, slot_at, skipped)];
  }
  const replaced =
    concurrency_policy === 'replace' ? cancelUnfinished(database, now, schedule, job_id) : [];
  makeJob(database, now, { schedule_id, job_id, run_at: slot_at, actor: null, source_ip: null });
  const fired = { status: 'fired', reason: 'due', job_id } as const;
  return [...replaced, decide(database, now, schedule, slot_at, fired)];
};

/** Of a schedule that is not active, edited by hand: its status is the reason. */
const skipAll = (database: Database, now: string, schedule: Firing, due: string[]) =>
  due.map((slot_at) => {
    const reason = schedule.status as SlotReason;
    return decide(database, now, schedule, slot_at, { status: 'skipped', reason, job_id: null });
  });

const fireDue = (
  database: Database,
  now: string,
  schedule: Firing,
  due: { slot_at: string; late_after: string | null }[],
  most: number,
): DecidedSlot[] => {
  const late = due.filter(({ late_after }) => late_after !== null && late_after <= now);
  const timely = due.filter((slot) => !late.includes(slot));
  const latest = schedule.missed === 'latest';
  const made_up = timely.slice(latest ? -1 : -MOST_MADE_UP);
  const passed_over = timely.slice(0, timely.length - made_up.length);
  const miss = (reason: SlotReason) => (slot: { slot_at: string }) =>
    decide(database, now, schedule, slot.slot_at, { status: 'missed', reason, job_id: null });
  return [
    ...late.map(miss('too_late')),
    ...passed_over.map(miss(latest ? 'superseded' : 'too_many')),
    ...made_up.slice(0, most).flatMap(({ slot_at }) => fireOne(database, now, schedule, slot_at)),
  ];
};

/** Makes `most` jobs or fewer; further due slots then stay planned. Runs inside a claim. */
export const fire = (
  database: Database,
  now: string,
  schedule: Firing,
  most: number,
): DecidedSlot[] => {
  const { schedule_id, status } = schedule;
  const due = database.all(DUE_OF, { schedule_id, now }) as {
    slot_at: string;
    late_after: string | null;
  }[];
  const decided =
    status === 'active'
      ? fireDue(database, now, schedule, due, most)
      : skipAll(
          database,
          now,
          schedule,
          due.map(({ slot_at }) => slot_at),
        );
  const fired = decided.some((slot) => slot.status === 'fired');
  database.run(LAST_AND_NEXT, { schedule_id, last_execution: fired ? now : null });
  return decided;
};
