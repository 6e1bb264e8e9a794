// A stream in trouble: readers that are slow, dead or too many, and a store that does not answer.
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { httpStatusOf, StoreUnavailableError } from '../../src/errors.ts';
import { createStreams, type Streams } from '../../src/http/stream.ts';
import { settle } from '../support/clock.ts';
import { succeeded } from '../support/jobs.ts';
import { readerOf, type StreamWorld, saveProgress, streamWorld, told } from './streaming.ts';

let world: StreamWorld;

beforeEach(async () => {
  world = await streamWorld();
});
afterEach(() => world.close());

const down = () => {
  throw new StoreUnavailableError('it does not answer');
};

describe('a reader', () => {
  test('that does not read costs one page, however much there is and however long it takes', async () => {
    const { job_id, pick } = await world.running();
    await saveProgress(world.store, pick, 500);
    const reader = readerOf(await world.open(job_id));
    await world.clock.advance(60_000);
    expect(world.calls).toEqual({ getJob: 1, listEvents: 1 });
    await reader.read();
    await world.clock.advance(60_000);
    expect(world.calls.listEvents).toBe(1);
    await reader.read();
    await world.clock.advance(60_000);
    expect(world.calls.listEvents).toBe(2);
    expect(reader.frames).toHaveLength(200);
    await reader.cancel();
  });

  test('that hangs up ends all that was done for it', async () => {
    const { job_id } = await world.running();
    const reader = await world.reading(job_id);
    await world.clock.advance(1000);
    const before = { ...world.calls };
    expect(world.clock.timers).toBeGreaterThan(0);
    await reader.cancel();
    await settle();
    expect(world.clock.timers).toBe(0);
    await world.clock.advance(60_000);
    expect(world.calls).toEqual(before);
  });

  test('that takes nothing more for five minutes is given up, however it is gone', async () => {
    const { job_id, pick } = await world.running();
    await saveProgress(world.store, pick, 150);
    const stuck = readerOf(await world.open(job_id));
    await world.clock.advance(4 * 60_000);
    await stuck.read();
    await world.clock.advance(5 * 60_000 - 1);
    expect(world.clock.timers).toBe(1);
    await world.clock.advance(1);
    expect(world.clock.timers).toBe(0);
    await stuck.read();
    expect(stuck.ended).toBe(true);
  });

  test('that takes nothing at all for five minutes is given up, too', async () => {
    const { job_id } = await world.running();
    const reader = readerOf(await world.open(job_id));
    await world.clock.advance(5 * 60_000);
    expect(world.clock.timers).toBe(0);
    await reader.read();
    expect(reader).toMatchObject({ ended: true, text: '' });
  });
});

describe('a process that is to end', () => {
  test('ends its streams at once, without an end of the job', async () => {
    const { job_id } = await world.running();
    const [reading, idle] = [await world.reading(job_id), readerOf(await world.open(job_id))];
    world.stop.abort();
    await settle();
    await idle.goOn();
    expect([reading.ended, idle.ended]).toEqual([true, true]);
    expect(told(reading.frames).at(-1)).toBe('status locked');
    expect(world.clock.timers).toBe(0);
    const late = await world.reading(job_id);
    expect(late).toMatchObject({ ended: true, text: '' });
  });
});

