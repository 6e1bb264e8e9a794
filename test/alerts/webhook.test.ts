// Sending over real HTTP: what counts as told, what is tried again, how long it may take, and that the
// address stays a secret.
import { describe, expect, test } from '@jest/globals';
import { freePort } from '../support/servers/ports.ts';
import { answer, fine, hang, receiver, TOKEN } from './receiver.ts';
import { reasonOf, send, took } from './sending.ts';

describe('a message', () => {
  test('is one POST of JSON with a sentence for people under `text`', async () => {
    const { url, received } = await receiver();
    await send(url);
    expect(received).toMatchObject([
      {
        method: 'POST',
        path: `/services/${TOKEN}`,
        headers: { 'content-type': 'application/json' },
        message: { event: 'job.failing', failures: 3, error_message: 'no & never' },
      },
    ]);
    expect(received[0]!.message.text).toMatch(/: no &amp; never$/);
    expect(received[0]!.headers).not.toHaveProperty('authorization');
  });

  test('takes user and password of the address along as a header, not in the address', async () => {
    const { host, received } = await receiver();
    await send(`http://al%C3%ADce:top%20secret@${host}/hook?a=1`);
    const authorization = `Basic ${Buffer.from('alíce:top secret').toString('base64')}`;
    expect(received).toMatchObject([{ path: '/hook?a=1', headers: { host, authorization } }]);
  });

  test.each([200, 201, 202, 204])('was heard when it is answered by %i', async (status) => {
    const { url, received } = await receiver(answer(status));
    await send(url);
    expect(received).toHaveLength(1);
  });

  test('is heard once there is a status: an answer without end is not read', async () => {
    let closed = (): void => undefined;
    const gone = new Promise<void>((resolve) => {
      closed = resolve;
    });
    const { url } = await receiver((response) => {
      response.writeHead(200);
      const more = () => {
        // Until the other side has had enough; waits when it does not read.
        while (!response.destroyed && response.write('x'.repeat(65_536)));
      };
      response.on('drain', more).on('close', closed);
      more();
    });
    await send(url);
    await gone;
  });

  test('follows no redirect', async () => {
    const elsewhere = await receiver();
    const { url, host, received } = await receiver(answer(307, { location: elsewhere.url }));
    expect(await reasonOf(send(url))).toBe(`${host} answered 307; redirects are not followed`);
    expect([received.length, elsewhere.received.length]).toEqual([1, 0]);
  });
});

describe('what did not get through', () => {
  test.each([400, 403, 404, 410])('and was answered by %i is not sent again', async (status) => {
    const { url, host, received } = await receiver(answer(status));
    expect(await reasonOf(send(url))).toBe(`${host} answered ${status}`);
    expect(received).toHaveLength(1);
  });

  test.concurrent.each([429, 500, 503])(
    'and was answered by %i is sent once more',
    async (status) => {
      const { url, received } = await receiver((response, nth) =>
        nth === 1 ? answer(status)(response, nth) : fine(response, nth),
      );
      await send(url);
      expect(received.map(({ message }) => message)).toEqual([
        received[0]!.message,
        received[0]!.message,
      ]);
      expect(received).toHaveLength(2);
    },
  );

  test.concurrent('is not sent a third time', async () => {
    const { url, host, received } = await receiver(answer(502));
    expect(await reasonOf(send(url))).toBe(`${host} answered 502`);
    expect(received).toHaveLength(2);
  });

  test.concurrent('is sent once more after the connection broke', async () => {
    const { url, received } = await receiver((response, nth) =>
      nth === 1 ? response.destroy() : response.end(),
    );
    await send(url);
    expect(received).toHaveLength(2);
  });

  test.concurrent('because nobody listens is told of by the host alone', async () => {
    const host = `127.0.0.1:${await freePort()}`;
    const reason = await reasonOf(send(`http://user:secret@${host}/services/${TOKEN}`));
    expect(reason).toBe(`${host} cannot be reached (ECONNREFUSED)`);
  });

  test.concurrent('is sent again no sooner than `Retry-After` asks for', async () => {
    const { url, received } = await receiver((response, nth) =>
      nth === 1 ? answer(429, { 'retry-after': '1' })(response, nth) : fine(response, nth),
    );
    expect(await took(send(url))).toBeGreaterThanOrEqual(995);
    expect(received).toHaveLength(2);
  });

  test.concurrent.each([
    ['seconds', () => '30'],
    ['a date', () => new Date(Date.now() + 30_000).toUTCString()],
  ])('is not sent again when that is longer than there is, by %s', async (_, after) => {
    const { url, host, received } = await receiver(answer(503, { 'retry-after': after() }));
    const sending = reasonOf(send(url));
    expect(await took(sending)).toBeLessThan(2500);
    expect(await sending).toBe(`${host} answered 503`);
    expect(received).toHaveLength(1);
  });

  test.concurrent('is sent again soon where `Retry-After` cannot be read', async () => {
    const { url, received } = await receiver((response, nth) =>
      nth === 1 ? answer(500, { 'retry-after': 'later' })(response, nth) : fine(response, nth),
    );
    await send(url);
    expect(received).toHaveLength(2);
  });
});

describe('the time', () => {
  test('ends the wait for an answer', async () => {
    const { url, host } = await receiver(hang);
    const sending = reasonOf(send(url, 80));
    expect(await took(sending)).toBeLessThan(2000);
    expect(await sending).toBe(`${host} did not answer within 0.08 s`);
  });

  test('leaves room for a second sending, or there is none', async () => {
    const { url, host, received } = await receiver(answer(500));
    expect(await reasonOf(send(url, 400))).toBe(`${host} answered 500`);
    expect(received).toHaveLength(1);
  });

  test('also ends the second sending', async () => {
    const { url, host } = await receiver((response, nth) =>
      nth === 1 ? answer(500)(response, nth) : hang(response, nth),
    );
    expect(await reasonOf(send(url, 800))).toBe(`${host} did not answer within 0.8 s`);
  });

  test.each([0, -5])('of %i ms is none: nothing is sent', async (within_ms) => {
    const { url, host, received } = await receiver();
    const reason = await reasonOf(send(url, within_ms));
    expect(reason).toBe(`there was no time left to tell ${host}`);
    expect(received).toHaveLength(0);
  });

  test('is not used up by a fraction of a millisecond', async () => {
    const { url, received } = await receiver();
    await send(url, 4999.123456);
    expect(received).toHaveLength(1);
  });
});
