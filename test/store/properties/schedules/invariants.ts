// What must be true of every schedule after every action, and from one moment to the next.
import { isDeepStrictEqual } from 'node:util';
import { jobIdOf, type Slot } from '../../../../src/core/schedule.ts';
import { nominalTimes } from './nominal.ts';
import { keyOf, rowsOf, type SeenSchedule, type Snapshot } from './snapshot.ts';

/** While the schedule had one expression: its nominal times in (from, until]. */
export interface Era {
  schedule_expression: string;
  from: number;
  /** null = it still has */
  until: number | null;
}

/** By schedule. */
export type Eras = Map<string, Era[]>;

type Rule = (seen: SeenSchedule, after: Snapshot) => boolean;

const planned = (slots: Slot[]): Slot[] => slots.filter(({ status }) => status === 'planned');
const madeJob = ({ status }: Slot): boolean => status === 'fired' || status === 'replaced';

const rules: Record<string, Rule> = {
  'next_execution is the least planned slot': ({ schedule, slots }) =>
    schedule.next_execution?.getTime() === planned(slots)[0]?.slot_at.getTime(),
  'nothing is planned in a schedule that is not active': ({ schedule, slots }) =>
    schedule.status === 'active' || (planned(slots).length === 0 && schedule.plan_at === null),
  'a planned slot is decided by nobody, any other by someone': ({ slots }) =>
    slots.every(({ status, reason, decided_at }) =>
      [reason, decided_at].every((it) => (it === null) === (status === 'planned')),
    ),
  'a slot that made a job names the one of its time': ({ slots }, { jobs }) =>
    slots.filter(madeJob).every(({ schedule_id, slot_at, job_id }) => {
      const job = jobs.get(job_id ?? '');
      return job_id === jobIdOf(schedule_id, slot_at) && job?.schedule_id === schedule_id;
    }),
  'no slot has made more than one job': ({ schedule: { schedule_id }, slots }, { jobs }) => {
    const made = [...jobs.keys()].filter((job_id) => job_id.startsWith(`${schedule_id}:`));
    return made.length === slots.filter(madeJob).length;
  },
  'it is told until when it was not active, or that it was': ({ schedule }) =>
    (schedule.idle_until === null) === (schedule.idle_reason === null),
};

const coverage = ({ schedule, slots: rows }: SeenSchedule, eras: Era[]): string[] => {
  // What was skipped because the rule changed was never to come.
  const slots = rows.filter(({ reason }) => reason !== 'changed');
  const counts = new Map<number, number>();
  const last = schedule.planned_until?.getTime() ?? Number.POSITIVE_INFINITY;
  for (const { schedule_expression, from, until } of eras) {
    for (const at of nominalTimes(schedule_expression, from, Math.min(until ?? last, last))) {
      counts.set(at, 0);
    }
  }
  const strangers: string[] = [];
  for (const { slot_at, until_at } of slots) {
    const first = slot_at.getTime();
    if (!counts.has(first)) strangers.push(`${slot_at.toISOString()} is no time of it`);
    const covered =
      until_at === null
        ? [first]
        : [...counts.keys()].filter((at) => at >= first && at <= +until_at);
    for (const at of covered) counts.set(at, (counts.get(at) ?? 0) + 1);
  }
  const wrong = [...counts].filter(([, count]) => count !== 1);
  const told = wrong.map(([at, count]) => `${new Date(at).toISOString()} stands in ${count} rows`);
  return [...strangers, ...told];
};

const mayBecome = (was: Slot, is: Slot | undefined): boolean => {
  if (was.status === 'planned' || was.reason === 'changed') return true;
  if (was.status === 'fired' && is?.status === 'replaced') return is.job_id === was.job_id;
  return isDeepStrictEqual(was, is);
};

const plan = ({ schedule }: SeenSchedule) => {
  const { schedule_expression, missed, starting_deadline_seconds, status } = schedule;
  const { planned_until, plan_at, idle_until } = schedule;
  return [schedule_expression, missed, starting_deadline_seconds, status]
    .map(String)
    .concat([planned_until, plan_at, idle_until].map(Number).map(String));
};

const steps = (before: Snapshot, after: Snapshot): string[] => {
  const rows = rowsOf(after);
  const found = [...rowsOf(before).values()]
    .filter((was) => !mayBecome(was, rows.get(keyOf(was))))
    .map((was) => `a decided slot has changed: ${JSON.stringify([was, rows.get(keyOf(was))])}`);
  for (const [id, was] of before.schedules) {
    const is = after.schedules.get(id);
    if (!is) found.push(`${id} has vanished`);
    else if (is.schedule.revision < was.schedule.revision) found.push(`the revision goes back`);
    else if (is.schedule.revision === was.schedule.revision && `${plan(is)}` !== `${plan(was)}`)
      found.push(`the revision stays though the plan has changed: ${plan(was)}, ${plan(is)}`);
  }
  return found;
};

/** Every rule that is broken, with the schedule that breaks it. */
export const violations = (before: Snapshot, after: Snapshot, eras: Eras): string[] => {
  const found = steps(before, after);
  for (const [id, seen] of after.schedules) {
    for (const [sentence, holds] of Object.entries(rules)) {
      if (!holds(seen, after)) found.push(`${sentence}: ${JSON.stringify(seen)}`);
    }
    const told = eras.get(id);
    if (told) found.push(...coverage(seen, told).map((fault) => `${id}: ${fault}`));
  }
  return found;
};
