// What job code throws, whatever it is, as a record of bounded size.
import { keptText } from './text.ts';

/** What went wrong, cut to a bounded length before it is stored. */
export interface ErrorRecord {
  name: string;
  message: string;
  stack: string | null;
}

const MESSAGE_LENGTH = 2000;
const STACK_LENGTH = 6000;

const cut = (text: string, length: number): string =>
  text.length <= length ? keptText(text) : `${keptText(text, length - 1)}…`;

const textOf = (thrown: unknown): string => {
  if (typeof thrown === 'string') return thrown;
  try {
    return JSON.stringify(thrown) ?? String(thrown);
  } catch {
    return Object.prototype.toString.call(thrown); // circular, or a BigInt inside
  }
};

const ERROR_TAGS = new Set(['[object Error]', '[object DOMException]']);

/** Also an error of another realm (a test runner's, a vm's), which `instanceof` does not know. */
export const isError = (thrown: unknown): thrown is Error =>
  thrown instanceof Error || ERROR_TAGS.has(Object.prototype.toString.call(thrown));

const stackOf = (error: Error): string | null => {
  if (typeof error.stack !== 'string') return null;
  const { cause } = error;
  return isError(cause) ? `${error.stack}\nCaused by: ${cause.stack}` : error.stack;
};

/** Never throws: even a getter that throws leaves a record. */
export const describeThrown = (thrown: unknown): ErrorRecord => {
  try {
    if (isError(thrown)) {
      const stack = stackOf(thrown);
      return {
        name: cut(String(thrown.name), 100),
        message: cut(String(thrown.message) || String(thrown.name), MESSAGE_LENGTH),
        stack: stack === null ? null : cut(stack, STACK_LENGTH),
      };
    }
    const message = cut(`a value that is no Error was thrown: ${textOf(thrown)}`, MESSAGE_LENGTH);
    return { name: 'NotAnError', message, stack: null };
  } catch {
    return { name: 'NotAnError', message: 'what was thrown cannot be read', stack: null };
  }
};
