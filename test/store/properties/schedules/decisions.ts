// What a claim has to decide about due slots, worked out from what was there before it.
import { type JobStatus, unfinishedStatuses } from '../../../../src/core/job.ts';
import {
  jobIdOf,
  type Schedule,
  type Slot,
  type SlotReason,
} from '../../../../src/core/schedule.ts';
import { keyOf, type SeenSchedule, type Snapshot } from './snapshot.ts';

export interface Decision {
  status: Slot['status'];
  reason: SlotReason;
  /** one of these; empty = none */
  job_ids: string[];
}

/** Until when each planned slot is made up for, by `keyOf`; null = always. */
export type LateAfter = Map<string, Date | null>;

interface Bench {
  before: Snapshot;
  decided: Map<string, Decision>;
  /** unfinished jobs by unique key, those among them that are made here */
  holders: Map<string, string>;
}

const openStatuses: readonly JobStatus[] = ['waiting', 'blocked', 'locked'];

const openJobs = ({ jobs }: Snapshot, id: string): string[] =>
  [...jobs.values()]
    .filter(({ schedule_id, status }) => schedule_id === id && openStatuses.includes(status))
    .map(({ job_id }) => job_id);

const decideOne = (bench: Bench, schedule: Schedule, slot: Slot, open: Set<string>): void => {
  const { decided, holders, before } = bench;
  const { schedule_id, unique_key, concurrency_policy } = schedule;
  const tell = (status: Slot['status'], reason: SlotReason, job_ids: string[]) =>
    decided.set(keyOf(slot), { status, reason, job_ids });
  if (concurrency_policy === 'forbid' && open.size > 0) {
    tell('skipped', 'still_running', [...open]);
    return;
  }
  const holder = unique_key === null ? undefined : holders.get(unique_key);
  if (holder !== undefined) {
    tell('skipped', 'unique_key', [holder]);
    return;
  }
  const job_id = jobIdOf(schedule_id, slot.slot_at);
  if (concurrency_policy === 'replace') {
    for (const row of before.schedules.get(schedule_id)?.slots ?? []) {
      const made = decided.get(keyOf(row)) ?? row;
      const made_id = jobIdOf(schedule_id, row.slot_at);
      if (made.status !== 'fired' || !open.has(made_id)) continue;
      decided.set(keyOf(row), { status: 'replaced', reason: 'later_slot', job_ids: [made_id] });
    }
  }
  tell('fired', 'due', [job_id]);
  open.add(job_id);
  if (unique_key !== null) holders.set(unique_key, job_id);
};

/** Whether its slots need not wait for a plan that is over, and that the claim tells of. */
const isTurn = ({ schedule }: SeenSchedule, now: Date): boolean => {
  const { status, planned_until, plan_at } = schedule;
  const isOver = planned_until !== null && planned_until <= now;
  return status === 'active' && !(isOver && plan_at !== null && plan_at <= now);
};

/** Every row that a claim changes, when nothing is left over. */
export const decisions = (before: Snapshot, late: LateAfter): Map<string, Decision> => {
  const { now, schedules, jobs } = before;
  const holders = new Map<string, string>();
  for (const { unique_key, status, job_id } of jobs.values()) {
    if (unique_key !== null && unfinishedStatuses.includes(status)) holders.set(unique_key, job_id);
  }
  const bench: Bench = { before, decided: new Map(), holders };
  for (const seen of schedules.values()) {
    if (!isTurn(seen, now)) continue;
    const { schedule, slots } = seen;
    const due = slots.filter(({ status, slot_at }) => status === 'planned' && slot_at <= now);
    const isLate = (slot: Slot) => {
      const end = late.get(keyOf(slot));
      if (end === undefined) throw new Error(`${keyOf(slot)} is in no plan of the story`);
      return end !== null && end <= now;
    };
    const timely = due.filter((slot) => !isLate(slot));
    const latest = schedule.missed === 'latest';
    const most = latest ? 1 : 100;
    const reason = latest ? 'superseded' : 'too_many';
    const passed_over = timely.slice(0, -most);
    for (const slot of due.filter(isLate)) {
      bench.decided.set(keyOf(slot), { status: 'missed', reason: 'too_late', job_ids: [] });
    }
    for (const slot of passed_over) {
      bench.decided.set(keyOf(slot), { status: 'missed', reason, job_ids: [] });
    }
    const open = new Set(openJobs(before, schedule.schedule_id));
    for (const slot of timely.slice(-most)) decideOne(bench, schedule, slot, open);
  }
  return bench.decided;
};
