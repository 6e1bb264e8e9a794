// Executing: runs one picked job's code and maps whatever happens to an outcome. Never throws.
import { InputError, isDiscard, isRetryLater } from '../errors.ts';
import type { Budget } from './budget.ts';
import { type Clock, sleep } from './clock.ts';
import { createContext } from './context.ts';
import { type AnyDefinition, type JobContext, parseConfig } from './definition.ts';
import type { Emit } from './events.ts';
import { startHeartbeat } from './heartbeat.ts';
import type { Pick } from './job.ts';
import { toJson } from './json.ts';
import type { Outcome } from './retry.ts';
import { createStop, followInterrupt, type Stop, type StoppedError } from './stop.ts';
import type { LogEntry, RunStore } from './store.ts';
import { describeThrown } from './thrown.ts';

/** Seconds one execution may take when neither the job nor its type says. */
export const DEFAULT_TIMEOUT_SECONDS = 30 * 60;
/** RetryLater(0) must not keep one drain busy with one job for ever. */
const LEAST_DELAY_SECONDS = 1;
/** How long stopped code may take to come to its end before we go on without it. */
const GRACE_MS = 2000;

export interface ExecuteDeps {
  store: RunStore;
  clock: Clock;
  budget: Budget;
  interrupt: AbortSignal | null;
  emit: Emit;
}

export interface Executed {
  outcome: Outcome;
  /** log lines that no heartbeat took along; recorded with the outcome */
  logs: LogEntry[];
}

const ofStopped = (stopped: StoppedError): Outcome => {
  const error = { name: 'StoppedError', message: stopped.message, stack: null };
  switch (stopped.why) {
    case 'timeout':
      return { status: 'timeout', error, final: false };
    case 'cancel':
      return { status: 'cancelled', error };
    case 'lost':
      return { status: 'lost', reason: stopped.message };
    case 'crash':
      return { status: 'failed', error: describeThrown(stopped.cause ?? stopped), final: false };
    default:
      return { status: 'yielded', error, delay_seconds: 0 };
  }
};

const ofThrown = (thrown: unknown): Outcome => {
  const error = describeThrown(thrown);
  if (isRetryLater(thrown)) {
    const { delaySeconds } = thrown;
    if (Number.isFinite(delaySeconds) && delaySeconds >= 0) {
      const delay_seconds = Math.max(LEAST_DELAY_SECONDS, delaySeconds);
      return { status: 'yielded', error, delay_seconds };
    }
    error.message = `RetryLater with a delay of ${delaySeconds} s; expected a number of 0 or more (${error.message})`;
  }
  // What cannot be stored now cannot be stored next time: a retry would only repeat the work.
  return { status: 'failed', error, final: isDiscard(thrown) || thrown instanceof InputError };
};

/**
 * Runs the code and maps its end. Code that ends in peace after it was stopped may have ended early,
 * so its answer is not trusted: why it was stopped decides.
 */
const runCode = async (
  definition: AnyDefinition,
  ctx: JobContext,
  stop: Stop,
): Promise<Outcome> => {
  let outcome: Outcome;
  try {
    outcome = { status: 'success', result: toJson(await definition.run(ctx as never), 'result') };
  } catch (thrown) {
    outcome = ofThrown(thrown);
  }
  const stopped = stop.stopped();
  return stopped === null ? outcome : ofStopped(stopped);
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
  const { store, clock, budget, interrupt, emit } = deps;
  const { fence, job } = pick;
  const logs: LogEntry[] = [];
  const parsed = await parseConfig(definition, job.config).catch((thrown) => ({
    problems: [{ path: 'config', message: describeThrown(thrown).message }],
  }));
  if ('problems' in parsed) {
    const refused = new InputError(parsed.problems, `Config of ${job.job_type} refused`);
    return { outcome: { ...ofThrown(refused), final: true } as Outcome, logs };
  }

  const stop = createStop();
  const unfollow = followInterrupt(stop, interrupt);
  const timeout = job.timeout_seconds ?? definition.timeout ?? DEFAULT_TIMEOUT_SECONDS;
  const workLeft = budget.workLeft();
  const endsAt = clock.now() + Math.min(timeout * 1000, workLeft);
  const stopTimer = clock.after(endsAt - clock.now(), () => {
    if (workLeft < timeout * 1000) stop.stop('deadline', "stopped before the platform's deadline");
    else stop.stop('timeout', `took longer than ${timeout} s`);
  });
  const lockSeconds = () => budget.lockSeconds();
  const heartbeat = startHeartbeat({ store, clock, fence, stop, lockSeconds, logs });
  const of = { ...fence, name: job.name, job_type: job.job_type };
  const { ctx, close } = createContext({
    pick,
    config: parsed.config,
    store,
    clock,
    stop,
    heartbeat,
    logs,
    endsAt,
    emitLog: (entry) => emit({ event: 'job.log', ...of, ...entry }),
    emitStep: (step) => emit({ event: 'step.done', ...of, ...step }),
  });
  const over = new AbortController();
  const waited = patience(stop, clock, budget, over.signal).then(
    () => ofStopped(stop.stopped() as StoppedError),
    () => null as never, // the code came to its end first
  );
  const begun = stop.stopped();
  const outcome = await (begun === null
    ? Promise.race([runCode(definition, ctx, stop), waited])
    : ofStopped(begun));
  over.abort();
  close();
  heartbeat.end();
  stopTimer();
  unfollow();
  return { outcome, logs };
};
