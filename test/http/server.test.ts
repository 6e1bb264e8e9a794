// The server before the API: what it lets through, and how it ends.
import { describe, expect, test } from '@jest/globals';
import { SettingsError } from '../../src/errors.ts';
import type { Peer } from '../../src/http/deps.ts';
import type { ListenOptions } from '../../src/server.ts';
import { fakeClock } from '../support/clock.ts';
import { rawConnection } from './raw_http.ts';
import { get, held, hello, startServer } from './started.ts';

const refusalOf = async (more: Partial<ListenOptions>): Promise<string> => {
  const error = await startServer(hello, more).catch((thrown: unknown) => thrown);
  if (!(error instanceof SettingsError)) throw new Error(`expected a SettingsError, got ${error}`);
  return error.message;
};

describe('listening', () => {
  test('hands on the request, with the address it came from, and says where it listens', async () => {
    const seen: [string, string, string, Peer][] = [];
    const { url, logged } = await startServer(async (request, peer) => {
      seen.push([request.method, request.url, await request.text(), peer]);
      return Response.json({ fine: true }, { status: 201 });
    });
    expect(logged).toEqual([{ event: 'server.listening', url }]);
    const answer = await fetch(`${url}/a?b=1`, { method: 'POST', body: '{"c":2}' });
    expect([answer.status, await answer.json()]).toEqual([201, { fine: true }]);
    expect(seen).toEqual([
      ['POST', `${url}/a?b=1`, '{"c":2}', { address: '127.0.0.1', streams: true }],
    ]);
  });

  test('on every address names one that this machine can ask', async () => {
    const { url } = await startServer(hello, { host: '0.0.0.0' });
    expect(url).toMatch(/^http:\/\/localhost:\d+$/);
    expect(await (await fetch(url.replace('localhost', '127.0.0.1'))).text()).toBe('hello');
  });

  test('on a port that is taken is refused with a sentence', async () => {
    const { url } = await startServer(hello);
    const port = Number(new URL(url).port);
    expect(await refusalOf({ port })).toBe(
      `Settings cannot be used: port ${port} of 127.0.0.1 is in use by another process; choose another one by --port or PORT`,
    );
  });

  test('on an address of another machine is refused with a sentence', async () => {
    expect(await refusalOf({ host: '192.0.2.1' })).toContain(
      '192.0.2.1 is no address of this machine',
    );
  });

  test.each([
    ['no body', 'Content-Length: 0\r\n\r\n', ''],
    ['not a word about a body', '\r\n', ''],
    ['a body', 'Content-Length: 5\r\n\r\nabcde', 'abcde'],
    ['chunks', 'Transfer-Encoding: chunked\r\n\r\n2\r\nab\r\n3\r\ncde\r\n0\r\n\r\n', 'abcde'],
  ])('a request with %s is one that others can be made of', async (_what, rest, body) => {
    const { connect } = await startServer(async (request) => {
      const text = await new Request(request, { headers: request.headers }).text();
      return new Response(`<${text}>`);
    });
    const { send, hears } = await connect();
    send(`POST / HTTP/1.1\r\nHost: localhost\r\n${rest}`);
    expect(await hears('>')).toContain(`<${body}>`);
  });

  test('a request whose sender hangs up is aborted, and others are answered', async () => {
    let aborted = (_error: unknown) => {};
    const over = new Promise<unknown>((resolve) => {
      aborted = resolve;
    });
    let began = () => {};
    const underWay = new Promise<void>((resolve) => {
      began = resolve;
    });
    const { connect, url } = await startServer(async (request) => {
      if (request.method === 'GET') return hello();
      began();
      await request.text().catch(aborted);
      return new Response(String(request.signal.aborted));
    });
    const { send, hangUp } = await connect();
    send('POST / HTTP/1.1\r\nHost: localhost\r\nContent-Length: 100\r\n\r\nhalf');
    await underWay;
    hangUp();
    expect(await over).toHaveProperty('message');
    expect(await (await fetch(url)).text()).toBe('hello');
  });

  test('leaves the Request and Response of the platform to job code', async () => {
    const before = [globalThis.Request, globalThis.Response];
    const { url } = await startServer(hello);
    await fetch(url);
    expect([globalThis.Request, globalThis.Response]).toEqual(before);
  });
});

test('a reader that hangs up ends the stream it read', async () => {
  let cancelled = () => {};
  const over = new Promise<void>((resolve) => {
    cancelled = resolve;
  });
  const { connect } = await startServer(async () => {
    const body = new ReadableStream({
      start: (controller) => controller.enqueue(new TextEncoder().encode('first')),
      cancel: () => cancelled(),
    });
    return new Response(body, { headers: { 'content-type': 'text/event-stream' } });
  });
  const { send, hears, hangUp } = await connect();
  send(get('/'));
  await hears('first');
  hangUp();
  await over;
});

describe('the end', () => {
  test('comes when what is under way has been answered, and nobody new gets in', async () => {
    const { fetch: answer, underWay, release } = held();
    const { url, closed, stop, connect } = await startServer(answer);
    const { send, ended } = await connect();
    send(get('/'));
    await underWay;
    stop();
    await expect(rawConnection(url)).rejects.toThrow('ECONNREFUSED');
    release();
    expect(await ended).toMatch(/^HTTP\/1\.1 200 .*connection: close.*done$/is);
    await closed;
  });

  test('does not wait for connections that ask nothing', async () => {
    const clock = fakeClock();
    const { closed, stop, connect } = await startServer(hello, { clock });
    const silent = await connect();
    const idle = await connect();
    idle.send(get('/'));
    await idle.hears('hello');
    const half = await connect();
    half.send('GET / HTTP/1.1\r\nHo');
    stop();
    await Promise.all([silent.ended, idle.ended, half.ended, closed]);
    expect(clock.timers).toBe(0);
  });

  test('waits five seconds for an answer, and no longer', async () => {
    const clock = fakeClock();
    const { fetch: answer, underWay } = held();
    const { closed, stop, connect } = await startServer(answer, { clock });
    const { send, ended } = await connect();
    send(get('/'));
    await underWay;
    stop();
    let over = false;
    const end = closed.then(() => {
      over = true;
    });
    await clock.advance(4999);
    expect(over).toBe(false);
    await clock.advance(1);
    await Promise.all([ended, end]);
  });

  test('of an event stream that ends by itself closes its connection, too', async () => {
    const clock = fakeClock();
    const stopped = new AbortController();
    const { closed, stop, connect } = await startServer(
      async () =>
        new Response(
          new ReadableStream({
            start: (controller) => {
              controller.enqueue(new TextEncoder().encode('first'));
              stopped.signal.addEventListener('abort', () => controller.close());
            },
          }),
        ),
      { clock },
    );
    const { send, hears, ended } = await connect();
    send(get('/'));
    await hears('first');
    stop();
    stopped.abort();
    await Promise.all([ended, closed]);
  });
});
