// What the tests of http_request share: a server that remembers, and one job sent through the line.
import type { IncomingMessage, ServerResponse } from 'node:http';
import { type HttpRequestDeps, httpRequest } from '../../src/jobs/http_request/job.ts';
import type { Line } from './line.ts';
import { listen } from './servers.ts';

/** Private addresses are allowed: the servers of the tests have no others. */
export const permissive: HttpRequestDeps = { allow_private: true, secret_names: [], secrets: {} };

interface Received {
  method: string;
  path: string;
  headers: IncomingMessage['headers'];
  body: string;
}

/** A server that remembers what it was sent and answers with `reply`. */
export const serve = async (reply: (response: ServerResponse, received: Received) => void) => {
  const received: Received[] = [];
  const { url, port } = await listen(async (request, response) => {
    let body = '';
    for await (const chunk of request) body += chunk;
    const one = { method: request.method!, path: request.url!, headers: request.headers, body };
    received.push(one);
    reply(response, one);
  });
  return { url, port, received };
};

export const sendOnce = async (line: Line, config: object, deps: Partial<HttpRequestDeps> = {}) => {
  const instance = await line.instance(() => [httpRequest({ ...permissive, ...deps })]);
  const job_id = await line.create(instance.store, 'http_request', config);
  // Real sockets: nothing here waits for the line's own time.
  const ended = await instance.run();
  const detail = await instance.store.getJob(job_id);
  return { ended, job_id, instance, stored: JSON.stringify([detail, instance.events]) };
};

/** For `serve`: any answer will do. */
export const fine = (response: ServerResponse) => response.end('fine');
