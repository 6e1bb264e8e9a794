// Pure: a request as the functions framework has read it, as the platform's own Request.
import type { IncomingHttpHeaders } from 'node:http';
import { describeThrown } from '../../src/core/thrown.ts';
import { InputError } from '../../src/errors.ts';

/** What is read of it. */
export interface FrameworkRequest {
  method: string;
  /** path and query, as they were sent */
  originalUrl: string;
  headers: IncomingHttpHeaders;
  /** the bytes of the body, whatever its type; none = there was none */
  rawBody?: Buffer | undefined;
}

const requestOf = ({ method, originalUrl, headers, rawBody }: FrameworkRequest): Request => {
  const base = `https://${headers.host}`;
  const known = URL.canParse(base) ? base : 'https://unknown.invalid';
  const url = new URL(`${known}${originalUrl}`);
  const read = new Headers();
  for (const [name, value] of Object.entries(headers)) {
    for (const one of [value ?? []].flat()) read.append(name, one);
  }
  // Never shared memory, which the type would allow.
  const body = (rawBody ?? null) as Buffer<ArrayBuffer> | null;
  const has_none = method === 'GET' || method === 'HEAD';
  return new Request(url, { method, headers: read, body: has_none ? null : body });
};

/** Throws an InputError for a request that cannot be read. */
export const readRequest = (request: FrameworkRequest): Request => {
  try {
    return requestOf(request);
  } catch (error) {
    const message = `cannot be read: ${describeThrown(error).message}`;
    throw new InputError([{ path: 'the request', message }]);
  }
};
