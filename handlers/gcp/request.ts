// Pure: a request as the functions framework has read it, as the platform's own Request.
import type { IncomingHttpHeaders } from 'node:http';
import { baseOf, readable } from '../readable.ts';

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
  const url = new URL(`${baseOf(headers.host)}${originalUrl}`);
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
export const readRequest = (request: FrameworkRequest): Request =>
  readable(() => requestOf(request));
