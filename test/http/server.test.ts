// The server before the API: what it lets through, what it refuses by itself, and how it ends.
import { afterEach, describe, expect, test } from '@jest/globals';
import type { Api } from '../../src/api.ts';
import { systemClock } from '../../src/clock.ts';
import { SettingsError } from '../../src/errors.ts';
import type { Peer } from '../../src/http/deps.ts';
import type { LogEvent } from '../../src/log.ts';
import { type Listening, type ListenOptions, listen } from '../../src/server.ts';
import { fakeClock } from '../support/clock.ts';
import { type RawConnection, rawConnection } from './raw_http.ts';

const stops: AbortController[] = [];
const connections: RawConnection[] = [];
afterEach(() => {
  for (const stop of stops.splice(0)) stop.abort();
  for (const connection of connections.splice(0)) connection.hangUp();
});

interface Started extends Listening {
  stop(): void;
  logged: LogEvent[];
  connect(): Promise<RawConnection>;
}

const start = async (fetch: Api['fetch'], more: Partial<ListenOptions> = {}): Promise<Started> => {
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

const hello = async () => new Response('hello');
const get = (path: string) => `GET ${path} HTTP/1.1\r\nHost: localhost\r\n\r\n`;

/** Answers when it is told to. */
const held = () => {
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

const refusalOf = async (more: Partial<ListenOptions>): Promise<string> => {
  const error = await start(hello, more).catch((thrown: unknown) => thrown);
  if (!(error instanceof SettingsError)) throw new Error(`expected a SettingsError, got ${error}`);
  return error.message;
};

describe('listening', () => {
  test('hands on the request, with the address it came from, and says where it listens', async () => {
    const seen: [string, string, string, Peer][] = [];
    const { url, logged } = await start(async (request, peer) => {
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
    const { url } = await start(hello, { host: '0.0.0.0' });
    expect(url).toMatch(/^http:\/\/localhost:\d+$/);
    expect(await (await fetch(url.replace('localhost', '127.0.0.1'))).text()).toBe('hello');
  });

  test('on a port that is taken is refused with a sentence', async () => {
    const { url } = await start(hello);
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
    const { connect } = await start(async (request) => {
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
    const { connect, url } = await start(async (request) => {
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
    const { url } = await start(hello);
    await fetch(url);
    expect([globalThis.Request, globalThis.Response]).toEqual(before);
  });
});

describe('what does not reach the API', () => {
  const never = async (): Promise<Response> => {
    throw new Error('nobody was to ask');
  };

  test('headers of more than 16 KiB are answered with 431', async () => {
    const { connect, logged } = await start(never);
    const { send, ended } = await connect();
    send(`GET / HTTP/1.1\r\nHost: localhost\r\nX: ${'x'.repeat(17_000)}\r\n\r\n`);
    expect(await ended).toMatch(/^HTTP\/1\.1 431 /);
    expect(logged).toHaveLength(1);
  });

  test.each([
    ['no HTTP', 'HELO there\r\n\r\n'],
    ['no Host', 'GET / HTTP/1.1\r\n\r\n'],
    [
      'two lengths',
      'POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\nxx',
    ],
    [
      'a length and chunks',
      'POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n',
    ],
  ])('%s is answered with 400', async (_what, text) => {
    const { connect, logged } = await start(never);
    const { send, hears } = await connect();
    send(text);
    expect(await hears('\r\n\r\n')).toMatch(/^HTTP\/1\.1 400 /);
    expect(logged).toHaveLength(1);
  });

  test.each(['a/b', 'user@host', 'a?b'])(
    'the Host %s is refused in the words of the API',
    async (host) => {
      const { connect, logged } = await start(never);
      const { send, hears } = await connect();
      send(`GET / HTTP/1.1\r\nHost: ${host}\r\n\r\n`);
      const answer = await hears('}');
      expect(answer).toMatch(/^HTTP\/1\.1 400 .*content-type: application\/problem\+json/is);
      expect(JSON.parse(answer.split('\r\n\r\n')[1] ?? '')).toMatchObject({ status: 400 });
      expect(logged).toHaveLength(1);
    },
  );

  test('an address with a password in it is refused in the words of the API', async () => {
    const { connect, logged } = await start(never);
    const { send, hears } = await connect();
    send('GET http://me:secret@localhost/healthz HTTP/1.1\r\nHost: localhost\r\n\r\n');
    expect(await hears('}')).toMatch(/^HTTP\/1\.1 400 .*problem\+json/is);
    expect(logged).toHaveLength(1);
  });

  test('TRACE, which would tell a page what its browser sends, is refused', async () => {
    const { connect } = await start(never);
    const { send, hears } = await connect();
    send('TRACE / HTTP/1.1\r\nHost: localhost\r\n\r\n');
    expect(await hears('}')).toMatch(/^HTTP\/1\.1 405 /);
  });

  test('an old health check without a Host is answered', async () => {
    const { connect } = await start(hello);
    const { send, ended } = await connect();
    send('GET /healthz HTTP/1.0\r\n\r\n');
    expect(await ended).toMatch(/^HTTP\/1\.1 200 .*hello$/s);
  });

  test('a fault of ours is told by its number alone, and by the log', async () => {
    const { url, logged } = await start(never);
    const answer = await fetch(url);
    const { detail, ...problem } = (await answer.json()) as { detail: string };
    expect([answer.status, problem]).toEqual([500, expect.objectContaining({ status: 500 })]);
    const failed = logged.find(({ event }) => event === 'http.failed');
    expect(failed).toMatchObject({ reason: 'nobody was to ask' });
    expect(detail).toBe(
      `Something went wrong here; the log says more under ${failed && 'request_id' in failed ? failed.request_id : ''}.`,
    );
  });
});

test('a reader that hangs up ends the stream it read', async () => {
  let cancelled = () => {};
  const over = new Promise<void>((resolve) => {
    cancelled = resolve;
  });
  const { connect } = await start(async () => {
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
    const { url, closed, stop, connect } = await start(answer);
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
    const { closed, stop, connect } = await start(hello, { clock });
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
    const { closed, stop, connect } = await start(answer, { clock });
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
    const { closed, stop, connect } = await start(
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
