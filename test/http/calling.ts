// A server that behaves as it is told, answer by answer, and a client whose pauses take no time.
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeEach } from '@jest/globals';
import { callsOf } from '../../src/client/calls.ts';
import type { Client, ClientOptions } from '../../src/client/client.ts';
import { createConnection } from '../../src/client/connection.ts';
import type { Timers } from '../../src/client/timers.ts';

/** What the server was asked. */
export interface Asked {
  method: string;
  url: string;
  headers: IncomingMessage['headers'];
  body: string;
}

export type Behaviour = (response: ServerResponse, asked: Asked) => unknown;

export const json =
  (body: unknown, status = 200, headers: Record<string, string> = {}): Behaviour =>
  (response) => {
    response.writeHead(status, { 'content-type': 'application/json', ...headers });
    response.end(JSON.stringify(body));
  };

export const problem = (
  status: number,
  code: string,
  headers: Record<string, string> = {},
): Behaviour => {
  const told = { type: 'about:blank', title: 'T', status, code, detail: `It is ${code}.` };
  return json(told, status, { 'content-type': 'application/problem+json', ...headers });
};

/** The connection breaks before anything is answered. */
export const hangUp: Behaviour = (response) => response.socket?.destroy();

/** Nothing is ever said. */
export const silence: Behaviour = () => undefined;

export const text =
  (body: string, status = 200, type = 'text/html'): Behaviour =>
  (response) => {
    response.writeHead(status, { 'content-type': type });
    response.end(body);
  };

/** From here on a wait is one that gives up on something silent. */
const LONG_MS = 40_000;

interface SwiftTimers extends Timers {
  /** how long each pause would have been, in order */
  pauses: number[];
  /** lengths of those who wait now to give up */
  readonly watches: number[];
  /** Whoever waits to give up has waited long enough. */
  giveUp(): void;
}

const swiftTimers = (): SwiftTimers => {
  const watches = new Set<{ ms: number; fn: () => void }>();
  const pauses: number[] = [];
  return {
    pauses,
    get watches() {
      return [...watches].map(({ ms }) => ms);
    },
    giveUp: () => {
      for (const watch of watches) {
        watches.delete(watch);
        watch.fn();
      }
    },
    after: (ms, fn) => {
      if (ms >= LONG_MS) {
        const watch = { ms, fn };
        watches.add(watch);
        return () => watches.delete(watch);
      }
      pauses.push(ms);
      const soon = setImmediate(fn);
      return () => clearImmediate(soon);
    },
  };
};

export interface CallingWorld {
  client: Client;
  url: string;
  asked: Asked[];
  timers: SwiftTimers;
  /** requests that are neither answered to their end nor broken off */
  readonly open: number;
  /** What comes next, one request after the other; the last one goes on for ever. */
  behave(...behaviours: Behaviour[]): void;
  /** Another client of the same server. */
  clientWith(options: Partial<ClientOptions>): Client;
}

const bodyOf = async (request: IncomingMessage): Promise<string> => {
  request.setEncoding('utf8');
  let body = '';
  for await (const part of request) body += part;
  return body;
};

/** At the address of a server of one's own, with pauses that take no time. */
export const swiftClient = (options: ClientOptions, timers: Timers = swiftTimers()): Client =>
  callsOf(createConnection(options, timers));

/** For one test file: it is gone after the last test, and what it noted is forgotten before each. */
export const callingWorld = async (): Promise<CallingWorld> => {
  let behaviours: Behaviour[] = [];
  const asked: Asked[] = [];
  let open = 0;
  const server = createServer(async (request, response) => {
    open += 1;
    response.on('close', () => {
      open -= 1;
    });
    const { method = '', url = '', headers } = request;
    const one = { method, url, headers, body: await bodyOf(request) };
    asked.push(one);
    const behaviour = behaviours.length > 1 ? behaviours.shift() : behaviours[0];
    behaviour?.(response, one);
  });
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve);
  });
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const timers = swiftTimers();
  beforeEach(() => {
    asked.length = 0;
    timers.pauses.length = 0;
  });
  afterAll(() => {
    server.close();
    server.closeAllConnections();
  });
  const clientWith = (options: Partial<ClientOptions>) =>
    swiftClient({ url, api_key: 'a-key', ...options }, timers);
  return {
    client: clientWith({}),
    clientWith,
    url,
    asked,
    timers,
    get open() {
      return open;
    },
    behave: (...given) => {
      behaviours = given;
    },
  };
};

/** Waits until it holds; whoever waits in vain is ended by the test's own time. */
export const until = async (holds: () => unknown): Promise<void> => {
  while (!(await holds())) await new Promise((resolve) => setTimeout(resolve, 2));
};
