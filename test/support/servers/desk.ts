// What all test files of a run share. Jest's own process keeps it and test files ask for it over HTTP;
// each thing is made when the first one asks, so that runs without it do not wait for it.
import { createServer, type Server as HttpServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Server } from './postgres.ts';

/** Tells the workers where to ask. */
const VARIABLE = 'TEST_SERVERS_URL';

/** Makes a thing, and answers what test files have to know of it: JSON. */
export type Maker = () => Promise<unknown>;

type Answer<Thing> = { given: Thing } | { missing: string };

let desk: HttpServer | undefined;

const answer = async (making: Promise<unknown> | undefined): Promise<Answer<unknown>> => {
  try {
    if (making === undefined) throw new Error('this run offers no such thing');
    return { given: await making };
  } catch (error) {
    return { missing: error instanceof Error ? error.message : String(error) };
  }
};

/** Once before the tests of a run. */
export const openDesk = async (makers: Record<string, Maker>): Promise<void> => {
  const begun = new Map<string, Promise<unknown>>();
  desk = createServer((request, response) => {
    const name = request.url?.slice(1) ?? '';
    const making = begun.get(name) ?? makers[name]?.();
    if (making !== undefined) begun.set(name, making);
    // No connection is kept: a worker's next question could meet its end.
    response.setHeader('connection', 'close');
    void answer(making).then((said) => response.end(JSON.stringify(said)));
  });
  await new Promise<void>((resolve) => desk?.listen(0, '127.0.0.1', resolve));
  desk.unref();
  process.env[VARIABLE] = `http://127.0.0.1:${(desk.address() as AddressInfo).port}`;
};

/** Once after them. */
export const closeDesk = (): void => {
  desk?.close();
  desk?.closeAllConnections();
};

/** In a test file. */
const askFor = async <Thing>(name: string): Promise<Answer<Thing>> => {
  const url = process.env[VARIABLE];
  if (url === undefined) return { missing: 'this run has no test/support/servers/global_setup.ts' };
  return (await (await fetch(`${url}/${name}`)).json()) as Answer<Thing>;
};

/** A machine may be without it. */
export const askForPostgres = async (): Promise<{ server: Server } | { missing: string }> => {
  const said = await askFor<Server>('postgres');
  return 'given' in said ? { server: said.given } : said;
};

/** Whatever a machine may not be without; throws when it could not be made. */
export const shared = async <Thing>(name: 'dist' | 'programs'): Promise<Thing> => {
  const said = await askFor<Thing>(name);
  if ('missing' in said) throw new Error(said.missing);
  return said.given;
};
