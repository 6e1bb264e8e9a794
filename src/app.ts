// The composition root: settings → store → definitions → a runner. The only file that constructs.
import { createWebhook } from './alerts/webhook.ts';
import { systemClock } from './clock.ts';
import type { Alerting } from './core/alerting.ts';
import { type Applied, type ApplyDeps, type ApplyOptions, applySchedules } from './core/apply.ts';
import { createBudget } from './core/budget.ts';
import type { Claim } from './core/claim.ts';
import { type JobInput, prepareJob } from './core/create.ts';
import { refuseCycles } from './core/cycles.ts';
import { type AnyDefinition, createRegistry, type Registry } from './core/definition.ts';
import { type DrainDeps, drain } from './core/drain.ts';
import type { Emit } from './core/events.ts';
import type { Job, Move } from './core/job.ts';
import { claimRequest } from './core/pick.ts';
import { PATIENCE_MS, resending } from './core/resend.ts';
import type { Schedule, ScheduleMove } from './core/schedule.ts';
import type { ScheduleInput } from './core/schedule_input.ts';
import type { ScheduleDetail, ScheduleFilter, Triggered } from './core/schedule_store.ts';
import { createSchedule, getSchedule, moveSchedule, triggerSchedule } from './core/schedules.ts';
import { deleteJob, moveJob } from './core/steer.ts';
import type { CreatedJob, Store } from './core/store.ts';
import type { Tally } from './core/tally.ts';
import type { DrainOptions, Trigger } from './core/trigger.ts';
import { type WorkOptions, work } from './core/work.ts';
import { newId } from './ids.ts';
import type { Tasks } from './jobs/custom.ts';
import { maskOf } from './jobs/http_request/secrets.ts';
import { shippedJobs } from './jobs/index.ts';
import { nearest } from './settings/nearest.ts';
import { secretTexts } from './settings/secret_texts.ts';
import { loadSettings, type Settings } from './settings.ts';
import { migrateStore, openStore, printSchema as printStoreSchema } from './stores/open.ts';

/** Schedules are named by their name, or by their schedule_id. */
export interface Schedules {
  /** Validates, fills in defaults, creates and plans; throws InputError, or ConflictError (name taken). */
  create(input: ScheduleInput): Promise<Schedule>;
  /** With its newest `slots` rows of the ledger; throws NotFoundError. */
  get(id_or_name: string, slots?: number): Promise<ScheduleDetail>;
  list(filter: ScheduleFilter): Promise<Schedule[]>;
  /** Throws NotFoundError, or ConflictError saying why its status does not allow it. */
  move(id_or_name: string, move: ScheduleMove): Promise<Schedule>;
  /** A job now, beside the planned times, also while paused. */
  trigger(id_or_name: string, actor?: string): Promise<Triggered & { job_id: string }>;
  /**
   * Makes the schedules those of a file (`{ defaults, schedules }`) and tells the difference; throws
   * InputError naming every fault, or ConflictError: someone else changed one meanwhile.
   */
  apply(content: unknown, options?: ApplyOptions): Promise<Applied>;
}

export interface Runner {
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
  /**
   * One drain: pick, execute, record, until empty, limit or deadline. `tally` is filled in on the way:
   * it holds what was done when the drain throws.
   */
  drain(trigger?: Partial<Trigger>, options?: Partial<DrainOptions>, tally?: Tally): Promise<Tally>;
  /** The first jobs a drain would pick now, at most `count` (20); changes nothing. */
  preview(options?: Partial<DrainOptions>, count?: number): Promise<Claim>;
  /** Drains again and again until interrupted; sleeps until something is due. */
  work(options: Partial<WorkOptions> & Pick<WorkOptions, 'interrupt'>): Promise<Tally>;
  close(): Promise<void>;
}

export interface RunnerOptions {
  /** own job types, besides those shipped */
  jobs?: AnyDefinition[];
  /** functions of the `custom` job type, by task_type */
  tasks?: Tasks;
  /** over what flags, environment, .env and config.yaml give */
  settings?: Partial<Settings>;
  /** create or upgrade the tables first */
  init?: boolean;
  /** hears everything the runner says of itself; silent unless given */
  emit?: Emit;
}

/** Creates or upgrades the tables; safe to run again and by many at once. */
export const initStore = (settings: Settings): ReturnType<typeof migrateStore> =>
  migrateStore(settings);

/** The SQL of all tables, as text. */
export const printSchema = (settings: Settings): Promise<string> => printStoreSchema(settings);

/** Without what was given as `undefined`, which JavaScript often means as "not given". */
const given = <Options extends object>(options: Options): Options =>
  Object.fromEntries(Object.entries(options).filter(([, value]) => value !== undefined)) as Options;

