// Answers as Lambda functions give them: whole, and bit by bit.
import { Writable } from 'node:stream';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { toResult } from '../../../handlers/aws/response.ts';
import { sendStream } from '../../../handlers/aws/send_stream.ts';
import { streamingRuntime } from '../hosts/aws_streaming.ts';
import { balancerEvent, restEvent, urlEvent } from './http_events.ts';

const lists = { headers: undefined, multiValueHeaders: { host: ['lb.example.com'] } };
const json = { 'content-type': 'application/json' };

describe('a whole answer', () => {
  test('has the status, the headers and the text', async () => {
    const response = new Response('{"name":"Käse"}', { status: 201, headers: json });
    expect(await toResult(response, urlEvent(), 'url')).toEqual({
      statusCode: 201,
      headers: json,
      body: '{"name":"Käse"}',
      isBase64Encoded: false,
    });
  });

  test('without a body has an empty one', async () => {
    const result = await toResult(new Response(null, { status: 204 }), restEvent(), 'rest');
    expect(result).toMatchObject({ statusCode: 204, body: '', isBase64Encoded: false });
  });

  test('of bytes comes as base64', async () => {
    const bytes = new Uint8Array([0x1f, 0x8b, 0, 255]);
    const result = await toResult(new Response(bytes), urlEvent(), 'url');
    expect(result).toMatchObject({ body: 'H4sA/w==', isBase64Encoded: true });
  });

  test('for a load balancer says its status in words, with the kind of headers that it sends', async () => {
    const answer = () => new Response('ok', { headers: { 'x-a': '1' } });
    const single = await toResult(answer(), balancerEvent(), 'balancer');
    expect(single).toMatchObject({ statusDescription: '200 OK', headers: { 'x-a': '1' } });
    const several = await toResult(answer(), balancerEvent(lists), 'balancer');
    expect(several).toMatchObject({ multiValueHeaders: { 'x-a': ['1'] } });
    expect(several).not.toHaveProperty('headers');
  });

  test.each([
    ['url', urlEvent(), 6_000_000, 7_000_000],
    ['balancer', balancerEvent(), 1_000_000, 1_100_000],
  ] as const)(
    'larger than %s passes on is a problem that says so',
    async (sender, event, fits, not) => {
      const of = (length: number) => toResult(new Response('x'.repeat(length)), event, sender);
      expect((await of(fits)).statusCode).toBe(200);
      const refused = await of(not);
      expect(refused.statusCode).toBe(413);
      expect(JSON.parse(refused.body)).toMatchObject({
        code: 'too_large',
        detail: expect.stringMatching(/^The answer has \d+ bytes, and AWS passes on \d+;/),
      });
    },
  );
});

describe('a streamed answer', () => {
  const runtime = streamingRuntime();
  beforeEach(() => {
    Object.assign(globalThis, { awslambda: runtime });
  });
  afterEach(() => {
    Reflect.deleteProperty(globalThis, 'awslambda');
  });

  const sink = () => {
    const chunks: Buffer[] = [];
    const stream = new Writable({
      write: (chunk, _encoding, done) => {
        chunks.push(chunk);
        done();
      },
    });
    return { stream: runtime.prepare(stream), bytes: () => Buffer.concat(chunks) };
  };
  const minute = { getRemainingTimeInMillis: () => 60_000 };

  test('is the head as JSON, eight zero bytes and the body', async () => {
    const { stream, bytes } = sink();
    await sendStream(new Response('hello', { headers: json }), stream, minute);
    const head = JSON.stringify({ statusCode: 200, headers: json });
    expect(bytes().toString('latin1')).toBe(`${head}${'\0'.repeat(8)}hello`);
    expect(stream.writableEnded).toBe(true);
  });

  test('without a body is the head all the same', async () => {
    const { stream, bytes } = sink();
    await sendStream(new Response(null, { status: 204 }), stream, minute);
    expect(bytes().toString('latin1')).toBe(`{"statusCode":204,"headers":{}}${'\0'.repeat(8)}`);
    expect(stream.writableEnded).toBe(true);
  });

  test('that goes on ends before the function does, and lets go of what it reads', async () => {
    const { stream, bytes } = sink();
    let cancelled = false;
    const endless = new ReadableStream<Uint8Array>({
      start: (controller) => controller.enqueue(Buffer.from(': and so on')),
      cancel: () => {
        cancelled = true;
      },
    });
    const soon = { getRemainingTimeInMillis: () => 2001 };
    await sendStream(new Response(endless), stream, soon);
    expect(bytes().toString('latin1')).toContain(': and so on');
    expect([cancelled, stream.writableEnded]).toEqual([true, true]);
  });
});
