// The log: the one subscriber of the runner's events. Programs read a JSON object a line, people at
// a terminal a short sentence.
import { stripVTControlCharacters } from 'node:util';
import pc from 'picocolors';
import type { RunnerEvent } from './core/events.ts';
import type { Tally } from './core/tally.ts';

export type Level = 'debug' | 'info' | 'warn' | 'error';

/** What the process itself has to say, besides what the core says. */
export type ProcessEvent =
  | { event: 'process.signalled'; signal: string }
  | {
      event: 'code.faulted';
      origin: 'uncaughtException' | 'unhandledRejection';
      message: string;
      stack: string | null;
    }
  /** a cloud function's drain could not be done, or not to its end; `reason` has no secrets */
  | ({ event: 'invocation.failed'; code: string; reason: string } & Pick<
      Tally,
      'picked' | 'outcomes'
    >);

export type LogEvent = RunnerEvent | ProcessEvent;

const weight: Record<Level, number> = { debug: 0, info: 1, warn: 2, error: 3 };
const severity = { debug: 'DEBUG', info: 'INFO', warn: 'WARNING', error: 'ERROR' } as const;

/** As Google Cloud Logging names them. */
export type Severity = (typeof severity)[Level];

const levelOfRecorded = (event: Extract<RunnerEvent, { event: 'job.recorded' }>): Level => {
  if (event.job_status === 'failed') return 'error';
  return event.status === 'failed' || event.status === 'timeout' ? 'warn' : 'info';
};

const fixedLevels = {
  'job.picked': 'info',
  'job.lost': 'warn',
  'step.done': 'debug',
  'lock.released': 'warn',
  'type.left': 'warn',
  'store.retried': 'warn',
  'store.unavailable': 'error',
  'drain.started': 'debug',
  'drain.stopped': 'debug',
  'process.signalled': 'info',
  'code.faulted': 'error',
  'invocation.failed': 'error',
} as const;

/** How severe an event is; what is below the chosen level is not written. */
export const levelOf = (event: LogEvent): Level => {
  if (event.event === 'job.log') return event.level;
  if (event.event === 'job.recorded') return levelOfRecorded(event);
  return fixedLevels[event.event];
};

const seconds = (value: number): string =>
  value < 1 ? `${Math.round(value * 1000)} ms` : `${Number(value.toFixed(value < 10 ? 2 : 0))} s`;

const recordedSentence = (event: Extract<RunnerEvent, { event: 'job.recorded' }>): string => {
  const head = `${event.name}: ${event.status} after ${seconds(event.duration_seconds)}`;
  const error = event.error_message === null ? '' : `: ${event.error_message}`;
  const retry = event.retry_in_seconds;
  if (event.job_status !== 'waiting' || retry === null) return `${head}${error}`;
  return `${head}${error}; goes on ${retry > 0 ? `in ${seconds(retry)}` : 'at once'}`;
};

/** The event as one sentence, still with whatever characters jobs put into it. */
const sentence = (event: LogEvent): string => {
  switch (event.event) {
    case 'job.picked':
      return `${event.name}: picked (${event.job_type}, job ${event.job_id})`;
    case 'job.recorded':
      return recordedSentence(event);
    case 'job.lost':
      return `${event.name}: lock lost (${event.reason}); another instance decides`;
    case 'job.log': {
      const fields = event.fields === undefined ? '' : ` ${JSON.stringify(event.fields)}`;
      return `${event.name}: ${event.message}${fields}`;
    }
    case 'step.done':
      return `${event.name}: step ${event.step} ${event.replayed ? 'was done before' : 'done'}`;
    case 'lock.released':
      return `${event.name}: lock of ${event.held_by} had expired; now ${event.job_status}`;
    case 'store.retried':
      return `store: ${event.method} sent again (${event.sending}): ${event.reason}`;
    case 'store.unavailable':
      return `store: ${event.reason}; next try in ${seconds(event.next_try_seconds)}`;
    case 'type.left':
      return `${event.job_type}: due, but left to a run with more time (needs about ${seconds(event.usual_seconds)}, ${seconds(event.left_seconds)} are left)`;
    case 'drain.started':
      return `drain started by ${event.trigger} as ${event.instance_id}`;
    case 'drain.stopped':
      return `drain stopped (${event.stopped}): ${event.picked} picked in ${seconds(event.duration_seconds)}`;
    case 'process.signalled':
      return `${event.signal}: stopping${event.signal.startsWith('SIG') ? '; once more to stop at once' : ''}`;
    case 'code.faulted':
      return `job code threw outside its run (${event.origin}): ${event.message}`;
    case 'invocation.failed':
      return `the drain failed after ${event.picked} executions (${event.code}): ${event.reason}`;
  }
};

/** Text from jobs in one line that cannot steer the terminal. */
const printable = (text: string): string =>
  stripVTControlCharacters(text).replace(/[\p{Cc}\u2028\u2029\s]+/gu, ' ');

export interface LogOptions {
  level: Level;
  /** receives one line with its line end */
  write: (line: string) => void;
  /** for people at a terminal instead of programs */
  readable: boolean;
  colors?: boolean;
  /** what a platform wants to find in each line besides; for programs */
  fields?: (severity: Severity, time: string) => Record<string, unknown>;
  now?: () => Date;
}

/** A subscriber that writes each event of `level` or above as one line. */
export const createLog = ({
  level,
  write,
  readable,
  colors = false,
  fields = () => ({}),
  now = () => new Date(),
}: LogOptions): ((event: LogEvent) => void) => {
  const paint = pc.createColors(colors);
  const marks: Record<Level, string> = {
    debug: paint.dim('·'),
    info: paint.cyan('•'),
    warn: paint.yellow('!'),
    error: paint.red('✗'),
  };
  return (event) => {
    const own = levelOf(event);
    if (weight[own] < weight[level]) return;
    if (readable) {
      const clock = paint.dim(now().toTimeString().slice(0, 8));
      write(`${clock} ${marks[own]} ${printable(sentence(event))}\n`);
    } else {
      const time = now().toISOString();
      const head = { time, severity: severity[own] };
      // Cloud Logging shows `message` as the line; a job's own stands before the sentence about it.
      const line = { ...head, message: sentence(event), ...event, ...fields(severity[own], time) };
      write(`${JSON.stringify(line)}\n`);
    }
  };
};

/** Where a cloud function's lines go: its platform collects them, and stdout stays for data. */
export const writeToStderr = (line: string): void => {
  process.stderr.write(line);
};