const wholeDrain = (settings: Settings, options: Partial<DrainOptions> = {}): DrainOptions => ({
  max_jobs: settings.max_jobs,
  job_types: null,
  priority: null,
  interrupt: null,
  ...given(options),
});

/** Settings resolved before are taken as they are; others are checked, and the rest is looked up. */
const settle = async (settings: RunnerOptions['settings'] = {}): Promise<Settings> =>
  'secrets' in settings ? (settings as Settings) : loadSettings({ flags: settings });

const knownTypes = (store: Store, settings: Settings, { tasks = {}, jobs = [] }: RunnerOptions) => {
  const { arxiv_api_url, secrets } = settings;
  const http = {
    allow_private: settings.http_request_allow_private,
    secret_names: settings.http_request_secrets,
    secrets,
  };
  return createRegistry([...shippedJobs({ store, arxiv_api_url, http, tasks }), ...jobs]);
};

/** Errors of jobs go out of the house by it: without any secret that this process knows. */
const alertingBy = (settings: Settings): Alerting | null => {
  const { alert_webhook_url: url, alert_after: after, alert_slow_times: slow_times } = settings;
  if (url === null) return null;
  const { http_request_secrets: secret_names, secrets: values } = settings;
  const mask = maskOf({ secret_names, values }, secretTexts(settings));
  return createWebhook({ url, after, slow_times, mask });
};

const scheduleDoors = (deps: ApplyDeps): Schedules => ({
  create: (input) => createSchedule(input, deps),
  get: (id_or_name, slots) => getSchedule(id_or_name, deps.store, slots),
  list: (filter) => deps.store.listSchedules(filter),
  move: (id_or_name, move) => moveSchedule(id_or_name, move, deps),
  trigger: (id_or_name, actor) => triggerSchedule(id_or_name, actor ?? null, deps),
  apply: (content, options = {}) => applySchedules(content, options, deps),
});

/** From an open store to a runner; a drain gets the store itself, for it has a deadline to keep. */
const assemble = (opened: Store, settings: Settings, options: RunnerOptions): Runner => {
  const { instance_id, lock_duration } = settings;
  const own = {
    clock: systemClock,
    random: Math.random,
    emit: options.emit ?? (() => undefined),
  };
  const store = resending(opened, { ...own, patienceMs: () => PATIENCE_MS, interrupt: null });
  const registry = knownTypes(store, settings, options);
  const alerting = alertingBy(settings);
  const ids = { instance_id, lock_duration, newId };
  const deps: DrainDeps = { ...own, ...ids, store: opened, registry, alerting };
  const createMany = async (jobs: JobInput[]) => {
    const prepared = await Promise.all(jobs.map((job) => prepareJob(job, registry, newId)));
    refuseCycles(prepared);
    return store.createJobs(prepared);
  };
  const wake = (trigger: Partial<Trigger> = {}): Trigger => ({
    source: 'cli',
    id: null,
    time_left_ms: settings.deadline === null ? null : settings.deadline * 1000,
    ...given(trigger),
  });
  return {
    settings,
    store,
    job_types: registry.types,
    registry,
    createMany,
    create: async (job) => (await createMany([job]))[0] as CreatedJob,
    move: (job_id, move) => moveJob(store, job_id, move),
    remove: (job_id) => deleteJob(store, job_id),
    schedules: scheduleDoors({ ...own, store, registry, newId, nearest }),
    drain: (trigger, wanted, tally) =>
      drain(wake(trigger), wholeDrain(settings, wanted), deps, tally),
    preview: (wanted, count = 20) => {
      const budget = createBudget(systemClock, wake().time_left_ms, lock_duration);
      const chosen = wholeDrain(settings, wanted);
      const amount = Math.min(count, chosen.max_jobs ?? count);
      return store.previewClaim(claimRequest(wake(), chosen, budget, deps, amount));
    },
    work: (wanted) => {
      const poll_interval_seconds = settings.poll_interval;
      return work(
        { ...wholeDrain(settings), max_jobs: null, poll_interval_seconds, ...given(wanted) },
        deps,
      );
    },
    close: () => opened.close(),
  };
};

/**
 * Opens the store and puts a runner together. Throws SettingsError, InputError (two job types of one
 * name), SchemaError (tables missing, older or newer) or StoreUnavailableError.
 */
export const openRunner = async (options: RunnerOptions = {}): Promise<Runner> => {
  const settings = await settle(options.settings);
  if (options.init) await initStore(settings);
  const opened = await openStore(settings);
  try {
    return assemble(opened, settings, options);
  } catch (error) {
    await opened.close();
    throw error;
  }
};
