// The server before the API: what it refuses by itself.
import { describe, expect, test } from '@jest/globals';
import { hello, startServer } from './started.ts';

describe('what does not reach the API', () => {
  const never = async (): Promise<Response> => {
    throw new Error('nobody was to ask');
  };

  test('headers of more than 16 KiB are answered with 431', async () => {
    const { connect, logged } = await startServer(never);
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
    const { connect, logged } = await startServer(never);
    const { send, hears } = await connect();
    send(text);
    expect(await hears('\r\n\r\n')).toMatch(/^HTTP\/1\.1 400 /);
    expect(logged).toHaveLength(1);
  });

  test.each(['a/b', 'user@host', 'a?b'])(
    'the Host %s is refused in the words of the API',
    async (host) => {
      const { connect, logged } = await startServer(never);
      const { send, hears } = await connect();
      send(`GET / HTTP/1.1\r\nHost: ${host}\r\n\r\n`);
      const answer = await hears('}');
      expect(answer).toMatch(/^HTTP\/1\.1 400 .*content-type: application\/problem\+json/is);
      expect(JSON.parse(answer.split('\r\n\r\n')[1] ?? '')).toMatchObject({ status: 400 });
      expect(logged).toHaveLength(1);
    },
  );

  test('an address with a password in it is refused in the words of the API', async () => {
    const { connect, logged } = await startServer(never);
    const { send, hears } = await connect();
    send('GET http://me:secret@localhost/healthz HTTP/1.1\r\nHost: localhost\r\n\r\n');
    expect(await hears('}')).toMatch(/^HTTP\/1\.1 400 .*problem\+json/is);
    expect(logged).toHaveLength(1);
  });

  test('TRACE, which would tell a page what its browser sends, is refused', async () => {
    const { connect } = await startServer(never);
    const { send, hears } = await connect();
    send('TRACE / HTTP/1.1\r\nHost: localhost\r\n\r\n');
    expect(await hears('}')).toMatch(/^HTTP\/1\.1 405 /);
  });

  test('an old health check without a Host is answered', async () => {
    const { connect } = await startServer(hello);
    const { send, ended } = await connect();
    send('GET /healthz HTTP/1.0\r\n\r\n');
    expect(await ended).toMatch(/^HTTP\/1\.1 200 .*hello$/s);
  });

  test('a fault of ours is told by its number alone, and by the log', async () => {
    const { url, logged } = await startServer(never);
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
