// The client waits for a job, and tells how far it is meanwhile.
import { expect, test } from '@jest/globals';
import type { EventAnswer } from '../../src/client/client.ts';
import type { JobStatus } from '../../src/core/job.ts';
import type { Json } from '../../src/core/json.ts';
import { type Behaviour, callingWorld, json, problem, until } from './calling.ts';

const world = await callingWorld();
const { client } = world;

const frame = (event_id: number, kind: EventAnswer['kind'], data: Json): string =>
  `event: ${kind}\nid: ${event_id}\ndata: ${JSON.stringify({ event_id, kind, data })}\n\n`;

const half = frame(1, 'progress', { percent: 50, message: 'half' });
const more = frame(2, 'progress', { percent: 75, message: null });
const failed = frame(3, 'status', { status: 'failed' });
const end = (status: string): string => `event: end\ndata: {"status":"${status}"}\n\n`;

const stream =
  (text: string, ends = true): Behaviour =>
  (response) => {
    response.writeHead(200, { 'content-type': 'text/event-stream' });
    response.write(text);
    if (ends) response.end();
  };

const job = (status: JobStatus): Behaviour => json({ job_id: '1', status });

test('what comes of it is the job itself, whatever that is', async () => {
  for (const status of ['success', 'failed', 'cancelled'] as const) {
    world.behave(stream(end(status)), job(status));
    expect(await client.jobs.wait('1')).toEqual({ job_id: '1', status });
  }
  expect(world.asked.slice(0, 2).map(({ url }) => url)).toEqual([
    '/api/v1/jobs/1/stream',
    '/api/v1/jobs/1',
  ]);
});

test('events and progress are told while it goes on', async () => {
  const odd = frame(3, 'progress', 'far') + frame(4, 'progress', { percent: '5' });
  world.behave(
    stream(half + more),
    stream(odd + frame(5, 'status', { status: 'success' }) + end('success')),
    job('success'),
  );
  const events: number[] = [];
  const progress: unknown[] = [];
  await client.jobs.wait('1', {
    onEvent: ({ event_id }) => events.push(event_id),
    onProgress: (told) => progress.push(told),
  });
  expect(events).toEqual([1, 2, 3, 4, 5]);
  expect(progress).toEqual([
    { percent: 50, message: 'half' },
    { percent: 75, message: null },
  ]);
});

test('a job that was retried after its end is waited for again, from where it was', async () => {
  const again = frame(4, 'status', { status: 'waiting' }) + end('cancelled');
  world.behave(
    stream(half + failed + end('failed')),
    job('waiting'),
    stream(again),
    job('cancelled'),
  );
  const events: number[] = [];
  const found = await client.jobs.wait('1', { onEvent: ({ event_id }) => events.push(event_id) });
  expect(found.status).toBe('cancelled');
  expect(events).toEqual([1, 3, 4]);
  expect(world.asked[2]?.headers['last-event-id']).toBe('3');
});

test('it waits no longer than it may', async () => {
  world.behave(stream(half, false));
  const waiting = client.jobs.wait('1', { timeout_ms: 50_000 }).catch((error: unknown) => error);
  await until(() => world.timers.watches.includes(45_000));
  expect(world.timers.watches).toContain(50_000);
  world.timers.giveUp();
  expect(await waiting).toMatchObject({
    name: 'TimeoutError',
    message: 'It took longer than 50 s.',
  });
  await until(() => world.open === 0);
  expect(world.timers.watches).toEqual([]);
});

test('it ends when its signal is aborted', async () => {
  world.behave(stream(half, false));
  const reason = new Error('enough');
  const controller = new AbortController();
  const { signal } = controller;
  const onProgress = () => controller.abort(reason);
  await expect(client.jobs.wait('1', { signal, onProgress })).rejects.toBe(reason);
  await until(() => world.open === 0);
});

test('what a callback throws ends it', async () => {
  world.behave(stream(half, false));
  const reason = new Error('odd');
  const onEvent = () => {
    throw reason;
  };
  await expect(client.jobs.wait('1', { onEvent })).rejects.toBe(reason);
  await until(() => world.open === 0);
  expect(world.timers.watches).toEqual([]);
});

test('a job that is deleted meanwhile is not there any more', async () => {
  world.behave(stream(half + end('deleted')), problem(404, 'not_found'));
  await expect(client.jobs.wait('1')).rejects.toMatchObject({ status: 404, code: 'not_found' });
});
