// Many processes of the shipped command line that wake at once while slots of schedules are due.
import { mkdirSync, mkdtempSync } from 'node:fs';
import { join } from 'node:path';
import { planOf } from '../../src/core/cron/plan.ts';
import { jobIdOf, type SlotOutcome } from '../../src/core/schedule.ts';
import type { Store } from '../../src/core/store.ts';
import { aScheduleWrite, save, scheduleOf } from '../support/schedules.ts';
import type { Programs } from './bundle.ts';
import { tallyOf } from './cli_process.ts';
import { launch } from './launch.ts';
import { type Effect, readEffects } from './world.ts';

export interface SlotsPlace {
  /** a folder for what they leave outside of the database */
  folder: string;
  open: () => Promise<Store>;
  /** what each process is told of its store */
  env: Record<string, string>;
}

export interface SlotsSize {
  processes: number;
  schedules: number;
  /** processes that are killed while they start, or soon after */
  kills?: number;
}

const MINUTE = 60_000;
/** Minutes since then: so many slots of each are due when the processes wake. */
const DUE = 5;

/** Schedules of every minute, planned a few minutes ago and not looked at since. */
const prepare = async (store: Store, schedules: number): Promise<string[]> => {
  const writes = Array.from({ length: schedules }, () =>
    aScheduleWrite({
      job_type: 'steps',
      config: { steps: 0 },
      schedule_expression: '* * * * *',
      missed: 'all',
    }),
  );
  const saved = await save(store, writes);
  const plans = saved.map((schedule) => {
    const now = new Date(schedule.updated_at.getTime() - DUE * MINUTE);
    return planOf({ ...schedule, planned_until: now, now });
  });
  await store.planSchedules(plans);
  return saved.map(({ schedule_id }) => schedule_id);
};

const slotFaults = (slots: SlotOutcome[], before: Date): string[] =>
  slots.flatMap(({ schedule_id, slot_at, status, reason, job_id, job_status }) => {
    const which = `${schedule_id} ${slot_at.toISOString()}`;
    if (status === 'planned') return slot_at > before ? [] : [`a due slot is fired: ${which}`];
    if (status !== 'fired') return [`every slot is fired: ${which} ${status} ${reason}`];
    const own = job_id === jobIdOf(schedule_id, slot_at) && job_status !== null;
    return own ? [] : [`a fired slot has a job of its own: ${which} ${job_id} ${job_status}`];
  });

const twice = (effects: Effect[], keyOf: (effect: Effect) => string): string[] => {
  const keys = effects.map(keyOf);
  return keys
    .filter((key, at) => keys.indexOf(key) !== at)
    .map((key) => `nothing is done twice: ${key}`);
};

/** Wakes all processes at once; answers the faults found and the figures. */
export const fireInCrowd = async (programs: Programs, place: SlotsPlace, size: SlotsSize) => {
  const { processes, schedules, kills = 0 } = size;
  const folder = mkdtempSync(join(place.folder, 'slots-'));
  const effects = join(folder, 'effects');
  mkdirSync(effects);
  const store = await place.open();
  const ids = await prepare(store, schedules);
  const before = (await store.inspect()).now;
  const own = { JOB_MODULE: programs.jobs, EFFECTS_FOLDER: effects, LOG_LEVEL: 'error' };
  const start = () =>
    launch([programs.cli, 'run', '--json'], { cwd: folder, env: { ...own, ...place.env } });
  const began = performance.now();
  const crowd = Array.from({ length: processes }, start);
  const victims = crowd.slice(0, kills);
  for (const victim of victims) victim.kill('SIGKILL');
  const ended = await Promise.all(crowd.slice(kills).map((each) => each.ended));
  const seconds = (performance.now() - began) / 1000;
  await Promise.all(victims.map((victim) => victim.ended));

  const faults = ended
    .filter(({ code }) => code !== 0)
    .map(({ code, stderr }) => `every process exits 0: ${code} ${stderr}`);
  const slots = (await Promise.all(ids.map((id) => scheduleOf(store, id)))).flatMap(
    (detail) => detail.slots,
  );
  await store.close();
  const fired = slots.filter(({ status }) => status === 'fired').length;
  const told = ended.reduce((sum, each) => sum + (tallyOf(each).slots.fired ?? 0), 0);
  if (kills === 0 && told !== fired) faults.push(`the tallies sum up: ${told} of ${fired}`);
  const did = readEffects({ effects });
  const keyOf = ({ job_id, lock_epoch }: Effect) =>
    kills === 0 ? job_id : `${job_id} ${lock_epoch}`;
  return {
    faults: [...faults, ...slotFaults(slots, before), ...twice(did, keyOf)],
    fired,
    seconds,
  };
};
