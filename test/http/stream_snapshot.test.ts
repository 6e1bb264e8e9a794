// A job's events where an answer cannot be sent bit by bit: one answer after the other.
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { StoreUnavailableError } from '../../src/errors.ts';
import { settle } from '../support/clock.ts';
import { succeeded } from '../support/jobs.ts';
import { framesOf, idsOf, type StreamWorld, saveProgress, streamWorld, told } from './streaming.ts';

let world: StreamWorld;

beforeEach(async () => {
  world = await streamWorld();
});
afterEach(() => world.close());

/** What was answered once the clock had moved on by so many milliseconds; null = nothing yet. */
const answered = async (
  job_id: string,
  after: number | null,
  ms = 0,
): Promise<{ text: string | null }> => {
  const answer: { text: string | null } = { text: null };
  const opened = world.open(job_id, after, false).then(async (response) => {
    answer.text = await response.text();
  });
  await world.clock.advance(ms);
  await settle();
  if (answer.text !== null) await opened;
  return { ...answer };
};

test('what there is now is sent at once, without an end while the job goes on', async () => {
  const { job_id } = await world.running();
  const { text } = await answered(job_id, null);
  expect(text).toMatch(/^retry: 1000\n\nevent: status\n/);
  expect(told(framesOf(text ?? ''))).toEqual(['status waiting', 'status locked']);
  expect(world.clock.timers).toBe(0);
});

test('a job that is over is told to its end', async () => {
  const { job_id, pick } = await world.running();
  await saveProgress(world.store, pick, 250);
  await world.store.recordExecutions([succeeded(pick)]);
  const { text } = await answered(job_id, null);
  const frames = framesOf(text ?? '');
  expect(told(frames).slice(-2)).toEqual(['status success', 'end success']);
  expect(idsOf(frames)).toEqual(Array.from({ length: 253 }, (_, at) => at + 1));
  expect((await world.open(job_id, 253, false)).status).toBe(204);
});

test('where there is nothing yet, the first event is waited for', async () => {
  const { job_id, pick } = await world.running();
  const waiting = answered(job_id, 2, 4000);
  await settle();
  await world.store.saveProgress(pick.fence, { percent: 50, message: 'half' });
  const { text } = await waiting;
  expect(told(framesOf(text ?? ''))).toEqual(['progress half']);
});

test('it is waited for 5 s, no longer', async () => {
  const { job_id } = await world.running();
  expect(await answered(job_id, 2, 4999)).toEqual({ text: null });
  await world.clock.advance(60_000);
  const { text } = await answered(job_id, 2, 5000);
  expect(text).toBe('retry: 1000\n\n');
});

test('a process that is to end does not wait', async () => {
  const { job_id } = await world.running();
  const response = world.open(job_id, 2, false);
  await settle();
  world.stop.abort();
  expect(await (await response).text()).toBe('retry: 1000\n\n');
  expect(world.clock.timers).toBe(0);
});

test('what is too long for one answer is told over several, all of it once', async () => {
  const { job_id, pick } = await world.running();
  await saveProgress(world.store, pick, 40, (at) => `${at} ${'x'.repeat(100_000)}`);
  await world.store.recordExecutions([succeeded(pick)]);
  const ids: number[] = [];
  let answers = 0;
  for (let over = false; !over; answers += 1) {
    const { text } = await answered(job_id, ids.at(-1) ?? null);
    expect(text?.length).toBeLessThan(1.3 * 1024 * 1024);
    const frames = framesOf(text ?? '');
    ids.push(...idsOf(frames));
    over = told(frames).includes('end success');
  }
  expect(answers).toBe(4);
  expect(ids).toEqual(Array.from({ length: 43 }, (_, at) => at + 1));
});

test('a store that fails is told of, unless there is something to send already', async () => {
  const { job_id, pick } = await world.running();
  await saveProgress(world.store, pick, 150);
  world.after.listEvents = () => {
    world.before.listEvents = () => {
      throw new StoreUnavailableError('it does not answer');
    };
  };
  const { text } = await answered(job_id, null);
  expect(idsOf(framesOf(text ?? ''))).toHaveLength(100);
  await expect(world.open(job_id, null, false)).rejects.toThrow(StoreUnavailableError);
  delete world.before.listEvents;
  const waiting = world.open(job_id, 152, false).catch((error: unknown) => error);
  await world.clock.advance(500);
  expect(await waiting).toBeInstanceOf(StoreUnavailableError);
});
