// While jobs run, code that is not ours may throw where nobody listens: that must end the running
// execution as a failure, with a line in the log, and never the process in the middle of a write.
import { StoppedError } from './core/stop.ts';
import { describeThrown, isError } from './core/thrown.ts';
import { ExecutionOverError } from './errors.ts';
import type { LogEvent } from './log.ts';

type Origin = Extract<LogEvent, { event: 'code.faulted' }>['origin'];

const asError = (thrown: unknown): Error =>
  isError(thrown) ? thrown : new Error(describeThrown(thrown).message);

const isOurs = (error: unknown): boolean =>
  error instanceof StoppedError || error instanceof ExecutionOverError;

/** What code that was stopped, or is over, leaves behind: the fence held, nothing is broken. */
export const isAftermath = (thrown: unknown): boolean =>
  isOurs(thrown) || (isError(thrown) && isOurs(thrown.cause));

/**
 * Runs `drain` with a signal that is aborted by `stop`, its reason kept, and by a stray error of job
 * code, with that Error as the reason. The process's own listeners stay only as long as it runs.
 */
export const guard = async <Result>(
  stop: AbortSignal,
  log: (event: LogEvent) => void,
  drain: (interrupt: AbortSignal) => Promise<Result>,
): Promise<Result> => {
  const fault = new AbortController();
  const onFault = (origin: Origin) => (thrown: unknown) => {
    const error = asError(thrown);
    const { message, stack } = describeThrown(error);
    log({ event: 'code.faulted', origin, message, stack: error === thrown ? stack : null });
    if (!isAftermath(error)) fault.abort(error);
  };
  const onException = onFault('uncaughtException');
  const onRejection = onFault('unhandledRejection');
  const onStop = () => log({ event: 'process.signalled', signal: String(stop.reason) });
  process.on('uncaughtException', onException);
  process.on('unhandledRejection', onRejection);
  if (stop.aborted) onStop();
  else stop.addEventListener('abort', onStop, { once: true });
  try {
    return await drain(AbortSignal.any([stop, fault.signal]));
  } finally {
    stop.removeEventListener('abort', onStop);
    process.off('unhandledRejection', onRejection);
    process.off('uncaughtException', onException);
  }
};
