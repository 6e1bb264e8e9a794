// One invocation of a cloud function, whatever the cloud: an understood event in, one drain, an answer
// out. A failed job is an answer; a store that cannot be reached, or settings that cannot be used, throw.
import { initStore, openApp, type RunnerOptions } from './app.ts';
import { emptyTally, type Tally } from './core/tally.ts';
import type { Wake } from './core/wake.ts';
import { RunnerError } from './errors.ts';
import { guard } from './guard.ts';
import { takeOver } from './host.ts';
import { createLog, type LogOptions, writeToStderr } from './log.ts';
import { loadSettings, type Settings } from './settings.ts';

export interface Invocation {
  /** Throws an InputError for an event that is none of ours. */
  understand: () => Wake;
  /** milliseconds until the platform ends this invocation; null = it does not say */
  time_left_ms: number | null;
  /** seconds it certainly has, where neither the platform nor JOB_DEADLINE says more; null = no end */
  least_seconds: number | null;
  /** aborted when the platform gives this invocation up */
  given_up?: AbortSignal;
  /** the platform's own fields of a log line */
  fields: NonNullable<LogOptions['fields']>;
}

/** What an invocation came to, for dashboards and `invoke local`. */
export interface Answer {
  /** executions */
  picked: number;
  /** how many of them ended in which way */
  outcomes: Tally['outcomes'];
  /** why it stopped: `empty`, `limit`, `deadline`, `interrupted`, `too_long` */
  reason: Tally['stopped'];
  /** seconds */
  duration: number;
}

/** A SQLite file: somebody's own machine. */
export const isFile = ({ database_url }: Settings) => database_url?.startsWith('sqlite:') ?? false;

export type OwnJobs = Pick<RunnerOptions, 'jobs' | 'tasks'>;

/**
 * Called when a function's file is loaded: runs once through all that an invocation begins with, since
 * platforms give more processor time to that moment than to an invocation. Leaves nothing open; whatever
 * is wrong, the first invocation tells.
 */
export const warmUp = async (own: OwnJobs): Promise<void> => {
  try {
    const settings = await loadSettings();
    if (isFile(settings)) return;
    await (await openApp({ ...own, settings })).close();
  } catch {
    // Told by the first invocation, to whoever waits for it.
  }
};

/** The nearer of the platform's deadline, of which `gone_ms` are over, and JOB_DEADLINE. */
const timeLeft = (
  { time_left_ms, least_seconds }: Invocation,
  { deadline }: Settings,
  gone_ms: number,
): number | null => {
  const least = deadline === null && least_seconds !== null ? least_seconds * 1000 : null;
  const platform = time_left_ms ?? least;
  if (platform === null) return deadline === null ? null : deadline * 1000;
  const set = deadline === null ? Number.POSITIVE_INFINITY : deadline * 1000;
  return Math.min(platform - gone_ms, set);
};

/** A drain by `settings`; `began` is when the platform's time did. Fills in `tally` on the way. */
const drainOnce = async (
  invocation: Invocation,
  began: number,
  settings: Settings,
  options: Pick<RunnerOptions, 'jobs' | 'tasks' | 'emit'>,
  interrupt: AbortSignal,
  tally: Tally,
): Promise<void> => {
  const { source, id, ...wanted } = invocation.understand();
  // There nothing is gained by sending the person to `init`.
  if (isFile(settings)) await initStore(settings);
  const app = await openApp({ ...options, settings });
  try {
    // A file that others are busy with may have taken a while to open.
    const time_left_ms = timeLeft(invocation, settings, performance.now() - began);
    await app.drain({ source, id, time_left_ms }, { ...wanted, interrupt }, tally);
  } finally {
    await app.close();
  }
};

/**
 * Runs one drain. Whatever is thrown was logged, with what had been done by then; nothing stays open.
 */
export const invoke = (invocation: Invocation, own: OwnJobs): Promise<Answer> => {
  const began = performance.now();
  const { fields, given_up } = invocation;
  const output = { write: writeToStderr, readable: false, fields };
  let log = createLog({ ...output, level: 'info' });
  const tally = emptyTally();
  return takeOver(async (signalled) => {
    const stop = given_up ? AbortSignal.any([signalled, given_up]) : signalled;
    try {
      const settings = await loadSettings();
      log = createLog({ ...output, level: settings.log_level });
      const options = { ...own, emit: log };
      await guard(stop, log, (interrupt) =>
        drainOnce(invocation, began, settings, options, interrupt, tally),
      );
    } catch (error) {
      const known = error instanceof RunnerError;
      const code = known ? error.code : 'unexpected';
      const reason = error instanceof Error ? error.message : String(error);
      const { picked, outcomes } = tally;
      log({ event: 'invocation.failed', code, reason, picked, outcomes });
      throw error;
    }
    const { picked, outcomes, stopped, duration_seconds } = tally;
    return { picked, outcomes, reason: stopped, duration: Number(duration_seconds.toFixed(3)) };
  });
};
