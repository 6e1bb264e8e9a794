// The only file of the command line that writes: data on stdout, everything else on stderr.
import { inspect, stripVTControlCharacters } from 'node:util';
import pc from 'picocolors';
import type { Colors } from 'picocolors/types.js';
import { ProblemsError, RunnerError } from '../errors.ts';
import { createLog, type Level, type LogEvent } from '../log.ts';
import { oneLine } from './format.ts';

/** A stream as far as it is needed here; process.stdout and process.stderr are such. */
export interface Sink {
  write(text: string): unknown;
  isTTY?: boolean;
  columns?: number;
  hasColors?(): boolean;
}

export interface Output {
  /** for programs: JSON only */
  json: boolean;
  /** a person watches stdout */
  terminal: boolean;
  columns: number;
  paint: Colors;
  /** a value as JSON on stdout: indented, or as one line of a stream of them */
  data(value: unknown, shape?: 'document' | 'line'): void;
  /** a line for people on stdout; nothing when programs read */
  line(text?: string): void;
  /** lines with the columns aligned; colours do not disturb the width */
  table(head: string[], rows: string[][]): Promise<void>;
  /** a line on a terminal that the next text replaces */
  transient(text: string): void;
  /** text as it is on stdout, for help and SQL */
  raw(text: string): void;
  /** a remark on stderr */
  note(text: string): void;
  /** one sentence on stderr, and each problem on a line of its own */
  error(error: unknown): void;
  /** the log of this process, on stderr */
  log(level: Level): (event: LogEvent) => void;
}

const describe = (error: unknown) => ({
  code: error instanceof RunnerError ? error.code : 'internal',
  message: error instanceof Error ? error.message : String(error),
  problems: error instanceof ProblemsError ? error.problems : [],
});

/** Widths for cli-table3: only a last column that would leave the terminal is given one. */
const columnWidths = (head: string[], rows: string[][], columns: number): (number | null)[] => {
  const widest = (at: number) =>
    Math.max(...[head, ...rows].map((row) => stripVTControlCharacters(row[at] ?? '').length));
  const last = head.length - 1;
  const before = head.slice(0, last).reduce((sum, _, at) => sum + widest(at) + 2, 0);
  const left = Math.max(10, columns - before);
  return head.map((_, at) => (at === last && widest(at) > left ? left : null));
};

const clear = '\r\u001b[2K';

export interface Audience {
  /** programs read instead of people */
  json: boolean;
  /** errors tell where in the code they arose */
  verbose?: boolean;
}

export const createOutput = (
  stdout: Sink,
  stderr: Sink,
  { json, verbose = false }: Audience,
): Output => {
  const terminal = stdout.isTTY === true && !json;
  const colored = (sink: Sink) => sink.isTTY === true && (sink.hasColors?.() ?? true);
  const paint = pc.createColors(terminal && colored(stdout));
  const paintError = pc.createColors(!json && colored(stderr));
  const columns = stdout.columns ?? 120;
  let replaceable = false;
  const write = (text: string) => {
    stdout.write(replaceable ? `${clear}${text}` : text);
    replaceable = false;
  };
  const complain = (text: string) => stderr.write(`${paintError.red('error:')} ${text}\n`);
  const explain = (error: unknown) => {
    const { code, message } = describe(error);
    if (!(error instanceof ProblemsError) || error.problems.length < 2) {
      complain(oneLine(message, 2000));
    } else {
      complain(`${error.heading}:`);
      for (const problem of error.problems) {
        const where = problem.path === '' ? '' : `${paintError.bold(oneLine(problem.path))}: `;
        stderr.write(`  ${where}${oneLine(problem.message, 2000)}\n`);
      }
    }
    if (verbose && error instanceof Error) stderr.write(`${paintError.dim(inspect(error))}\n`);
    else if (code === 'internal') stderr.write('This was not foreseen; --verbose shows where.\n');
  };

  return {
    json,
    terminal,
    columns,
    paint,
    data: (value, shape = 'document') =>
      write(`${JSON.stringify(value, null, shape === 'line' ? 0 : 2)}\n`),
    line: (text = '') => {
      if (!json) write(`${text}\n`);
    },
    table: async (head, rows) => {
      const { default: Table } = await import('cli-table3');
      const none = { top: '', 'top-mid': '', 'top-left': '', 'top-right': '' };
      const bottom = { bottom: '', 'bottom-mid': '', 'bottom-left': '', 'bottom-right': '' };
      const inner = {
        left: '',
        'left-mid': '',
        mid: '',
        'mid-mid': '',
        right: '',
        'right-mid': '',
      };
      const table = new Table({
        head: head.map((word) => paint.bold(word)),
        chars: { ...none, ...bottom, ...inner, middle: '  ' },
        colWidths: terminal ? columnWidths(head, rows, columns) : [],
        style: { head: [], border: [], 'padding-left': 0, 'padding-right': 0 },
      });
      table.push(...rows);
      write(`${table.toString().replace(/ +$/gm, '')}\n`);
    },
    transient: (text) => {
      if (!terminal) return;
      write(`${oneLineKeepingColors(text, columns)}`);
      replaceable = true;
    },
    raw: (text) => write(text),
    note: (text) => {
      if (!json) stderr.write(`${text}\n`);
    },
    error: (error) => {
      if (replaceable) write('');
      if (json) stderr.write(`${JSON.stringify({ error: describe(error) })}\n`);
      else explain(error);
    },
    log: (level) =>
      createLog({
        level,
        readable: stderr.isTTY === true && !json,
        colors: colored(stderr),
        write: (line) => {
          if (replaceable) write('');
          stderr.write(line);
        },
      }),
  };
};

// Only the bar is written this way: its colours stand in front, so cutting loses no reset.
const oneLineKeepingColors = (text: string, columns: number): string => {
  const longest = columns + 20;
  return text.length > longest ? text.slice(0, longest) : text;
};
