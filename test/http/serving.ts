// An app behind a real server, as `serve` has one.
import type { AddressInfo } from 'node:net';
import { createAdaptorServer } from '@hono/node-server';
import type { HttpWorld } from './world.ts';

export interface Served {
  port: number;
  close(): Promise<void>;
}

export const serving = async (fetch: (request: Request) => Promise<Response>): Promise<Served> => {
  const server = createAdaptorServer({ fetch, overrideGlobalObjects: false });
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve);
  });
  return {
    port: (server.address() as AddressInfo).port,
    close: async () => {
      server.close();
      if ('closeAllConnections' in server) server.closeAllConnections();
    },
  };
};

/** The whole API; keys are those of the requests. */
export const servingWorld = (world: HttpWorld): Promise<Served> =>
  serving(async (request) => {
    const { pathname, search } = new URL(request.url);
    const { method, headers } = request;
    const body = await request.text();
    const wish = { method, headers, key: null, ...(body !== '' && { body }) };
    return world.fetch(`${pathname}${search}`, wish);
  });
