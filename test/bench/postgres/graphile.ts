// graphile-worker as a contender: one job at a time on each connection, as its `runOnce` goes.
import type pg from 'pg';
import { type Contender, ignoreEnd, onEach, openSeveral, payload } from './contender.ts';
import { loadPeer } from './peers.ts';

type Task = () => Promise<void>;
type Options = Record<string, unknown>;

/** What is used of it. */
interface Graphile {
  Logger: new (factory: () => () => void) => object;
  runMigrations(options: Options): Promise<void>;
  makeWorkerUtils(options: Options): Promise<{
    addJobs(jobs: { identifier: string; payload: object }[]): Promise<unknown>;
    release(): Promise<void>;
  }>;
  runTaskListOnce(
    options: Options,
    tasks: Record<string, Task>,
    client: pg.Client,
  ): { promise: Promise<void> };
}

const load = async () => {
  const { Logger, ...graphile } = await loadPeer<Graphile>('graphile-worker');
  return { graphile, logger: new Logger(() => () => undefined) };
};

export const graphile: Contender = {
  install: async (url) => {
    const { graphile, logger } = await load();
    await graphile.runMigrations({ connectionString: url, logger });
  },
  open: async (url, connections) => {
    const { graphile, logger } = await load();
    const { default: driver } = await loadPeer<{ default: typeof pg }>('pg');
    const options: Options = { connectionString: url, logger, noHandleSignals: true };
    const shop = await graphile.makeWorkerUtils(options);
    const clients = await openSeveral(connections, async () => {
      const client = new driver.Client(url);
      client.on('error', ignoreEnd);
      await client.connect();
      return client;
    });
    const untilEmpty = async (client: pg.Client): Promise<number> => {
      let jobs = 0;
      const bench = async () => {
        jobs += 1;
      };
      await graphile.runTaskListOnce(options, { bench }, client).promise;
      return jobs;
    };
    return {
      create: async (jobs) => {
        const job = () => ({ identifier: 'bench', payload });
        await shop.addJobs(Array.from({ length: jobs }, job));
      },
      drain: () => onEach(clients, untilEmpty),
      close: async () => {
        await shop.release();
        await Promise.all(clients.map((client) => client.end()));
      },
    };
  },
};
