// Executing: runs one picked job's code and maps whatever happens to an outcome. Never throws.
import type { Budget } from './budget.ts';
import { type Clock, sleep } from './clock.ts';
import { createContext } from './context.ts';
import { type AnyDefinition, type JobContext, parseConfig, policyOf } from './definition.ts';
import type { Emit } from './events.ts';
import { startHeartbeat } from './heartbeat.ts';
import type { Pick } from './job.ts';
import { type Json, toJson } from './json.ts';
import { type Outcome, ofStopped, ofThrown, withoutProgress } from './outcome.ts';
import { createStop, followInterrupt, type Stop, StoppedError } from './stop.ts';
import type { LogEntry, RunStore } from './store.ts';
import { createStretch } from './stretch.ts';

/** How long stopped code may take to come to its end before we go on without it. */
const GRACE_MS = 2000;

export interface ExecuteDeps {
  store: RunStore;
  clock: Clock;
  budget: Budget;
  interrupt: AbortSignal | null;
  emit: Emit;
  /** clock time at which the lock of the pick may run out */
  lockedUntil: number;
  /** the pick was asked for when hardly any time was used up */
  fresh: boolean;
}

export interface Executed {
  outcome: Outcome;
  /** log lines that no heartbeat took along; recorded with the outcome */
  logs: LogEntry[];
  /** of ExecutionRecord */
  stretch_seconds: number | null;
}

/**
 * Runs the code and maps its end. Code that ends in peace after it was stopped may have ended early,
 * so its answer is not trusted: why it was stopped decides.
 */
const runCode = async (
  definition: AnyDefinition,
  config: Json,
  contextWith: (config: unknown) => JobContext,
  stop: Stop,
  clock: Clock,
): Promise<Outcome> => {
  let outcome: Outcome;
  try {
    const ctx = contextWith(await parseConfig(definition, config));
    stop.signal.throwIfAborted();
    outcome = { status: 'success', result: toJson(await definition.run(ctx as never), 'result') };
  } catch (thrown) {
    outcome = ofThrown(thrown);
  }
  const stopped = stop.stopped();
  if (stopped !== null) return ofStopped(stopped);
  // A promise that the code left rejected is told of now, while it is still this code's fault.
  await clock.turn();
  const after = stop.stopped();
  return after?.why === 'crash' ? ofStopped(after) : outcome;
};

/** Resolves once stopped code has had its time to come to an end. */
const patience = async (stop: Stop, clock: Clock, budget: Budget, over: AbortSignal) => {
  await new Promise<void>((resolve) => {
    if (stop.signal.aborted) resolve();
    stop.signal.addEventListener('abort', () => resolve(), { once: true, signal: over });
  });
  await sleep(clock, Math.min(GRACE_MS, Math.max(0, budget.left() / 2)), over);
};

/** Runs the code of one pick. If the process dies here the lock expires and the job is retried. */
export const execute = async (
  pick: Pick,
  definition: AnyDefinition,
  deps: ExecuteDeps,
): Promise<Executed> => {
  const { store, clock, budget, interrupt, emit, lockedUntil, fresh } = deps;
  const { fence, job } = pick;
  const logs: LogEntry[] = [];
  const stop = createStop();
  const unfollow = followInterrupt(stop, interrupt);
  const timeout = job.timeout_seconds ?? policyOf(definition).timeout_seconds;
  const workLeft = budget.workLeft();
  const began = clock.now();
  const stretch = createStretch(clock);
  const endsAt = clock.now() + Math.min(timeout * 1000, workLeft);
  const stopTimer = clock.after(endsAt - clock.now(), () => {
    if (workLeft < timeout * 1000) stop.stop('deadline', "stopped before the platform's deadline");
    else stop.stop('timeout', `took longer than ${timeout} s`);
  });
  // Code that has not begun cannot be at fault, and none begins when its time is over.
  if (workLeft <= 0) stop.stop('deadline', "stopped before the platform's deadline");
  const early = stop.stopped();
  const begun = early?.why === 'crash' ? new StoppedError('interrupt', early.message) : early;
  const lockSeconds = () => budget.lockSeconds();
  const heartbeat = startHeartbeat({
    store,
    clock,
    fence,
    stop,
    lockSeconds,
    logs,
    lockedUntil,
  });
  const of = { ...fence, name: job.name, job_type: job.job_type };
  const { contextWith, close } = createContext({
    pick,
    store,
    clock,
    stop,
    heartbeat,
    logs,
    endsAt,
    emitLog: (entry) => emit({ event: 'job.log', ...of, ...entry }),
    emitStep: (step) => {
      if (!step.replayed) stretch.saved();
      emit({ event: 'step.done', ...of, ...step });
    },
  });
  const over = new AbortController();
  const waited = patience(stop, clock, budget, over.signal).then(
    () => ofStopped(stop.stopped() as StoppedError),
    () => null as never, // the code came to its end first
  );
  try {
    if (begun !== null) return { outcome: ofStopped(begun), logs, stretch_seconds: null };
    const ended = await Promise.race([
      runCode(definition, job.config, contextWith, stop, clock),
      waited,
    ]);
    const why = stop.stopped()?.why ?? null;
    const cut = why === 'deadline' && ended.status === 'yielded' && !stretch.advanced();
    // A job that was never begun before may have met with chance: a slow answer, a cold start.
    const inVain = cut && fresh && fence.lock_epoch > job.current_retries + 1;
    if (!inVain) return { outcome: ended, logs, stretch_seconds: stretch.learned(ended, why) };
    // It says nothing new of its type: or one job that hangs would shut out all the others.
    const outcome = withoutProgress((clock.now() - began) / 1000);
    return { outcome, logs, stretch_seconds: null };
  } finally {
    over.abort();
    close();
    heartbeat.end();
    stopTimer();
    unfollow();
  }
};
