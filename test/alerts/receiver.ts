// Who is told: a real HTTP server on loopback that remembers what it was sent.
import type { IncomingHttpHeaders, ServerResponse } from 'node:http';
import type { Message } from '../../src/alerts/message.ts';
import { listen } from '../jobs/servers.ts';

export interface Received {
  method: string;
  path: string;
  headers: IncomingHttpHeaders;
  message: Message;
}

/** Nobody may read this part of the address. */
export const TOKEN = 'T0000-B0000-hunter2hunter2';

/** `nth` counts the requests from 1. */
type Reply = (response: ServerResponse, nth: number) => void;

export const fine: Reply = (response) => response.end('ok');

/** Always the same status. */
export const answer =
  (status: number, headers: Record<string, string> = {}): Reply =>
  (response) =>
    response.writeHead(status, headers).end();

export const hang: Reply = () => undefined;

/** `url` is that of a webhook with a token in its path. */
export const receiver = async (reply: Reply = fine) => {
  const received: Received[] = [];
  const server = await listen(async (request, response) => {
    let body = '';
    for await (const chunk of request) body += chunk;
    const { method = '', url: path = '', headers } = request;
    received.push({ method, path, headers, message: JSON.parse(body) });
    reply(response, received.length);
  });
  const { url, port } = server;
  const host = `127.0.0.1:${port}`;
  const events = () => received.map(({ message }) => message.event);
  return { url: `${url}/services/${TOKEN}`, host, port, received, events };
};
