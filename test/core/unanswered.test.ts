// A store that takes calls and never answers them: asked again, and given up before the deadline.
import { describe, expect, test } from '@jest/globals';
import { StoreUnavailableError } from '../../src/index.ts';
import { detailOf } from '../support/store.ts';
import { onCalls } from './faults.ts';
import { createLine, demo } from './line.ts';

const line = (faults: Parameters<typeof onCalls>) =>
  createLine([demo(({ step }) => step('s', () => 'done'))], { faults: onCalls(...faults) });

describe('a call that nobody answers', () => {
  test.each(['claimJobs', 'saveStep', 'recordExecutions'] as const)(
    'is sent again after ten seconds (%s)',
    async (method) => {
      const it = await line([method, 'silent', 1, 2]);
      const id = await it.create();
      const { outcomes } = await it.drain();
      expect(outcomes).toEqual({ success: 1 });
      expect((await detailOf(it.store, id)).executions).toHaveLength(1);
      expect(it.eventsNamed('store.retried')).toMatchObject([
        { method, sending: 1, reason: `the store did not answer ${method} within 10 s` },
        { method, sending: 2 },
      ]);
      expect(it.clock.timers).toBe(0);
    },
  );

  test('as a heartbeat is followed by the next one', async () => {
    const it = await createLine(
      [demo(() => new Promise<void>((done) => it.clock.after(60_000, done)))],
      { faults: onCalls('heartbeat', 'silent', 1, 2), lock_duration: 0.6 },
    );
    await it.create();
    expect((await it.drain()).outcomes).toEqual({ success: 1 });
    expect(it.eventsNamed('store.retried')).toEqual([]);
  });

  test.each([
    [60_000, 24, 30.5],
    [15_000, 12, 14.45],
    [2000, 1, 1.95],
  ])('is given up with time left to say so, of %i ms', async (time_left_ms, least, most) => {
    const it = await createLine([demo(() => 1)], { faults: () => 'silent' });
    await it.create();
    await expect(it.drain({ time_left_ms }, 10)).rejects.toBeInstanceOf(StoreUnavailableError);
    expect(it.seconds()).toBeGreaterThanOrEqual(least);
    expect(it.seconds()).toBeLessThanOrEqual(most);
  });
});
