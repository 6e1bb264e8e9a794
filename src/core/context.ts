// The context job code runs with: everything it may write goes through the fence.
import { ExecutionOverError, InputError, RetryLater } from '../errors.ts';
import { type Clock, sleep } from './clock.ts';
import type { JobContext } from './definition.ts';
import type { RunnerEvent } from './events.ts';
import type { Heartbeat } from './heartbeat.ts';
import type { Pick as Picked } from './job.ts';
import { type Json, toKeptJson } from './json.ts';
import { throttleFaults } from './rules.ts';
import { createSteps } from './steps.ts';
import type { Stop } from './stop.ts';
import type { Hold, LogEntry, RunStore } from './store.ts';
import { keptText } from './text.ts';
import { describeThrown, isError } from './thrown.ts';

const LOG_LENGTH = 4000;
/** of fields as JSON: an Error with its stack fits */
const LOG_FIELDS_LENGTH = 16_000;
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

// A log line must never fail the job, whatever is to be logged.
const printed = (value: unknown): string => {
  try {
    return String(value);
  } catch {
    return Object.prototype.toString.call(value);
  }
};

const logFields = (fields: object): Json => {
  try {
    // An Error has nothing that JSON would show of it.
    const shown = Object.entries(fields).map(([name, value]) => [
      name,
      isError(value) ? { ...describeThrown(value) } : value,
    ]);
    const json = toKeptJson(Object.fromEntries(shown), 'fields');
    const { length } = JSON.stringify(json);
    return length <= LOG_FIELDS_LENGTH ? json : { too_long: length };
  } catch {
    return { not_json: keptText(printed(fields)) };
  }
};

/** `close` ends it: whatever code calls later is refused, or dropped if it is a log line. */
export const createContext = (
  deps: ContextDeps,
): { contextWith: (config: unknown) => JobContext; close: () => void } => {
  const { pick, store, clock, stop, heartbeat, logs, endsAt } = deps;
  const { fence, job } = pick;
  let closed = false;

  const refuseWhenOver = () => {
    if (closed) throw new ExecutionOverError(stop.stopped()?.message ?? 'it has ended');
  };

  const write = async (send: () => Promise<Hold>): Promise<void> => {
    refuseWhenOver();
    const hold = await send();
    heartbeat.heard(hold);
    if (!hold.held) throw stop.stopped() ?? new ExecutionOverError('the lock is lost');
  };

  const log = (level: LogEntry['level']) => (message: string, fields?: object) => {
    if (closed) return;
    const text = keptText(printed(message), LOG_LENGTH);
    const entry: LogEntry = { level, message: text, ...(fields && { fields: logFields(fields) }) };
    logs.push(entry);
    if (logs.length > LOG_LINES) logs.splice(0, logs.length - LOG_LINES);
    deps.emitLog(entry);
  };

  const deadline = () => Math.max(0, endsAt - clock.now());

  const ctx: Omit<JobContext, 'config'> = {
    // Copies: what code does to them changes nothing of ours.
    job: structuredClone(job),
    fence: { ...fence },
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
      if (!(typeof percent === 'number' && percent >= 0 && percent <= 100)) {
        const fault = `${printed(percent)} is no progress; expected a number from 0 to 100`;
        throw new InputError([{ path: 'percent', message: fault }]);
      }
      const said = message === undefined || message === null ? null : printed(message);
      const kept = said === null ? null : keptText(said, LOG_LENGTH);
      const progress = { percent, message: kept };
      await write(() => store.saveProgress(fence, progress));
    },
    log: { debug: log('debug'), info: log('info'), warn: log('warn'), error: log('error') },
    throttle: async (key, seconds) => {
      refuseWhenOver();
      stop.signal.throwIfAborted();
      const faults = throttleFaults(key, seconds);
      if (faults.length > 0) throw new InputError(faults);
      const { taken, wait_seconds } = await store.takeTurn(key, seconds, deadline() / 1000);
      if (!taken) {
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
