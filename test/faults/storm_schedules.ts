// The part of the storm that schedules are in: random calls on a few of them, whose times are all due.
import type { Schedule } from '../../src/core/schedule.ts';
import { type ScheduleMove, scheduleMoves } from '../../src/core/schedule.ts';
import type { ScheduleWrite } from '../../src/core/schedule_store.ts';
import type { Store } from '../../src/core/store.ts';
import { newJob } from '../support/jobs.ts';
import { aScheduleWrite, rewrite } from '../support/schedules.ts';

export interface Chance {
  random(): number;
  below(end: number): number;
  one<T>(of: readonly T[]): T;
  some<T>(of: readonly T[], most: number): T[];
}

const IDS = Array.from({ length: 6 }, (_, i) => `schedule-${(i * 5) % 6}`);
/** A few more than half of them: they are in each other's way. */
const NAMES = ['nightly', 'hourly', 'weekly', 'often'];
const MINUTES = Array.from({ length: 40 }, (_, i) => new Date(Date.UTC(2026, 0, 1, 0, i)));
const LATE = new Date(Date.UTC(2026, 0, 2));

export const scheduleCalls = (
  store: Store,
  { random, one, some }: Chance,
  keys: string[],
): [number, () => Promise<unknown>][] => {
  /** Never `replace` and a unique key together: that is refused before it comes here. */
  const fields = (): Partial<ScheduleWrite> => ({
    name: one(NAMES),
    schedule_expression: one(['0 * * * *', '30 * * * *']),
    missed: one(['latest', 'all', 'all', 'skip']),
    ...one([
      { concurrency_policy: 'replace' as const, unique_key: null },
      {
        concurrency_policy: one(['allow', 'allow', 'forbid'] as const),
        unique_key: random() < 0.8 ? one(keys) : null,
      },
    ]),
  });
  const known = async (): Promise<Schedule[]> =>
    (await store.listSchedules({ limit: 10 })).concat(
      await store.listSchedules({ status: 'deleted', limit: 10 }),
    );
  const save = async () => {
    const there = new Map((await known()).map((schedule) => [schedule.schedule_id, schedule]));
    const writes = some(IDS, 3).map((schedule_id) => {
      const schedule = there.get(schedule_id);
      const status = one([null, null, 'active', 'inactive'] as const);
      if (schedule === undefined) return aScheduleWrite({ schedule_id, ...fields(), status });
      return rewrite(schedule, { ...fields(), status });
    });
    await store.saveSchedules(writes);
  };
  const plan = async () => {
    const plans = some(await store.listSchedules({ status: 'active', limit: 10 }), 4).map(
      ({ schedule_id, revision }) => {
        const slots = some(MINUTES, 6).map((slot_at) => ({ slot_at, late_after: null }));
        const planned_until = one([null, null, LATE]);
        return {
          schedule_id,
          revision,
          slots: random() < 0.2 ? slots.map((slot) => ({ ...slot, late_after: LATE })) : slots,
          gone: [],
          planned_until,
          plan_at: planned_until,
        };
      },
    );
    await store.planSchedules(plans);
  };
  const trigger = () =>
    store.triggerSchedule({
      schedule_id: one(IDS),
      job_id: one([newJob().job_id, 'job-00', 'triggered']),
      actor: null,
      only_if_idle: random() < 0.5,
    });
  const forget = () =>
    store.prune({ older_than_days: 0, executions: true, jobs: false, limit: 20 });
  const moves = Object.keys(scheduleMoves) as ScheduleMove[];
  return [
    [4, save],
    [8, plan],
    [2, () => store.moveSchedule(one(IDS), one(['resume', ...moves]))],
    [2, trigger],
    [1, forget],
    [1, () => store.getSchedule(one([...IDS, ...NAMES]), 20)],
  ];
};

/** What must hold of schedules whatever was called. */
export const brokenLedgers: Record<string, string> = {
  'a job was made for one time only, and says so in its id': `
    SELECT job_id, count(*) FROM cloud_job_slots WHERE status IN ('fired', 'replaced')
    GROUP BY job_id HAVING count(*) > 1 OR min(job_id) <> min(
      schedule_id || ':' || to_char(slot_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI"Z"'))`,
  'nothing is planned of a schedule that is not active': `
    SELECT s.schedule_id, c.status FROM cloud_job_slots s
    LEFT JOIN cloud_job_schedules c ON c.schedule_id = s.schedule_id
    WHERE s.status = 'planned' AND c.status IS DISTINCT FROM 'active'`,
  'the next time of a schedule is the first planned one': `
    SELECT c.schedule_id, c.next_execution FROM cloud_job_schedules c
    WHERE c.next_execution IS DISTINCT FROM (SELECT min(s.slot_at) FROM cloud_job_slots s
      WHERE s.schedule_id = c.schedule_id AND s.status = 'planned')`,
  'what stood in the way of a time is another job': `
    SELECT s.schedule_id, s.slot_at FROM cloud_job_slots s
    WHERE s.reason IN ('still_running', 'unique_key') AND s.job_id IS NULL
      OR s.reason = 'refused'`,
  'no two unfinished jobs have one unique key': `
    SELECT unique_key FROM cloud_jobs WHERE status IN ('waiting', 'blocked', 'locked', 'disabled')
    GROUP BY unique_key HAVING unique_key IS NOT NULL AND count(*) > 1`,
};
