// What people ask of schedules: create, steer, trigger, and what runs when `work` starts.
import { ConflictError, NotFoundError } from '../errors.ts';
import type { Registry } from './definition.ts';
import type { Emit } from './events.ts';
import type { Job } from './job.ts';
import { planAside, planShort, shortOf } from './planning.ts';
import {
  type Schedule,
  type ScheduleMove,
  type ScheduleStatus,
  scheduleMoves,
} from './schedule.ts';
import { prepareSchedule, type ScheduleInput } from './schedule_input.ts';
import { someSchedules } from './schedule_pages.ts';
import type { ScheduleDetail, ScheduleStore, ScheduleWrite, Triggered } from './schedule_store.ts';

export interface ScheduleDeps {
  store: ScheduleStore;
  registry: Registry;
  newId: () => string;
  emit: Emit;
}

const nameTaken = (name: string): ConflictError =>
  new ConflictError(
    `There is a schedule "${name}" already: \`cloud-jobs schedule show\` shows it, \`apply\` changes it.`,
  );

export const changedMeanwhile = (name: string): ConflictError =>
  new ConflictError(
    `The schedule "${name}" was changed by someone else just now; nothing was written. Do it again.`,
  );

/** Plans what is new or changed at once, so that it is seen, and does not wait for the next drain. */
export const saveSchedules = async (
  writes: ScheduleWrite[],
  { store, emit }: Pick<ScheduleDeps, 'store' | 'emit'>,
): Promise<Schedule[]> => {
  if (writes.length === 0) return [];
  const { schedules, refused } = await store.saveSchedules(writes);
  if (refused !== null) {
    const { name, reason } = refused;
    throw reason === 'name_taken' ? nameTaken(name) : changedMeanwhile(name);
  }
  // What was written a moment ago is short since then; what was there already is not touched.
  await planShort(
    schedules.flatMap((schedule) => shortOf(schedule, schedule.updated_at)),
    store,
    emit,
  );
  return schedules;
};

/** Throws NotFoundError. */
export const getSchedule = async (
  id_or_name: string,
  store: Pick<ScheduleStore, 'getSchedule'>,
  slots = 0,
): Promise<ScheduleDetail> => {
  const detail = await store.getSchedule(id_or_name, slots);
  if (detail === null) throw new NotFoundError('schedule', id_or_name);
  return detail;
};

/** The job of a new schedule that runs on start-up; its id makes it once, however often it is asked for. */
export const startNew = async (schedule: Schedule, store: ScheduleStore): Promise<void> => {
  if (!schedule.run_on_startup || schedule.status !== 'active') return;
  const { schedule_id } = schedule;
  const job_id = `${schedule_id}:created`;
  await store.triggerSchedule({ schedule_id, job_id, actor: 'startup', only_if_idle: true });
};

/** Validates, fills in defaults, creates and plans. Throws InputError or ConflictError (name taken). */
export const createSchedule = async (
  input: ScheduleInput,
  deps: ScheduleDeps,
): Promise<Schedule> => {
  const { store, registry, newId } = deps;
  const fields = await prepareSchedule(input, registry);
  const schedule_id = newId();
  const write = { ...fields, schedule_id, revision: null, status: null, applied: false };
  const [schedule] = await saveSchedules([write], deps);
  if (schedule !== undefined) await startNew(schedule, store);
  return (await getSchedule(schedule_id, store)).schedule;
};

const verbs: Record<ScheduleMove, string> = {
  pause: 'paused',
  resume: 'resumed',
  delete: 'deleted',
};

/** While someone else is planning it. */
const TRIES = 3;

/**
 * What went by until now belongs to the rule and the status it had then: it is planned before that
 * changes; of one that was put aside and is to be deleted, that it was.
 */
const tellUntilNow = async (
  id_or_name: string,
  move: ScheduleMove,
  { store, emit }: Pick<ScheduleDeps, 'store' | 'emit'>,
): Promise<Schedule> => {
  for (let left = TRIES; ; left -= 1) {
    const { schedule, now } = await getSchedule(id_or_name, store);
    const { status } = schedule;
    const aside = move === 'delete' && (status === 'paused' || status === 'inactive');
    const plans = aside ? [planAside(schedule, status, now)] : [];
    const short = shortOf(schedule, now);
    const written = await (aside ? store.planSchedules(plans) : planShort(short, store, emit));
    if (written === plans.length + short.length || left === 1) return schedule;
  }
};

/**
 * Throws NotFoundError, or ConflictError saying why its status does not allow it. A call whose answer
 * was lost was sent again by the store, and finds it done: that is no conflict.
 */
export const moveSchedule = async (
  id_or_name: string,
  move: ScheduleMove,
  deps: Pick<ScheduleDeps, 'store' | 'emit'>,
): Promise<Schedule> => {
  const { store, emit } = deps;
  const { schedule_id, name, status: before } = await tellUntilNow(id_or_name, move, deps);
  const answer = await store.moveSchedule(schedule_id, move);
  if (answer === null) throw new NotFoundError('schedule', id_or_name);
  const from: readonly ScheduleStatus[] = scheduleMoves[move].from;
  const done = from.includes(before) && answer.schedule.status === scheduleMoves[move].to;
  if (!answer.moved && !done) {
    const { status } = answer.schedule;
    const message = `Schedule "${name}" is ${status}; only one that is ${from.join(' or ')} can be ${verbs[move]}.`;
    throw new ConflictError(message);
  }
  if (move !== 'resume') return answer.schedule;
  await planShort(shortOf(answer.schedule, answer.schedule.updated_at), store, emit);
  return (await getSchedule(schedule_id, store)).schedule;
};

/** Who asks, and from which address. */
export type Asker = Partial<Pick<Job, 'actor' | 'source_ip'>>;

/** A job now, beside the planned times, also while paused. Throws NotFoundError or ConflictError. */
export const triggerSchedule = async (
  id_or_name: string,
  asked_by: Asker,
  { store, newId }: Pick<ScheduleDeps, 'store' | 'newId'>,
): Promise<Triggered & { job_id: string }> => {
  const { schedule } = await getSchedule(id_or_name, store);
  const { schedule_id, name } = schedule;
  const asked = { actor: asked_by.actor ?? null, source_ip: asked_by.source_ip ?? null };
  const request = { schedule_id, job_id: newId(), ...asked, only_if_idle: false };
  const made = await store.triggerSchedule(request);
  if (made === null) throw new NotFoundError('schedule', id_or_name);
  const { job_id } = made;
  if (job_id === null) throw new ConflictError(`Schedule "${name}" is deleted; it makes no jobs.`);
  // Sent again after a lost answer, it finds the job that it made itself.
  const created = made.created || job_id === request.job_id;
  return { ...made, job_id, created };
};

/** When a process of `work` starts: one job of each active schedule that asks for it and is idle. */
export const runOnStartup = async ({
  store,
  newId,
}: Pick<ScheduleDeps, 'store' | 'newId'>): Promise<void> => {
  const wanted = { status: 'active', run_on_startup: true } as const;
  for (const { schedule_id } of await someSchedules(store, wanted)) {
    const request = { schedule_id, job_id: newId(), actor: 'startup', only_if_idle: true };
    await store.triggerSchedule(request);
  }
};
