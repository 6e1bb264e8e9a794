// http_request on the real line, against real servers on 127.0.0.1.
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { acceptConfig } from '../../src/core/definition.ts';
import { httpRequest } from '../../src/jobs/http_request/job.ts';
import { createLine, type Line } from './line.ts';
import { permissive, sendOnce, serve } from './sending.ts';

let line: Line;
beforeEach(async () => {
  line = await createLine();
});
afterEach(() => line.close());

describe('http_request', () => {
  test('sends a GET and keeps status, headers and body', async () => {
    const { url, received } = await serve((response) =>
      response.writeHead(201, { 'x-kind': 'test', 'set-cookie': 'sid=1' }).end('fine'),
    );
    const { ended, job_id } = await sendOnce(line, { url: `${url}/path?q=1` });
    expect(ended).toMatchObject({
      status: 'success',
      result: {
        url: `${url}/path?q=1`,
        method: 'GET',
        status: 201,
        body: 'fine',
        truncated: false,
      },
    });
    const { headers } = ended.result as { headers: Record<string, string> };
    expect(headers['x-kind']).toBe('test');
    expect(headers).not.toHaveProperty('set-cookie');
    expect(received).toMatchObject([{ method: 'GET', path: '/path?q=1', body: '' }]);
    expect(received[0]!.headers['idempotency-key']).toBe(job_id);
  });

  test('sends an object as JSON and a text as it is, and reads JSON answers', async () => {
    const { url, received } = await serve((response) =>
      response.writeHead(200, { 'content-type': 'application/json' }).end('{"a":[1]}'),
    );
    const first = await sendOnce(line, { url, body: { x: 'é' } });
    expect(first.ended.result).toMatchObject({ method: 'POST', body: { a: [1] } });
    await sendOnce(line, {
      url,
      method: 'put',
      body: 'plain',
      headers: { 'Idempotency-Key': 'mine' },
    });
    expect(received[0]).toMatchObject({ method: 'POST', body: '{"x":"é"}' });
    expect(received[0]!.headers['content-type']).toBe('application/json');
    expect(received[1]).toMatchObject({ method: 'PUT', body: 'plain' });
    expect(received[1]!.headers['content-type']).toMatch('text/plain');
    expect(received[1]!.headers['idempotency-key']).toBe('mine');
  });

  test('keeps 256 KiB of a longer body, and nothing of one that is no text', async () => {
    const { url } = await serve((response, { path }) =>
      response.end(path === '/long' ? 'é'.repeat(1024 * 1024) : Buffer.from([0, 255, 1])),
    );
    const long = (await sendOnce(line, { url: `${url}/long` })).ended.result as { body: string };
    expect(Buffer.byteLength(long.body)).toBe(256 * 1024);
    expect(long).toMatchObject({ truncated: true });
    const binary = await sendOnce(line, { url: `${url}/binary` });
    expect(binary.ended.result).toMatchObject({ body: null, truncated: false });
  });

  test('keeps JSON with characters that no store takes, replaced', async () => {
    const { url } = await serve((response) =>
      response
        .writeHead(200, { 'content-type': 'application/json' })
        .end('{"a\\u0000":["\\ud83e","\\ud83e\\udd91"]}'),
    );
    const { ended } = await sendOnce(line, { url });
    expect(ended).toMatchObject({
      status: 'success',
      result: { body: { 'a\ufffd': ['\ufffd', '🦑'] } },
    });
  });

  test.each([
    [404, undefined, 'failed', 'answered 404; expected 200 to 299'],
    [200, [204, 404], 'failed', 'answered 200; expected 204, 404'],
    [500, undefined, 'waiting', 'answered 500'],
    [408, undefined, 'waiting', 'answered 408'],
    [429, undefined, 'waiting', 'answered 429'],
  ])('with status %i where %j is expected is %s', async (status, expect_status, job, message) => {
    const { url } = await serve((response) => response.writeHead(status).end());
    const { ended } = await sendOnce(line, { url, ...(expect_status && { expect_status }) });
    expect(ended).toMatchObject({ status: 'failed', job_status: job });
    expect(ended.error_message).toContain(message);
  });

  test('takes any status that is expected for a success', async () => {
    const { url } = await serve((response) => response.writeHead(404).end());
    for (const expect_status of [404, [200, 404]]) {
      expect((await sendOnce(line, { url, expect_status })).ended).toMatchObject({
        status: 'success',
      });
    }
  });

  test('comes back when Retry-After says, without using a retry', async () => {
    const { url } = await serve((response) =>
      response.writeHead(503, { 'retry-after': '7' }).end(),
    );
    const { ended } = await sendOnce(line, { url });
    expect(ended).toMatchObject({ status: 'yielded', job_status: 'waiting', retry_in_seconds: 7 });
    const hurried = await serve((response) =>
      response.writeHead(503, { 'retry-after': '0' }).end(),
    );
    expect((await sendOnce(line, { url: hurried.url })).ended.status).toBe('failed');
  });

  test('does not follow a redirect: it tells where to', async () => {
    const { url, received } = await serve((response) =>
      response.writeHead(302, { location: 'https://elsewhere.example/' }).end(),
    );
    const { ended } = await sendOnce(line, { url });
    expect(ended).toMatchObject({ status: 'failed', job_status: 'failed' });
    expect(ended.error_message).toContain('to https://elsewhere.example/, which is not followed');
    expect(received).toHaveLength(1);
  });

  test('is retried when nobody answers or the answer breaks off', async () => {
    const nobody = await sendOnce(line, { url: 'http://127.0.0.1:1/' });
    expect(nobody.ended).toMatchObject({ status: 'failed', job_status: 'waiting' });
    expect(nobody.ended.error_message).toBe('GET http://127.0.0.1:1/ got no answer: ECONNREFUSED');
    const { url } = await serve((response) => {
      response.writeHead(200, { 'content-length': 1000 });
      response.write('half', () => response.destroy());
    });
    const broken = await sendOnce(line, { url });
    expect(broken.ended).toMatchObject({ status: 'failed', job_status: 'waiting' });
  });

  test('stops waiting for an answer when its time is over', async () => {
    const { url, received } = await serve(() => {});
    const instance = await line.instance(() => [httpRequest(permissive)]);
    await line.create(instance.store, 'http_request', { url });
    const running = instance.run();
    while (received.length === 0) await new Promise(setImmediate);
    const ended = await line.until(running);
    expect(ended).toMatchObject({ status: 'timeout', job_status: 'waiting' });
    expect(ended.duration_seconds).toBe(300);
  });
});

