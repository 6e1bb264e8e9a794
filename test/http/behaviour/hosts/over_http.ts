// Requests to a process by HTTP, as they are, with whatever its platform puts into each of them.
import { request } from 'node:http';
import type { Received, Sent } from './host.ts';

const headersOf = (raw: string[]): Headers => {
  const headers = new Headers();
  for (let at = 0; at < raw.length; at += 2) headers.append(raw[at]!, raw[at + 1]!);
  return headers;
};

/** Rejects when the process ends before it answers. */
export const sendTo =
  (port: number, platform: Record<string, string> = {}) =>
  (path: string, { method, headers, body }: Sent): Promise<Received> =>
    new Promise((resolve, reject) => {
      const own = { ...Object.fromEntries(headers), ...platform };
      // A front end appends to what there is already.
      const forwarded = [headers.get('x-forwarded-for'), platform['x-forwarded-for']];
      const named = forwarded.filter((each) => each !== null && each !== undefined).join(', ');
      const sent = request({
        host: '127.0.0.1',
        port,
        path,
        method,
        agent: false,
        headers: { ...own, ...(named !== '' && { 'x-forwarded-for': named }) },
      });
      sent.once('error', reject);
      sent.once('response', (answer) => {
        const { statusCode: status = 0, rawHeaders } = answer;
        resolve({ status, headers: headersOf(rawHeaders), body: answer });
      });
      sent.end(body ?? undefined);
    });
