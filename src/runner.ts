// The runner: what people and programs ask of it, over what drains.
import { type App, given, openApp, type RunnerOptions } from './app.ts';
import { type Applied, type ApplyDeps, type ApplyOptions, applySchedules } from './core/apply.ts';
import { createBudget } from './core/budget.ts';
import type { Claim } from './core/claim.ts';
import { type JobInput, prepareJob } from './core/create.ts';
import { refuseCycles } from './core/cycles.ts';
import type { Registry } from './core/definition.ts';
import type { Job, Move } from './core/job.ts';
import { claimRequest } from './core/pick.ts';
import type { Schedule, ScheduleMove } from './core/schedule.ts';
import type { ScheduleInput } from './core/schedule_input.ts';
import type { ScheduleDetail, ScheduleFilter, Triggered } from './core/schedule_store.ts';
import {
  type Asker,
  createSchedule,
  getSchedule,
  moveSchedule,
  triggerSchedule,
} from './core/schedules.ts';
import { deleteJob, moveJob } from './core/steer.ts';
import type { CreatedJob, Store } from './core/store.ts';
import type { Tally } from './core/tally.ts';
import type { DrainOptions } from './core/trigger.ts';
import { type WorkOptions, work } from './core/work.ts';
import { nearest } from './settings/nearest.ts';
import type { Settings } from './settings.ts';

/** Schedules are named by their name, or by their schedule_id. */
export interface Schedules {
  /**
   * Validates, fills in defaults, creates and plans; throws InputError, or ConflictError (name taken).
   * With a `schedule_id` of the caller's it may be sent again.
   */
  create(input: ScheduleInput, schedule_id?: string): Promise<Schedule>;
  /** With its newest `slots` rows of the ledger; throws NotFoundError. */
  get(id_or_name: string, slots?: number): Promise<ScheduleDetail>;
  list(filter: ScheduleFilter): Promise<Schedule[]>;
  /** Throws NotFoundError, or ConflictError saying why its status does not allow it. */
  move(id_or_name: string, move: ScheduleMove): Promise<Schedule>;
  /**
   * A job now, beside the planned times, also while paused. With a `job_id` of the caller's it may be
   * sent again.
   */
  trigger(
    id_or_name: string,
    asked_by?: Asker,
    job_id?: string,
  ): Promise<Triggered & { job_id: string }>;
  /**
   * Makes the schedules those of a file (`{ defaults, schedules }`) and tells the difference; throws
   * InputError naming every fault, or ConflictError: someone else changed one meanwhile.
   */
  apply(content: unknown, options?: ApplyOptions): Promise<Applied>;
}

export interface Runner extends Pick<App, 'drain' | 'close'> {
  settings: Settings;
  /** for reading: list, show, stats, events, doctor */
  store: Store;
  /** types this instance has code for, sorted */
  job_types: string[];
  /** the code of those types */
  registry: Registry;
  /** Validates, fills in defaults and creates; throws InputError naming every fault. */
  create(job: JobInput): Promise<CreatedJob>;
  /** All or none; jobs may depend on each other by job_id. */
  createMany(jobs: JobInput[]): Promise<CreatedJob[]>;
  /** Throws NotFoundError, or ConflictError saying why the job's status does not allow it. */
  move(job_id: string, move: Move): Promise<Job>;
  /** Deletes the job and all that belongs to it; throws as `move` does. */
  remove(job_id: string): Promise<Job>;
  schedules: Schedules;
  /** The first jobs a drain would pick now, at most `count` (20); changes nothing. */
  preview(options?: Partial<DrainOptions>, count?: number): Promise<Claim>;
  /** Drains again and again until interrupted; sleeps until something is due. */
  work(options: Partial<WorkOptions> & Pick<WorkOptions, 'interrupt'>): Promise<Tally>;
}

const withId = (deps: ApplyDeps, id: string | undefined): ApplyDeps =>
  id === undefined ? deps : { ...deps, newId: () => id };

const scheduleDoors = (deps: ApplyDeps): Schedules => ({
  create: (input, schedule_id) => createSchedule(input, withId(deps, schedule_id)),
  get: (id_or_name, slots) => getSchedule(id_or_name, deps.store, slots),
  list: (filter) => deps.store.listSchedules(filter),
  move: (id_or_name, move) => moveSchedule(id_or_name, move, deps),
  trigger: (id_or_name, asked_by = {}, job_id) =>
    triggerSchedule(id_or_name, asked_by, withId(deps, job_id)),
  apply: (content, options = {}) => applySchedules(content, options, deps),
});

const assemble = ({ settings, store, registry, deps, ...app }: App): Runner => {
  const { newId, clock, emit, lock_duration } = deps;
  const createMany = async (jobs: JobInput[]) => {
    const prepared = await Promise.all(jobs.map((job) => prepareJob(job, registry, newId)));
    refuseCycles(prepared);
    return store.createJobs(prepared);
  };
  return {
    settings,
    store,
    job_types: registry.types,
    registry,
    createMany,
    create: async (job) => (await createMany([job]))[0] as CreatedJob,
    move: (job_id, move) => moveJob(store, job_id, move),
    remove: (job_id) => deleteJob(store, job_id),
    schedules: scheduleDoors({ emit, store, registry, newId, nearest }),
    drain: app.drain,
    preview: (wanted, count = 20) => {
      const trigger = app.trigger();
      const budget = createBudget(clock, trigger.time_left_ms, lock_duration);
      const chosen = app.drainOptions(wanted);
      const amount = Math.min(count, chosen.max_jobs ?? count);
      return store.previewClaim(claimRequest(trigger, chosen, budget, deps, amount));
    },
    work: (wanted) => {
      const poll_interval_seconds = settings.poll_interval;
      const whole = { ...app.drainOptions(), max_jobs: null, poll_interval_seconds };
      return work({ ...whole, ...given(wanted) }, deps);
    },
    close: app.close,
  };
};

/** Opens a runner; throws as `openApp` does. */
export const openRunner = async (options: RunnerOptions = {}): Promise<Runner> =>
  assemble(await openApp(options));
