// What stands before PostgREST on hosted Supabase: /rest/v1, the keys, and the trouble a test orders.
import {
  Agent,
  createServer,
  type IncomingHttpHeaders,
  type IncomingMessage,
  request as send,
} from 'node:http';
import type { AddressInfo } from 'node:net';
import { buffer } from 'node:stream/consumers';
import { createFates, type Fate, type Fates } from './fates.ts';
import { authorization } from './keys.ts';

export interface Seen {
  method: string;
  /** without /rest/v1 */
  path: string;
  fate: Fate;
  /** what PostgREST answered; absent while it has not, or was never asked */
  status?: number;
}

export interface Gateway extends Pick<Fates, 'misbehave' | 'calm' | 'release' | 'hanging'> {
  url: string;
  /** every request so far, in the order of arrival; a test may empty it */
  requests: Seen[];
  stop(): Promise<void>;
}

interface Reply {
  status: number;
  headers: IncomingHttpHeaders;
  body: Buffer;
}

const reply = (status: number, type: string, text: string): Reply => ({
  status,
  headers: { 'content-type': type },
  body: Buffer.from(text),
});

const trouble = {
  unavailable: reply(
    503,
    'application/json; charset=utf-8',
    '{"code":"PGRST002","details":null,"hint":null,"message":"Could not query the database for the schema cache. Retrying."}',
  ),
  bad_gateway: reply(
    502,
    'text/html; charset=UTF-8',
    '<html><head><title>502 Bad Gateway</title></head><body><h1>Bad Gateway</h1></body></html>',
  ),
};
const noKey = reply(401, 'application/json', '{"message":"No API key found in request"}');
const wrongKey = reply(401, 'application/json', '{"message":"Invalid API key"}');

const PREFIX = '/rest/v1';

export const startGateway = async (port: number): Promise<Gateway> => {
  const fates = createFates();
  const requests: Seen[] = [];
  const agent = new Agent({ keepAlive: true });

  const forward = (given: IncomingMessage, path: string, bearer: string, body: Buffer) =>
    new Promise<Reply>((resolve, reject) => {
      const headers = { ...given.headers, authorization: bearer, host: `127.0.0.1:${port}` };
      const options = { host: '127.0.0.1', port, method: given.method, path, headers, agent };
      send(options, (answer) => {
        const { statusCode, headers } = answer;
        buffer(answer).then((body) => resolve({ status: statusCode ?? 0, headers, body }), reject);
      })
        .once('error', reject)
        .end(body);
    });

  /** The answer, or null when there shall be none. */
  const handle = async (given: IncomingMessage): Promise<Reply | null> => {
    const body = await buffer(given);
    const url = given.url ?? '/';
    if (!url.startsWith(`${PREFIX}/`)) return reply(404, 'text/plain', 'no such route');
    const { apikey } = given.headers;
    if (typeof apikey !== 'string') return noKey;
    const bearer = authorization(apikey, given.headers.authorization);
    if (bearer === undefined) return wrongKey;
    const path = url.slice(PREFIX.length);
    const fate = fates.next(path);
    const seen: Seen = { method: given.method ?? '', path, fate };
    requests.push(seen);
    if (fate === 'unavailable' || fate === 'bad_gateway') return trouble[fate];
    if (fate === 'refuse') return null;
    if (fate === 'hang') await fates.released();
    const answer = await forward(given, path, bearer, body);
    seen.status = answer.status;
    return fate === 'lose' ? null : answer;
  };

  const server = createServer((given, response) => {
    handle(given).then(
      (answer) => {
        if (answer === null) return void given.socket.destroy();
        response.writeHead(answer.status, answer.headers).end(answer.body);
      },
      // PostgREST is gone: so says the proxy before it.
      () => response.writeHead(502, trouble.bad_gateway.headers).end(trouble.bad_gateway.body),
    );
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  server.unref();

  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    requests,
    misbehave: fates.misbehave,
    calm: fates.calm,
    release: fates.release,
    get hanging() {
      return fates.hanging;
    },
    stop: async () => {
      const closed = new Promise((resolve) => server.close(resolve));
      server.closeAllConnections();
      await closed;
      agent.destroy();
    },
  };
};
