// One HTTP request over node's own client, with the answer's body bounded.
import * as http from 'node:http';
import * as https from 'node:https';
import type { LookupFunction } from 'node:net';

export interface Outgoing {
  url: URL;
  method: string;
  headers: Record<string, string>;
  body: string | null;
}

export interface Incoming {
  status: number;
  headers: http.IncomingHttpHeaders;
  body: Buffer;
  /** the body went on after the bytes that were kept */
  cut: boolean;
}

const readBounded = (
  response: http.IncomingMessage,
  maxBytes: number,
): Promise<Pick<Incoming, 'body' | 'cut'>> =>
  new Promise((resolve, reject) => {
    const chunks: Buffer[] = [];
    let bytes = 0;
    const done = (cut: boolean) =>
      resolve({ body: Buffer.concat(chunks).subarray(0, maxBytes), cut });
    response.on('data', (chunk: Buffer) => {
      chunks.push(chunk);
      bytes += chunk.length;
      if (bytes <= maxBytes) return;
      done(true);
      response.destroy();
    });
    response.on('end', () => done(false));
    response.on('error', reject);
    response.on('close', () => {
      if (!response.complete)
        reject(new Error('the connection broke before the answer was complete'));
    });
  });

/**
 * Sends on a connection of its own, so that every request passes the lookup. Redirects are not
 * followed. Rejects with node's error, or with the signal's reason once it is aborted.
 */
export const send = (
  { url, method, headers, body }: Outgoing,
  lookup: LookupFunction,
  maxBytes: number,
  signal: AbortSignal,
): Promise<Incoming> =>
  new Promise((resolve, reject) => {
    if (signal.aborted) return reject(signal.reason);
    const client = url.protocol === 'https:' ? https : http;
    const request = client.request(url, { method, headers, lookup, agent: false });
    const onAbort = () => request.destroy();
    signal.addEventListener('abort', onAbort, { once: true });
    const fail = (error: unknown) => reject(signal.aborted ? signal.reason : error);
    request.on('error', fail);
    request.on('close', () => signal.removeEventListener('abort', onAbort));
    request.on('response', (response) => {
      const { statusCode: status = 0, headers } = response;
      readBounded(response, maxBytes).then((read) => resolve({ status, headers, ...read }), fail);
    });
    request.end(body ?? undefined);
  });
