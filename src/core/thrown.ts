// What job code throws, whatever it is, as a record of bounded size.
import type { ErrorRecord } from './job.ts';

const MESSAGE_LENGTH = 2000;
const STACK_LENGTH = 6000;

const cut = (text: string, length: number): string =>
  text.length <= length ? text : `${text.slice(0, length - 1)}…`;

const textOf = (thrown: unknown): string => {
  if (typeof thrown === 'string') return thrown;
  try {
    return JSON.stringify(thrown) ?? String(thrown);
  } catch {
    return Object.prototype.toString.call(thrown); // circular, or a BigInt inside
  }
};

/** Never throws: even a getter that throws leaves a record. */
export const describeThrown = (thrown: unknown): ErrorRecord => {
  try {
    if (thrown instanceof Error) {
      return {
        name: cut(String(thrown.name), 100),
        message: cut(String(thrown.message) || String(thrown.name), MESSAGE_LENGTH),
        stack: typeof thrown.stack === 'string' ? cut(thrown.stack, STACK_LENGTH) : null,
      };
    }
    const message = cut(`a value that is no Error was thrown: ${textOf(thrown)}`, MESSAGE_LENGTH);
    return { name: 'NotAnError', message, stack: null };
  } catch {
    return { name: 'NotAnError', message: 'what was thrown cannot be read', stack: null };
  }
};
