// What an execution of an earlier scheduler came to: its result, its error, its log.
import type { Json } from '../../core/json.ts';
import { isObject, toKeptJson } from '../../core/json.ts';
import type { LogEntry } from '../../core/store.ts';
import { keptText } from '../../core/text.ts';
import type { ErrorRecord } from '../../core/thrown.ts';
import { InputError } from '../../errors.ts';
import type { Row } from './database.ts';
import { jsonOf } from './values.ts';

const LOG_LINES = 200;
const LINE_LENGTH = 2000;

const textOf = (value: unknown): string =>
  typeof value === 'string' ? value : JSON.stringify(value);

/** An empty object meant that there was none. What is not JSON is kept as text. */
export const resultOf = (text: string | null | undefined, refuse: (why: string) => void): Json => {
  if (text === null || text === undefined || text.trim() === '') return null;
  const value = jsonOf(text) ?? text;
  if (isObject(value) && Object.keys(value).length === 0) return null;
  try {
    return toKeptJson(value, 'result');
  } catch (error) {
    if (!(error instanceof InputError)) throw error;
    refuse(error.problems[0]?.message ?? error.message);
    return null;
  }
};

/** null = it says nothing of one */
export const errorOf = ({ error_message, traceback }: Row): ErrorRecord | null => {
  const [message, stack] = [error_message?.trim() ?? '', traceback?.trim() ?? ''];
  if (message === '' && stack === '') return null;
  return {
    name: 'Error',
    // The last line of a traceback says what it is about.
    message: keptText(message || (stack.split('\n').at(-1) ?? ''), LINE_LENGTH),
    stack: stack === '' ? null : keptText(stack, 6000),
  };
};

const linesOf = (text: string): string[] => {
  const value = jsonOf(text);
  if (Array.isArray(value)) return value.map(textOf);
  return text.split(/\r?\n/).filter((line) => line.trim() !== '');
};

/** One entry a line: the last ones, where there are many. */
export const logsOf = (text: string | null | undefined): LogEntry[] => {
  const lines = linesOf(text ?? '');
  const left_out = lines.length - LOG_LINES;
  const kept = left_out > 0 ? lines.slice(left_out) : lines;
  const first = left_out > 0 ? [`${left_out} earlier lines were not imported`] : [];
  return [...first, ...kept].map((line) => ({
    level: 'info',
    message: keptText(line, LINE_LENGTH),
  }));
};