describe('a store', () => {
  test('that is away for less than 30 s is missed by nobody', async () => {
    const { job_id, pick } = await world.running();
    const reader = await world.reading(job_id);
    world.before.listEvents = down;
    await world.clock.advance(29_000);
    await reader.goOn();
    expect(reader.ended).toBe(false);
    delete world.before.listEvents;
    await world.store.saveProgress(pick.fence, { percent: 50, message: 'half' });
    await world.clock.advance(500);
    await reader.goOn();
    expect(told(reader.frames).at(-1)).toBe('progress half');
    world.before.getJob = down;
    await world.clock.advance(29_000);
    delete world.before.getJob;
    await world.store.recordExecutions([succeeded(pick)]);
    await world.clock.advance(1000);
    await reader.goOn();
    expect(told(reader.frames).slice(-2)).toEqual(['status success', 'end success']);
  });

  test('that is away for 30 s ends the stream without an end of the job', async () => {
    const { job_id } = await world.running();
    const reader = await world.reading(job_id);
    world.before.listEvents = down;
    for (let second = 0; second < 31; second += 1) {
      await world.clock.advance(1000);
      await reader.goOn();
    }
    expect(reader.ended).toBe(true);
    expect(told(reader.frames).at(-1)).toBe('status locked');
    await expect(world.open(job_id, 2)).rejects.toThrow(StoreUnavailableError);
  });

  test('that refuses ends the stream, and the reader that comes back is told', async () => {
    const { job_id } = await world.running();
    const reader = await world.reading(job_id);
    world.before.listEvents = () => {
      throw new TypeError('odd');
    };
    await world.clock.advance(500);
    await reader.goOn();
    expect(reader.ended).toBe(true);
    await expect(world.open(job_id, 2)).rejects.toThrow('odd');
  });

  test('that keeps one waiting does not keep comments from being sent', async () => {
    const { job_id } = await world.running();
    const reader = await world.reading(job_id);
    let answer = () => {};
    world.before.listEvents = () =>
      new Promise<void>((resolve) => {
        answer = resolve;
      });
    const { length } = reader.text;
    for (let quarter = 1; quarter <= 3; quarter += 1) {
      await world.clock.advance(15_000);
      await reader.goOn();
      expect(reader.text.slice(length)).toBe(':\n\n'.repeat(quarter));
    }
    const asked = world.calls.listEvents;
    expect(asked).toBe(2);
    await reader.cancel();
    await world.clock.advance(15_000);
    expect(world.clock.timers).toBe(0);
    answer();
    await settle();
    expect(world.clock.timers).toBe(0);
    expect(world.calls.listEvents).toBe(asked);
  });
});

describe('the streams of one process', () => {
  let streams: Streams;
  beforeEach(() => {
    streams = createStreams({ ...world.deps, most: 2 });
  });

  test('are no more than they may be, and places that become free are given again', async () => {
    const { job_id } = await world.running();
    const readers = [
      readerOf(await streams.open(job_id, null, true)),
      readerOf(await streams.open(job_id, null, true)),
    ];
    const refused = await streams.open(job_id, null, true).catch((error: unknown) => error);
    expect(refused).toMatchObject({ code: 'too_many_streams', headers: { 'retry-after': '5' } });
    expect(httpStatusOf(refused)).toBe(503);
    await readers[0]?.cancel();
    await readers[0]?.cancel();
    expect(streams.open_now).toBe(1);
    readers.push(readerOf(await streams.open(job_id, null, true)));
    await expect(streams.open(job_id, null, true)).rejects.toThrow(/^This process sends/);
    world.stop.abort();
    expect(streams.open_now).toBe(0);
  });

  test('are not counted any more once they are refused, read to their end, or answered whole', async () => {
    const { job_id, pick } = await world.running();
    await expect(streams.open('never', null, true)).rejects.toThrow('There is no job never');
    world.before.getJob = down;
    await expect(streams.open(job_id, null, true)).rejects.toThrow(StoreUnavailableError);
    delete world.before.getJob;
    await streams.open(job_id, null, false);
    expect(streams.open_now).toBe(0);
    await world.store.recordExecutions([succeeded(pick)]);
    await streams.open(job_id, 3, true);
    expect(streams.open_now).toBe(0);
    const reader = readerOf(await streams.open(job_id, null, true));
    expect(streams.open_now).toBe(1);
    await reader.goOn();
    expect(reader.ended).toBe(true);
    expect(streams.open_now).toBe(0);
  });

  test('are given up when nobody takes the answer at all', async () => {
    const { job_id } = await world.running();
    await streams.open(job_id, null, true);
    expect(streams.open_now).toBe(1);
    await world.clock.advance(5 * 60_000);
    expect(streams.open_now).toBe(0);
  });
});
