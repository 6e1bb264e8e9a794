// The one Postgres of a test run. Jest's own process keeps it; test files ask for it over HTTP, and
// it starts when the first one does, so that runs without a database do not wait for it.
import { createServer, type Server as HttpServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { fast, type RunningServer, type Server, startPostgres } from './postgres.ts';

/** Tells the workers where to ask. */
const VARIABLE = 'TEST_SERVERS_URL';

export type Answer = { server: Server } | { missing: string };

let desk: HttpServer | undefined;
let starting: Promise<RunningServer> | undefined;

const answer = async (): Promise<Answer> => {
  try {
    starting ??= startPostgres({ settings: fast });
    const { port, admin_url, owner, log_file } = await starting;
    return { server: { port, admin_url, owner, log_file } };
  } catch (error) {
    return { missing: error instanceof Error ? error.message : String(error) };
  }
};

/** Once before the tests of a run. */
export const openDesk = async (): Promise<void> => {
  desk = createServer((_request, response) => {
    // No connection is kept: a worker's next question could meet its end.
    response.setHeader('connection', 'close');
    void answer().then((said) => response.end(JSON.stringify(said)));
  });
  await new Promise<void>((resolve) => desk?.listen(0, '127.0.0.1', resolve));
  desk.unref();
  process.env[VARIABLE] = `http://127.0.0.1:${(desk.address() as AddressInfo).port}`;
};

/** Once after them. An interrupted run does not come here: then the server's keeper ends it. */
export const closeDesk = async (): Promise<void> => {
  desk?.close();
  desk?.closeAllConnections();
  await (await starting?.catch(() => undefined))?.stop();
};

/** In a test file. */
export const askForPostgres = async (): Promise<Answer> => {
  const url = process.env[VARIABLE];
  if (url === undefined) return { missing: 'this run has no test/support/servers/global_setup.ts' };
  return (await (await fetch(url)).json()) as Answer;
};
