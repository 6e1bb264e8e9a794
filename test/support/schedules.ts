// Valid schedules, and what most tests of them say: plan what is short, wake up, read the ledger.
import { randomUUID } from 'node:crypto';
import type { Claim } from '../../src/core/claim.ts';
import { planOf } from '../../src/core/cron/plan.ts';
import type { DecidedSlot, Schedule, SchedulePlan, Slot } from '../../src/core/schedule.ts';
import type { ScheduleDetail, ScheduleWrite } from '../../src/core/schedule_store.ts';
import type { Store } from '../../src/core/store.ts';
import { claimRequest } from './jobs.ts';
import { at, START } from './start.ts';

/** A new one, due every hour; a test overrides the field it is about. */
export const aScheduleWrite = (overrides: Partial<ScheduleWrite> = {}): ScheduleWrite => {
  const schedule_id = overrides.schedule_id ?? randomUUID();
  return {
    schedule_id,
    name: `schedule ${schedule_id}`,
    job_type: 'demo',
    schedule_expression: '0 * * * *',
    timezone: 'UTC',
    missed: 'latest',
    starting_deadline_seconds: null,
    config: {},
    description: null,
    priority: 0,
    max_retries: 3,
    retry_delay_seconds: 30,
    retry_backoff: 'exponential',
    timeout_seconds: null,
    unique_key: null,
    concurrency_policy: 'allow',
    run_on_startup: false,
    revision: null,
    status: null,
    applied: false,
    ...overrides,
  };
};

/** Writes all of these or throws; answers them as they are then. */
export const save = async (store: Store, writes: ScheduleWrite[]): Promise<Schedule[]> => {
  const { schedules, refused } = await store.saveSchedules(writes);
  if (refused) throw new Error(`refused: ${JSON.stringify(refused)}`);
  return schedules;
};

/** Everything there is to know of a schedule; throws when there is none. */
export const scheduleOf = async (store: Store, id: string): Promise<ScheduleDetail> => {
  const detail = await store.getSchedule(id, 1000);
  if (!detail) throw new Error(`schedule ${id} is not there`);
  return detail;
};

/** Creates one and leaves it unplanned. */
export const createSchedule = async (
  store: Store,
  overrides: Partial<ScheduleWrite> = {},
): Promise<string> => {
  const write = aScheduleWrite(overrides);
  await save(store, [write]);
  return write.schedule_id;
};

/** As whoever has read it writes it again, changed. */
export const rewrite = (
  schedule: Schedule,
  overrides: Partial<ScheduleWrite> = {},
): ScheduleWrite => {
  const fields = Object.keys(aScheduleWrite()) as (keyof ScheduleWrite)[];
  const read = Object.fromEntries(fields.map((key) => [key, schedule[key]]));
  return { ...(read as unknown as ScheduleWrite), status: null, ...overrides };
};

/** Reads one and writes it changed. */
export const changeSchedule = async (
  store: Store,
  id: string,
  overrides: Partial<ScheduleWrite>,
): Promise<Schedule> => {
  const { schedule } = await scheduleOf(store, id);
  const [saved] = await save(store, [rewrite(schedule, overrides)]);
  return saved as Schedule;
};

/** The plans of the schedules that a claim would tell of now. */
export const shortPlans = async (store: Store): Promise<SchedulePlan[]> =>
  (await store.previewClaim(claimRequest())).to_plan.map(planOf);

/** A plan made by hand, of the schedule as it is at `revision`; more is to be planned after its last time. */
export const handmadePlan = (
  schedule_id: string,
  revision: number,
  times: (string | Date)[],
  gone: SchedulePlan['gone'] = [],
): SchedulePlan => {
  const slots = times.map((time) => ({
    slot_at: typeof time === 'string' ? at(time) : time,
    late_after: null,
  }));
  const last = slots.at(-1)?.slot_at ?? at('23:00');
  return { schedule_id, revision, slots, gone, planned_until: last, plan_at: last };
};

/** Plans what is short, as far as one claim tells of it; answers how many plans were written. */
export const planShort = async (store: Store): Promise<number> =>
  store.planSchedules(await shortPlans(store));

/** Creates these and plans them, as they who create do. */
export const plannedSchedules = async (store: Store, writes: ScheduleWrite[]): Promise<void> => {
  const saved = await save(store, writes);
  const plans = saved.map((schedule) => planOf({ ...schedule, now: schedule.updated_at }));
  const written = await store.planSchedules(plans);
  if (written !== writes.length) throw new Error('what is new cannot be planned');
};

/** Creates one and plans it. */
export const plannedSchedule = async (
  store: Store,
  overrides: Partial<ScheduleWrite> = {},
): Promise<string> => {
  const write = aScheduleWrite(overrides);
  await plannedSchedules(store, [write]);
  return write.schedule_id;
};

/** A claim that picks nothing. */
export const wake = (store: Store): Promise<Claim> =>
  store.claimJobs(claimRequest({ execution_ids: [] }));

/** What one drain does for schedules: claims and plans until nothing is left; picks nothing. */
export const restore = async (store: Store): Promise<DecidedSlot[]> => {
  const decided: DecidedSlot[] = [];
  for (let round = 0; round < 20; round += 1) {
    const { slots, more_slots, to_plan } = await wake(store);
    decided.push(...slots);
    if (to_plan.length > 0) await store.planSchedules(to_plan.map(planOf));
    else if (!more_slots) return decided;
  }
  throw new Error('there is no end of slots and plans');
};

/** Moves the clock, on or back, to a time as `at` reads it. */
export const until = (
  { setClock }: { setClock: (now: Date) => Promise<void> },
  time: string,
): Promise<void> => setClock(at(time));

const minute = (moment: Date): string => {
  const [day, time = ''] = moment.toISOString().slice(0, 16).split('T');
  return START.toISOString().startsWith(`${day}`) ? time : `${day}T${time}`;
};

/** `10:00 fired due`, `11:00-13:00 x3 missed superseded`, `14:00 planned`. */
export const line = ({ slot_at, until_at, times, status, reason }: Slot): string => {
  const range = until_at === null ? '' : `-${minute(until_at)} x${times ?? 'many'}`;
  return [minute(slot_at) + range, status, reason].filter((word) => word !== null).join(' ');
};

/** The ledger of a schedule, oldest first, a line for each row. */
export const ledgerOf = async (store: Store, id: string): Promise<string[]> =>
  (await scheduleOf(store, id)).slots.map(line).reverse();

/** `10:00 fired due`, in order of their times. */
export const decidedLines = (slots: DecidedSlot[]): string[] =>
  slots
    .toSorted((a, b) => a.slot_at.getTime() - b.slot_at.getTime())
    .map(({ slot_at, status, reason }) => `${minute(slot_at)} ${status} ${reason}`);

/** Everything the port tells of these schedules; two equal dumps mean that nothing was changed. */
export const dumpSchedules = (store: Store, ids: string[]) =>
  Promise.all(
    ids.map(async (id) => {
      const { schedule, slots } = await scheduleOf(store, id);
      return { schedule, slots };
    }),
  );
