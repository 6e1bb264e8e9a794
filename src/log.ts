// The log: the one subscriber of the runner's events. Programs read a JSON object a line, people at
// a terminal a short sentence.
import { stripVTControlCharacters } from 'node:util';
import pc from 'picocolors';
import type { RunnerEvent } from './core/events.ts';
import type { Tally } from './core/tally.ts';
import { sentence } from './log/sentence.ts';

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
    >)
  | { event: 'server.listening'; url: string }
  /** `path` is the pattern of a route, so that no id stands in it; `actor` names the key */
  | {
      event: 'http.answered';
      method: string;
      path: string;
      status: number;
      duration_ms: number;
      actor: string | null;
      source_ip: string | null;
    }
  /** a fault of ours; the answer names `request_id`, and nothing else of it */
  | { event: 'http.failed'; request_id: string; reason: string; stack: string | null };

export type LogEvent = RunnerEvent | ProcessEvent;

const weight: Record<Level, number> = { debug: 0, info: 1, warn: 2, error: 3 };
const severity = { debug: 'DEBUG', info: 'INFO', warn: 'WARNING', error: 'ERROR' } as const;

/** As Google Cloud Logging names them. */
export type Severity = (typeof severity)[Level];

const levelOfRecorded = (event: Extract<RunnerEvent, { event: 'job.recorded' }>): Level => {
  if (event.job_status === 'failed') return 'error';
  return event.status === 'failed' || event.status === 'timeout' ? 'warn' : 'info';
};

const reads = ['GET', 'HEAD', 'OPTIONS'];

const levelOfAnswered = (event: Extract<LogEvent, { event: 'http.answered' }>): Level => {
  if (event.status >= 500) return 'error';
  if (event.status >= 400) return 'warn';
  return reads.includes(event.method) ? 'debug' : 'info';
};

const fixedLevels = {
  'job.picked': 'info',
  'job.lost': 'warn',
  'step.done': 'debug',
  'lock.released': 'warn',
  'slot.fired': 'info',
  'slot.skipped': 'warn',
  'slot.missed': 'warn',
  'slot.replaced': 'warn',
  'schedules.planned': 'debug',
  'schedule.unplannable': 'error',
  'alert.sent': 'info',
  'alert.failed': 'warn',
  'type.left': 'warn',
  'store.retried': 'warn',
  'store.unavailable': 'error',
  'drain.started': 'debug',
  'drain.stopped': 'debug',
  'process.signalled': 'info',
  'code.faulted': 'error',
  'invocation.failed': 'error',
  'server.listening': 'info',
  'http.failed': 'error',
} as const;

/** How severe an event is; what is below the chosen level is not written. */
export const levelOf = (event: LogEvent): Level => {
  if (event.event === 'job.log') return event.level;
  if (event.event === 'job.recorded') return levelOfRecorded(event);
  if (event.event === 'http.answered') return levelOfAnswered(event);
  return fixedLevels[event.event];
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
