// Bodies written bit by bit: in order, as fast as they are taken, and no longer than somebody reads.
import { once } from 'node:events';
import { Writable } from 'node:stream';
import { expect, test } from '@jest/globals';
import { sendBody } from '../../../handlers/send_body.ts';

const bodyOf = (next: () => string | null) => {
  let cancelled = false;
  const body = new ReadableStream<Uint8Array>(
    {
      pull: (controller) => {
        const text = next();
        if (text === null) controller.close();
        else controller.enqueue(Buffer.from(text));
      },
      cancel: () => {
        cancelled = true;
      },
    },
    { highWaterMark: 0 },
  );
  return { body, wasCancelled: () => cancelled };
};

const silent = () => {
  let cancel: () => void = () => undefined;
  const cancelled = new Promise<void>((resolve) => {
    cancel = resolve;
  });
  return { body: new ReadableStream<Uint8Array>({ cancel: () => cancel() }), cancelled };
};

/** Takes a chunk only when it is let. */
const slowSink = () => {
  const taken: string[] = [];
  const waiting: (() => void)[] = [];
  const sink = new Writable({
    highWaterMark: 1,
    write: (chunk, _encoding, done) => {
      taken.push(String(chunk));
      waiting.push(done);
    },
  });
  return { sink, taken, let: () => waiting.shift()?.() };
};

const turn = () => new Promise(setImmediate);

test('nothing is read before the reader has taken what was there', async () => {
  const texts = ['one', 'two', 'three'];
  let read = 0;
  const { body } = bodyOf(() => texts[read++] ?? null);
  const reader = slowSink();
  const sent = sendBody(body, reader.sink);
  for (const count of [1, 2, 3]) {
    await turn();
    expect([read, reader.taken.length]).toEqual([count, count]);
    reader.let();
  }
  await sent;
  expect(reader.taken).toEqual(texts);
  expect(reader.sink.writableEnded).toBe(true);
});

test('a reader that goes away lets go of a body that says nothing', async () => {
  const { body, cancelled } = silent();
  const { sink } = slowSink();
  const sent = sendBody(body, sink);
  sink.destroy();
  await Promise.all([sent, cancelled]);
});

test('a reader that goes away while it is waited for ends it, too', async () => {
  const { body, wasCancelled } = bodyOf(() => 'more');
  const { sink } = slowSink();
  const sent = sendBody(body, sink);
  await turn();
  sink.destroy();
  await sent;
  expect(wasCancelled()).toBe(true);
});

test('a reader that breaks breaks nothing else', async () => {
  const { body } = silent();
  const { sink } = slowSink();
  const sent = sendBody(body, sink);
  sink.destroy(new Error('reset by peer'));
  await sent;
});

test('one that is gone already is sent nothing', async () => {
  const { body, cancelled } = silent();
  const { sink } = slowSink();
  sink.destroy();
  await once(sink, 'close');
  await Promise.all([sendBody(body, sink), cancelled]);
});

test('it ends in order when it is told to', async () => {
  const { body, cancelled } = silent();
  const { sink } = slowSink();
  const over = new AbortController();
  const sent = sendBody(body, sink, over.signal);
  over.abort();
  await Promise.all([sent, cancelled]);
  expect(sink.writableEnded).toBe(true);
});
