// A request that a platform hands over, or a sentence that it is none.
import { describeThrown } from '../src/core/thrown.ts';
import { InputError } from '../src/errors.ts';

/** Where a request was sent; what no host can be called stands for nothing. */
export const baseOf = (host: string | undefined): string => {
  const base = `https://${host}`;
  return URL.canParse(base) ? base : 'https://unknown.invalid';
};

/** What `read` answers. Throws an InputError for a request that no client of HTTP could have sent. */
export const readable = <Read>(read: () => Read): Read => {
  try {
    return read();
  } catch (error) {
    const message = `cannot be read: ${describeThrown(error).message}`;
    throw new InputError([{ path: 'the request', message }]);
  }
};
