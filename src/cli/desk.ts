// What every command works with: where it writes, how it gets settings and a runner, time, and the
// signal that asks it to stop. main.ts fills it in; tests fill it in with their own.
import type { Runner, RunnerOptions } from '../app.ts';
import type { Clock } from '../core/clock.ts';
import type { Flags, ResolvedSettings, Settings } from '../settings.ts';
import type { Output } from './output.ts';

export type JobModule = Required<Pick<RunnerOptions, 'jobs' | 'tasks'>>;

/** The doors to the rest of the program. */
export interface Doors {
  resolveSettings(flags: Flags): Promise<ResolvedSettings>;
  openRunner(options: RunnerOptions): Promise<Runner>;
  initStore(settings: Settings): Promise<{ from: number; to: number; applied: string[] }>;
  printSchema(settings: Settings): Promise<string>;
  loadJobModule(path: string): Promise<JobModule>;
  readText(path: string): Promise<string>;
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

/**
 * Reads the settings, opens a runner with the person's own job types, and closes it whatever comes.
 * The number `use` answers is the exit code.
 */
export const withRunner = async (
  desk: Desk,
  flags: Flags,
  use: (opened: Opened) => Promise<number>,
): Promise<number> => {
  const resolved = await desk.resolveSettings(flags);
  const { settings } = resolved;
  const own = settings.jobs === null ? {} : await desk.loadJobModule(settings.jobs);
  const emit = desk.output.log(settings.log_level);
  const runner = await desk.openRunner({ ...own, settings, emit });
  try {
    return await use({ runner, resolved });
  } finally {
    await runner.close();
  }
};
