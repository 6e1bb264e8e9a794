// The context job code runs with: everything it may write goes through the fence.
import { ExecutionOverError, InputError, RetryLater } from '../errors.ts';
import { type Clock, sleep } from './clock.ts';
import type { JobContext } from './definition.ts';
import type { RunnerEvent } from './events.ts';
import type { Heartbeat } from './heartbeat.ts';
import type { Pick as Picked } from './job.ts';
import { type Json, toJson } from './json.ts';
import { createSteps } from './steps.ts';
import type { Stop } from './stop.ts';
import type { Hold, LogEntry, RunStore } from './store.ts';

const LOG_LENGTH = 4000;
/** Lines waiting for the next heartbeat; the oldest go when code logs faster than it beats. */
const LOG_LINES = 1000;

interface ContextDeps {
  pick: Picked;
  store: RunStore;
  clock: Clock;
  stop: Stop;
  heartbeat: Heartbeat;
  logs: LogEntry[];
  /** clock time at which the code will be aborted at the latest */
  endsAt: number;
  emitLog: (entry: LogEntry) => void;
  emitStep: (of: Pick<RunnerEvent & { event: 'step.done' }, 'step' | 'replayed'>) => void;
}

const logFields = (fields: object): Json => {
  try {
    return toJson(fields, 'fields');
  } catch {
    return { not_json: String(fields) }; // a log line must never fail the job
  }
};

/** `close` ends it: whatever code calls later is refused, or dropped if it is a log line. */
export const createContext = (
  deps: ContextDeps,
): { contextWith: (config: unknown) => JobContext; close: () => void } => {
  const { pick, store, clock, stop, heartbeat, logs, endsAt } = deps;
  const { fence, job } = pick;
  let closed = false;

  const write = async (send: () => Promise<Hold>): Promise<void> => {
    if (closed) throw new ExecutionOverError(stop.stopped()?.message ?? 'it has ended');
    const hold = await send();
    heartbeat.heard(hold);
    if (!hold.held) throw stop.stopped() ?? new ExecutionOverError('the lock is lost');
  };

  const log = (level: LogEntry['level']) => (message: string, fields?: object) => {
    if (closed) return;
    const text = String(message).slice(0, LOG_LENGTH);
    const entry: LogEntry = { level, message: text, ...(fields && { fields: logFields(fields) }) };
    logs.push(entry);
    if (logs.length > LOG_LINES) logs.shift();
    deps.emitLog(entry);
  };

  const deadline = () => Math.max(0, endsAt - clock.now());

  const ctx: Omit<JobContext, 'config'> = {
    job,
    fence,
    started_at: pick.started_at,
    signal: stop.signal,
    deadline,
    step: createSteps({
      store,
      fence,
      signal: stop.signal,
      write,
      onDone: (step, replayed) => deps.emitStep({ step, replayed }),
    }),
    progress: async (percent, message) => {
      stop.signal.throwIfAborted();
      if (!(percent >= 0 && percent <= 100)) {
        const fault = `${percent} is no progress; expected a number from 0 to 100`;
        throw new InputError([{ path: 'percent', message: fault }]);
      }
      await write(() => store.saveProgress(fence, { percent, message: message ?? null }));
    },
    log: { debug: log('debug'), info: log('info'), warn: log('warn'), error: log('error') },
    throttle: async (key, seconds) => {
      stop.signal.throwIfAborted();
      const { wait_seconds } = await store.takeTurn(key, seconds);
      if (wait_seconds * 1000 >= deadline()) {
        throw new RetryLater(wait_seconds, `the limiter "${key}" is busy for ${wait_seconds} s`);
      }
      if (wait_seconds > 0) await sleep(clock, wait_seconds * 1000, stop.signal);
    },
  };
  return {
    contextWith: (config) => ({ ...ctx, config }),
    close: () => {
      closed = true;
    },
  };
};
