// The process of a bench that answers: ours and the bare app, each on a few and on many jobs.

import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { getRequestListener } from '@hono/node-server';
import { createApi } from '../../../src/api.ts';
import { openRunner } from '../../../src/runner.ts';
import { benchJob } from '../job.ts';
import { bareApp } from './bare.ts';

export type Side = 'ours' | 'bare';

/** Where each listens, by side and then by file. */
export type Ports = Record<Side, number[]>;

const listen = async (
  fetch: (request: Request) => Response | Promise<Response>,
): Promise<Server> => {
  const server = createServer(getRequestListener(fetch));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return server;
};

const portOf = (server: Server): number => (server.address() as AddressInfo).port;

const ours = async (path: string): Promise<Server> => {
  const runner = await openRunner({
    settings: { database_url: `sqlite:${path}`, rate_limit: 1_000_000 },
    jobs: [benchJob],
  });
  const api = createApi({
    settings: runner.settings,
    runner,
    log: () => undefined,
    metrics: { content_type: 'text/plain', text: async () => '' },
    assets: { get: async () => undefined },
    stop: new AbortController().signal,
  });
  return listen((request) => api.fetch(request, { address: '127.0.0.1', streams: true }));
};

/** Answers on files that are filled already, until its parent ends it. */
export const serve = (): void => {
  process.once('message', ({ paths }: { paths: string[] }) => {
    void (async () => {
      const servers = {
        ours: await Promise.all(paths.map(ours)),
        bare: await Promise.all(paths.map((path) => listen(bareApp(path).app.fetch))),
      };
      const ports: Ports = { ours: servers.ours.map(portOf), bare: servers.bare.map(portOf) };
      process.send?.({ ports });
    })();
  });
};
