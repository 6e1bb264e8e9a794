// What http_request may not give away and where it may not go: secrets and private addresses.
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { maskOf } from '../../src/jobs/http_request/secrets.ts';
import { createLine, type Line } from './line.ts';
import { fine, sendOnce, serve } from './sending.ts';

let line: Line;
beforeEach(async () => {
  line = await createLine();
});
afterEach(() => line.close());

describe('secrets of http_request', () => {
  const secrets = { TOKEN: 'p/ss "w&rd"', PASSWORD: 'hünter2', HIDDEN: 'not allowed' };
  const deps = { secret_names: ['TOKEN', 'PASSWORD', 'UNSET'], secrets };
  const { TOKEN, PASSWORD } = secrets;
  const forms = [TOKEN, PASSWORD, encodeURIComponent(TOKEN), Buffer.from(TOKEN).toString('base64')];

  test('are filled in where they are named and masked wherever they come back', async () => {
    const { url, received } = await serve((response, { path, headers, body }) => {
      const echo = { path, headers, body, base64: Buffer.from(TOKEN).toString('base64') };
      response.writeHead(200, { 'content-type': 'application/json', 'x-echo': encodeURI(path) });
      response.end(JSON.stringify(echo));
    });
    const { ended, stored } = await sendOnce(
      line,
      {
        url: `${url.replace('//', '//user:${env:PASSWORD}@')}/x?key=\${env:TOKEN}`,
        headers: { 'x-token': 'Bearer ${env:TOKEN}' },
        body: { nested: [{ password: '${env:PASSWORD}' }], number: 1 },
      },
      deps,
    );
    expect(ended.status).toBe('success');
    expect(received[0]!.path).toBe(`/x?key=${encodeURIComponent(TOKEN)}`);
    expect(received[0]!.headers['x-token']).toBe(`Bearer ${TOKEN}`);
    const basic = Buffer.from(`user:${PASSWORD}`).toString('base64');
    expect(received[0]!.headers.authorization).toBe(`Basic ${basic}`);
    expect(JSON.parse(received[0]!.body)).toEqual({ nested: [{ password: PASSWORD }], number: 1 });
    expect(stored).toContain('***');
    for (const form of [...forms, basic]) {
      expect(stored).not.toContain(form);
      expect(stored).not.toContain(JSON.stringify(form).slice(1, -1));
    }
  });

  test('do not show in errors either', async () => {
    const { url } = await serve((response) =>
      response.writeHead(302, { location: `/login?key=${encodeURIComponent(TOKEN)}` }).end(),
    );
    const there = await sendOnce(line, { url: `${url}/\${env:TOKEN}` }, deps);
    expect(there.ended.error_message).toContain('/login?key=***');
    const away = await sendOnce(line, { url: 'http://127.0.0.1:1/${env:TOKEN}' }, deps);
    expect(away.ended.error_message).toContain('/${env:TOKEN} got no answer');
    for (const form of forms) expect(there.stored + away.stored).not.toContain(form);
  });

  test('cut in two at the end of what is read do not show', async () => {
    const limit = 256 * 1024;
    // Masking makes the text shorter, and so moves the cut end into the part that is kept.
    const bodies = [0, 1, 2, 3].map((before) => 'a'.repeat(before) + TOKEN.repeat(40_000));
    bodies.push('a'.repeat(limit - 3) + TOKEN.repeat(2), 'a'.repeat(limit - 3) + TOKEN);
    for (const sent of bodies) {
      const { url } = await serve((response) => response.end(sent));
      const { ended } = await sendOnce(line, { url }, deps);
      const { body } = ended.result as { body: string };
      expect(body).not.toContain(TOKEN.slice(0, 2));
      expect(body.length).toBeGreaterThan(60_000);
    }
  });

  test('that begin like another one are masked whole', () => {
    const values = { SHORT: 'abc', LONG: 'abcdef' };
    const mask = maskOf({ secret_names: ['SHORT', 'LONG'], values }, []);
    expect(mask('x abcdef y abc z')).toBe('x *** y *** z');
  });

  test.each([
    ['HIDDEN', 'add HIDDEN to HTTP_REQUEST_SECRETS'],
    ['UNSET', 'HTTP_REQUEST_SECRETS allows UNSET, but it is not set'],
    ['constructor', 'add constructor to HTTP_REQUEST_SECRETS'],
  ])('named %s fail the job for good, naming the setting', async (name, message) => {
    const { url, received } = await serve(fine);
    const { ended } = await sendOnce(line, { url, headers: { 'x-key': `\${env:${name}}` } }, deps);
    expect(ended).toMatchObject({ status: 'failed', job_status: 'failed' });
    expect(ended.error_message).toContain(message);
    expect(received).toHaveLength(0);
  });

  test('may hold a whole base address, and may not smuggle a header', async () => {
    const { url, received } = await serve(fine);
    const own = {
      secret_names: ['BASE', 'LINES'],
      secrets: { BASE: url, LINES: 'a\r\nx-evil: 1' },
    };
    expect((await sendOnce(line, { url: '${env:BASE}/x' }, own)).ended.status).toBe('success');
    const evil = await sendOnce(line, { url, headers: { 'x-key': '${env:LINES}' } }, own);
    expect(evil.ended).toMatchObject({ status: 'failed', job_status: 'failed' });
    expect(evil.ended.error_message).toContain('headers.x-key');
    expect(evil.stored).not.toContain('x-evil');
    expect(received.map(({ path }) => path)).toEqual(['/x']);
  });
});

describe('private addresses', () => {
  test('are refused for good unless they are allowed', async () => {
    const { port, received } = await serve(fine);
    const hosts = ['127.0.0.1', 'localhost', '2130706433', '0x7f.1', '[::1]', '[::ffff:127.0.0.1]'];
    for (const host of hosts) {
      const { ended } = await sendOnce(
        line,
        { url: `http://${host}:${port}/` },
        { allow_private: false },
      );
      expect(ended).toMatchObject({ status: 'failed', job_status: 'failed' });
      expect(ended.error_message).toContain('HTTP_REQUEST_ALLOW_PRIVATE');
    }
    expect(received).toHaveLength(0);
  });

  test('are refused behind a name, also when it has public ones besides', async () => {
    const resolve = async () => [
      { address: '93.184.216.34', family: 4 },
      { address: '169.254.169.254', family: 4 },
    ];
    const deps = { allow_private: false, resolve };
    const { ended } = await sendOnce(line, { url: 'http://name.example/' }, deps);
    expect(ended).toMatchObject({ status: 'failed', job_status: 'failed' });
    expect(ended.error_message).toContain('name.example (169.254.169.254) is not a public address');
  });

  test('cannot be slipped in between checking and connecting: a name is resolved once', async () => {
    const { port, received } = await serve(fine);
    const names: string[] = [];
    const resolve = async (name: string) => {
      names.push(name);
      return [{ address: names.length === 1 ? '127.0.0.1' : '127.0.0.2', family: 4 }];
    };
    const { ended } = await sendOnce(line, { url: `http://name.example:${port}/` }, { resolve });
    expect(ended.status).toBe('success');
    expect(names).toEqual(['name.example']);
    expect(received[0]!.headers.host).toBe(`name.example:${port}`);
  });
});
