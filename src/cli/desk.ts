// What every command works with: where it writes, how it gets settings and a runner, time, and the
// signal that asks it to stop. main.ts fills it in; tests fill it in with their own.
import type { Api, ApiOptions } from '../api.ts';
import type { RunnerOptions } from '../app.ts';
import type { Clock } from '../core/clock.ts';
import type { EarlierSource } from '../core/earlier.ts';
import type { MetricsDeps, ProcessMetrics } from '../http/metrics.ts';
import type { LogEvent } from '../log.ts';
import type { Runner } from '../runner.ts';
import type { Listening, ListenOptions } from '../server.ts';
import type { Flags, ResolvedSettings, Settings } from '../settings.ts';
import type { Output } from './output.ts';

export type JobModule = Required<Pick<RunnerOptions, 'jobs' | 'tasks'>>;

export interface Initialised {
  from: number;
  to: number;
  applied: string[];
  /** rows of the earlier set-up, in words; none = there were none */
  kept?: string;
  /** sentences for the person, such as which access was closed */
  notes: string[];
  /** the store in words, without secrets */
  where: string;
}

/** The doors to the rest of the program. */
export interface Doors {
  resolveSettings(flags: Flags): Promise<ResolvedSettings>;
  openRunner(options: RunnerOptions): Promise<Runner>;
  initStore(settings: Settings): Promise<Initialised>;
  printSchema(settings: Settings): Promise<string>;
  loadJobModule(path: string): Promise<JobModule>;
  openEarlier(address: string): Promise<EarlierSource>;
  readText(path: string): Promise<string>;
  createMetrics(deps: MetricsDeps): Promise<ProcessMetrics>;
  /** with the dashboard's files */
  createApi(options: Omit<ApiOptions, 'assets'>): Promise<Api>;
  listen(options: ListenOptions): Promise<Listening>;
}

export interface Desk extends Doors {
  output: Output;
  clock: Clock;
  /** this machine's time: for showing how long ago, and to compare with the store's */
  today(): Date;
  /** aborted when the person wants this command to end */
  stop: AbortSignal;
}

export interface Opened {
  runner: Runner;
  resolved: ResolvedSettings;
}

type Use = (opened: Opened) => Promise<number>;

const logOf = ({ output }: Desk, { settings }: ResolvedSettings) => output.log(settings.log_level);

const use = async (
  desk: Desk,
  resolved: ResolvedSettings,
  own: Partial<JobModule>,
  emit: (event: LogEvent) => void,
  fn: Use,
): Promise<number> => {
  const { settings } = resolved;
  const runner = await desk.openRunner({ ...own, settings, emit });
  try {
    return await fn({ runner, resolved });
  } finally {
    await runner.close();
  }
};

/**
 * Reads the settings, opens a runner and closes it whatever comes. The number `fn` answers is the
 * exit code. The person's own job types are not loaded: for commands that only look and steer.
 */
export const withRunner = async (desk: Desk, flags: Flags, fn: Use): Promise<number> => {
  const resolved = await desk.resolveSettings(flags);
  return use(desk, resolved, {}, logOf(desk, resolved), fn);
};

/** With the person's own job types, whose module is run, and with more ears than those of the log. */
export const withOwnTypesOf = async (
  desk: Desk,
  resolved: ResolvedSettings,
  emit: (event: LogEvent) => void,
  fn: Use,
): Promise<number> => {
  const { jobs } = resolved.settings;
  return use(desk, resolved, jobs === null ? {} : await desk.loadJobModule(jobs), emit, fn);
};

/** As `withRunner`, with the person's own job types: for commands that need to know them. */
export const withOwnTypes = async (desk: Desk, flags: Flags, fn: Use): Promise<number> => {
  const resolved = await desk.resolveSettings(flags);
  return withOwnTypesOf(desk, resolved, logOf(desk, resolved), fn);
};
