// The HTTP server of `serve`: Node's own, with a bound on everything that comes, and an orderly end.
import { randomUUID } from 'node:crypto';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import { Readable } from 'node:stream';
import { getRequestListener, RequestError as UnreadableRequest } from '@hono/node-server';
import type { Api } from './api.ts';
import type { Clock } from './core/clock.ts';
import { RequestError, RunnerError, SettingsError } from './errors.ts';
import { problemOf } from './http/problem.ts';
import type { LogEvent } from './log.ts';

export interface ListenOptions {
  api: Api;
  host: string;
  /** 0 = any that is free */
  port: number;
  /** aborted when it is to end */
  stop: AbortSignal;
  clock: Clock;
  log: (event: LogEvent) => void;
}

export interface Listening {
  /** as programs of this machine reach it, without a slash at the end */
  url: string;
  /** resolves when the last connection is gone; rejects when the server breaks */
  closed: Promise<void>;
}

/** Requests that are under way when it is to end get so long. */
const GRACE_MS = 5000;

const bounds = {
  maxHeaderSize: 16 * 1024,
  headersTimeout: 10_000,
  requestTimeout: 30_000,
  connectionsCheckingInterval: 2500,
  // Longer than the minute for which most balancers keep a connection: else they send into a closed one.
  keepAliveTimeout: 75_000,
};

/** Nothing is sent nor read for so long: whoever asked is gone. Event streams send every 15 s. */
const SILENCE_MS = 120_000;

const nowhere = (host: string): string =>
  `the name ${host} leads nowhere; choose an address by --host or HTTP_HOST`;

const notHere = (host: string): string =>
  `${host} is no address of this machine; choose one by --host or HTTP_HOST`;

const reasons: Record<string, (host: string, port: number) => string> = {
  EADDRINUSE: (host, port) =>
    `port ${port} of ${host} is in use by another process; choose another one by --port or PORT`,
  EACCES: (_host, port) =>
    `this user may not listen on port ${port}; choose one above 1023 by --port or PORT`,
  EADDRNOTAVAIL: notHere,
  EAFNOSUPPORT: notHere,
  ENOTFOUND: nowhere,
  EAI_AGAIN: nowhere,
};

const listenOn = (server: Server, host: string, port: number): Promise<void> =>
  new Promise((resolve, reject) => {
    const refuse = (error: NodeJS.ErrnoException) => {
      const message = reasons[error.code ?? '']?.(host, port);
      reject(message === undefined ? error : new SettingsError([{ path: '', message }]));
    };
    server.once('error', refuse);
    server.listen({ host, port }, () => {
      server.off('error', refuse);
      resolve();
    });
  });

const urlOf = (host: string, { port }: AddressInfo): string => {
  if (host === '0.0.0.0' || host === '::') return `http://localhost:${port}`;
  return `http://${host.includes(':') ? `[${host}]` : host}:${port}`;
};

const noTrace = (): Response =>
  problemOf(new RequestError('method_not_allowed', 'TRACE cannot be used here.'), '');

/** What does not even reach the API. */
const toAnswer =
  (log: ListenOptions['log']) =>
  (error: unknown): Response => {
    if (error instanceof UnreadableRequest) {
      const detail = 'The address or the Host header of the request cannot be read.';
      return problemOf(new RunnerError('input_invalid', detail), '');
    }
    const [request_id, { message, stack }] = [randomUUID(), error as Error];
    log({ event: 'http.failed', request_id, reason: message, stack: stack ?? null });
    return problemOf(error, request_id);
  };

/**
 * The request as the platform makes them: of the library's own, which is lighter, nobody could make
 * another one, as middleware does.
 */
const platformsOwn = (request: Request, incoming: IncomingMessage): Request => {
  const { url, method, headers, signal } = request;
  const init = { method, headers: [...headers], signal };
  const body = method === 'GET' || method === 'HEAD' ? null : Readable.toWeb(incoming);
  try {
    return new Request(url, { ...init, body, duplex: 'half' } as RequestInit);
  } catch (error) {
    // Such as an address with a password in it.
    throw new UnreadableRequest('The platform makes no request of it.', { cause: error });
  }
};

/** Ends connections once they have nothing to answer, and all of them when the grace is over. */
const endInOrder = (server: Server, stop: AbortSignal, clock: Clock): void => {
  const underWay = new Map<Socket, Set<ServerResponse>>();
  server.on('connection', (socket) => {
    underWay.set(socket, new Set());
    socket.once('close', () => underWay.delete(socket));
  });
  server.on('request', ({ socket }, response) => {
    const responses = underWay.get(socket);
    responses?.add(response);
    response.once('close', () => {
      responses?.delete(response);
      if (stop.aborted && responses?.size === 0) socket.destroySoon();
    });
  });
  const end = () => {
    server.close();
    for (const [socket, responses] of underWay) {
      if (responses.size === 0) socket.destroySoon();
      for (const response of responses) {
        if (!response.headersSent) response.setHeader('connection', 'close');
      }
    }
    server.once(
      'close',
      clock.after(GRACE_MS, () => server.closeAllConnections()),
    );
  };
  if (stop.aborted) end();
  else stop.addEventListener('abort', end, { once: true });
};

/** Throws a SettingsError when it cannot listen there. Event streams end by `stop` themselves. */
export const listen = async (options: ListenOptions): Promise<Listening> => {
  const { api, host, port, stop, clock, log } = options;
  const answer = getRequestListener(
    (request, env) => {
      // The one method that Node lets in and its Request does not.
      if (request.method === 'TRACE') return noTrace();
      const incoming = env.incoming as IncomingMessage;
      const address = incoming.socket.remoteAddress ?? null;
      return api.fetch(platformsOwn(request, incoming), { address, streams: true });
    },
    // Job code runs in this process, too: it gets the platform's own Request and Response.
    { hostname: 'localhost', overrideGlobalObjects: false, errorHandler: toAnswer(log) },
  );
  const server = createServer(bounds).setTimeout(SILENCE_MS);
  await listenOn(server, host, port);
  endInOrder(server, stop, clock);
  server.on('request', (incoming, outgoing) => void answer(incoming, outgoing));
  const closed = new Promise<void>((resolve, reject) => {
    server.once('close', resolve).once('error', reject);
  });
  const url = urlOf(host, server.address() as AddressInfo);
  log({ event: 'server.listening', url });
  return { url, closed };
};
