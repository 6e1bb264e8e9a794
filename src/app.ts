// The composition root: settings → store → definitions → what drains. The only file that constructs.
import { createWebhook } from './alerts/webhook.ts';
import { systemClock } from './clock.ts';
import type { Alerting } from './core/alerting.ts';
import { type AnyDefinition, createRegistry, type Registry } from './core/definition.ts';
import { type DrainDeps, drain } from './core/drain.ts';
import type { Emit } from './core/events.ts';
import { patient } from './core/resend.ts';
import type { Store } from './core/store.ts';
import type { Tally } from './core/tally.ts';
import type { DrainOptions, Trigger } from './core/trigger.ts';
import { newId } from './ids.ts';
import type { Tasks } from './jobs/custom.ts';
import { maskOf } from './jobs/http_request/secrets.ts';
import { shippedJobs } from './jobs/index.ts';
import { secretTexts } from './settings/secret_texts.ts';
import { loadSettings, type Settings } from './settings.ts';
import { migrateStore, openStore, printSchema as printStoreSchema } from './stores/open.ts';

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

/** All that a drain needs, put together: the whole of what a cloud function loads. */
export interface App {
  settings: Settings;
  /** sends what is not answered again */
  store: Store;
  /** the code of the types this instance knows */
  registry: Registry;
  /** of a drain, which gets the store itself: it has a deadline to keep */
  deps: DrainDeps;
  /** by the settings, unless told otherwise */
  trigger(given?: Partial<Trigger>): Trigger;
  drainOptions(given?: Partial<DrainOptions>): DrainOptions;
  /**
   * One drain: pick, execute, record, until empty, limit or deadline. `tally` is filled in on the way:
   * it holds what was done when the drain throws.
   */
  drain(trigger?: Partial<Trigger>, options?: Partial<DrainOptions>, tally?: Tally): Promise<Tally>;
  close(): Promise<void>;
}

/** Creates or upgrades the tables; safe to run again and by many at once. */
export const initStore = (settings: Settings): ReturnType<typeof migrateStore> =>
  migrateStore(settings);

/** The SQL of all tables, as text. */
export const printSchema = (settings: Settings): Promise<string> => printStoreSchema(settings);

/** Without what was given as `undefined`, which JavaScript often means as "not given". */
export const given = <Options extends object>(options: Options): Options =>
  Object.fromEntries(Object.entries(options).filter(([, value]) => value !== undefined)) as Options;

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

const assemble = (opened: Store, settings: Settings, options: RunnerOptions): App => {
  const { instance_id, lock_duration } = settings;
  const own = {
    clock: systemClock,
    random: Math.random,
    emit: options.emit ?? (() => undefined),
  };
  const store = patient(opened, own);
  const registry = knownTypes(store, settings, options);
  const alerting = alertingBy(settings);
  const ids = { instance_id, lock_duration, newId };
  const deps: DrainDeps = { ...own, ...ids, store: opened, registry, alerting };
  const trigger = (more: Partial<Trigger> = {}): Trigger => ({
    source: 'cli',
    id: null,
    time_left_ms: settings.deadline === null ? null : settings.deadline * 1000,
    ...given(more),
  });
  const drainOptions = (more: Partial<DrainOptions> = {}): DrainOptions => ({
    max_jobs: settings.max_jobs,
    job_types: null,
    priority: null,
    interrupt: null,
    ...given(more),
  });
  return {
    settings,
    store,
    registry,
    deps,
    trigger,
    drainOptions,
    drain: (why, wanted, tally) => drain(trigger(why), drainOptions(wanted), deps, tally),
    close: () => opened.close(),
  };
};

/**
 * Opens the store and puts together what drains. Throws SettingsError, InputError (two job types of one
 * name), SchemaError (tables missing, older or newer) or StoreUnavailableError.
 */
export const openApp = async (options: RunnerOptions = {}): Promise<App> => {
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