describe('a config of http_request', () => {
  const url = 'https://example.org/';
  test.each([
    [{}, 'config.url'],
    [{ url: 'example.org' }, 'config.url'],
    [{ url: 'file:///etc/passwd' }, 'config.url'],
    [{ url: 'ftp://example.org/' }, 'config.url'],
    [{ url: 'https://user:secret@example.org/' }, 'config.url'],
    [{ url: 'https://example.org/${env:}' }, 'config.url'],
    [{ url, method: 'TRACE' }, 'config.method'],
    [{ url, method: 'GET', body: 'x' }, 'config.body'],
    [{ url, body: { a: '${env:no name}' } }, 'config.body'],
    [{ url, headers: { 'bad name': 'x' } }, 'config.headers.bad name'],
    [{ url, headers: { 'x-a': 'b\r\nx-evil: 1' } }, 'config.headers.x-a'],
    [{ url, headers: { Host: 'other' } }, 'config.headers.Host'],
    [{ url, headers: { 'Content-Length': '5' } }, 'config.headers.Content-Length'],
    [{ url, expect_status: 99 }, 'config.expect_status'],
    [{ url, timeout: 5 }, 'config'],
  ])('%j is refused at %s', async (config, path) => {
    await expect(acceptConfig(httpRequest(permissive), config)).rejects.toMatchObject({
      problems: [expect.objectContaining({ path })],
    });
  });
});
