// A server for one test, the connections to it, and answers to give.
import { afterEach } from '@jest/globals';
import type { Api } from '../../src/api.ts';
import { systemClock } from '../../src/clock.ts';
import type { LogEvent } from '../../src/log.ts';
import { type Listening, type ListenOptions, listen } from '../../src/server.ts';
import { type RawConnection, rawConnection } from './raw_http.ts';

const stops: AbortController[] = [];
const connections: RawConnection[] = [];
afterEach(() => {
  for (const stop of stops.splice(0)) stop.abort();
  for (const connection of connections.splice(0)) connection.hangUp();
});

export interface Started extends Listening {
  stop(): void;
  logged: LogEvent[];
  connect(): Promise<RawConnection>;
}

/** A server that answers with `fetch`; it ends with the test. */
export const startServer = async (
  fetch: Api['fetch'],
  more: Partial<ListenOptions> = {},
): Promise<Started> => {
  const stop = new AbortController();
  stops.push(stop);
  const logged: LogEvent[] = [];
  const own = {
    stop: stop.signal,
    clock: systemClock,
    log: (event: LogEvent) => logged.push(event),
  };
  const listening = await listen({ api: { fetch }, host: '127.0.0.1', port: 0, ...own, ...more });
  const connect = async () => {
    const connection = await rawConnection(listening.url);
    connections.push(connection);
    return connection;
  };
  return { ...listening, stop: () => stop.abort(), logged, connect };
};

export const hello = async () => new Response('hello');
export const get = (path: string) => `GET ${path} HTTP/1.1\r\nHost: localhost\r\n\r\n`;

/** Answers when it is told to. */
export const held = () => {
  let began = () => {};
  let release = () => {};
  const underWay = new Promise<void>((resolve) => {
    began = resolve;
  });
  const released = new Promise<void>((resolve) => {
    release = resolve;
  });
  const fetch = async () => {
    began();
    await released;
    return new Response('done');
  };
  return { fetch, underWay, release: () => release() };
};
