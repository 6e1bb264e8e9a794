// The stream of a job's events: what it tells, when it ends, and what it asks of the store meanwhile.
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { succeeded } from '../support/jobs.ts';
import { eventsOf } from '../support/store.ts';
import {
  framesOf,
  idsOf,
  readerOf,
  type StreamWorld,
  saveProgress,
  streamWorld,
  told,
} from './streaming.ts';

let world: StreamWorld;

beforeEach(async () => {
  world = await streamWorld();
});
afterEach(() => world.close());

describe('what it tells', () => {
  test('is every event since the creation of the job, in order, and its end', async () => {
    const { job_id, pick } = await world.running();
    await saveProgress(world.store, pick, 2);
    await world.store.recordExecutions([succeeded(pick)]);
    const reader = await world.reading(job_id);
    expect(reader.ended).toBe(true);
    expect(told(reader.frames)).toEqual([
      'status waiting',
      'status locked',
      'progress at 1',
      'progress at 2',
      'status success',
      'end success',
    ]);
    const events = await eventsOf(world.store, job_id);
    const wire = events.map((event) => JSON.parse(JSON.stringify(event)));
    expect(reader.frames.slice(0, -1)).toEqual(
      wire.map((event) => ({ event: event.kind, id: event.event_id, data: event })),
    );
    expect(reader.frames.at(-1)).toEqual({ event: 'end', id: null, data: { status: 'success' } });
  });

  test('is text as an EventSource reads it, and nothing in between may keep or pack it', async () => {
    const { job_id } = await world.running();
    const response = await world.open(job_id);
    expect(response.status).toBe(200);
    expect(response.headers.get('content-type')).toBe('text/event-stream');
    expect(response.headers.get('cache-control')).toBe('no-store, no-transform');
    const reader = readerOf(response);
    await reader.read();
    const [retry, first, second, rest] = reader.text.split('\n\n');
    expect(retry).toBe('retry: 2000');
    expect(first?.split('\n')).toEqual([
      'event: status',
      'id: 1',
      expect.stringMatching(/^data: \{.*"event_id":1.*\}$/),
    ]);
    expect(second).toMatch(/^event: status\nid: 2\ndata: /);
    expect(rest).toBe('');
    await reader.cancel();
  });

  test('is only what came after the event that the reader had seen', async () => {
    const { job_id, pick } = await world.running();
    await saveProgress(world.store, pick, 3);
    const reader = await world.reading(job_id, 4);
    expect(told(reader.frames)).toEqual(['progress at 3']);
    await reader.cancel();
  });

  test('comes within half a second of its being written', async () => {
    const { job_id, pick } = await world.running();
    const reader = await world.reading(job_id);
    await world.store.saveProgress(pick.fence, { percent: 50, message: 'half' });
    void reader.read();
    await world.clock.advance(499);
    expect(told(reader.frames)).toEqual(['status waiting', 'status locked']);
    await world.clock.advance(1);
    expect(told(reader.frames).at(-1)).toBe('progress half');
    await world.store.recordExecutions([succeeded(pick)]);
    void reader.read();
    await world.clock.advance(500);
    await reader.goOn();
    expect(told(reader.frames).slice(-2)).toEqual(['status success', 'end success']);
    expect(reader.ended).toBe(true);
    expect(world.clock.timers).toBe(0);
  });

  test('is no line break of a message, whatever is in it', async () => {
    const { job_id, pick } = await world.running();
    const message = 'a\r\nb\rc\nd\u2028e id: 7 \u{1f600}';
    await world.store.saveProgress(pick.fence, { percent: 1, message });
    const reader = await world.reading(job_id, 2);
    expect(reader.frames).toHaveLength(1);
    expect(reader.frames[0]?.data.data).toMatchObject({ message });
    await reader.cancel();
  });

  test('is all of a long history, page after page, without waiting in between', async () => {
    const { job_id, pick } = await world.running();
    await saveProgress(world.store, pick, 350);
    const reader = await world.reading(job_id);
    expect(idsOf(reader.frames)).toEqual(Array.from({ length: 352 }, (_, at) => at + 1));
    expect(world.clock.now()).toBe(0);
    await reader.cancel();
  });
});

describe('while nothing happens', () => {
  test('the store is asked for events alone, and for the job four times a minute', async () => {
    const { job_id } = await world.running();
    const reader = await world.reading(job_id);
    expect(world.calls).toEqual({ getJob: 1, listEvents: 1 });
    for (let second = 0; second < 60; second += 1) {
      await world.clock.advance(1000);
      await reader.goOn();
    }
    expect(world.calls).toEqual({ getJob: 5, listEvents: 121 });
    await reader.cancel();
  });

  test('a comment is sent every 15 s', async () => {
    const { job_id } = await world.running();
    const reader = await world.reading(job_id);
    const { length } = reader.text;
    for (let quarter = 1; quarter <= 4; quarter += 1) {
      await world.clock.advance(14_999);
      await reader.goOn();
      expect(reader.text.slice(length)).toBe(':\n\n'.repeat(quarter - 1));
      await world.clock.advance(1);
      await reader.goOn();
      expect(reader.text.slice(length)).toBe(':\n\n'.repeat(quarter));
    }
    expect(framesOf(reader.text.slice(length))).toEqual([]);
    await reader.cancel();
  });
});
