// The limiter that all instances share.
import { expect } from '@jest/globals';
import type { ContractTests } from './world.ts';

/** A clock that runs between two calls makes a wait a little shorter, never longer. */
const expectWaits = (waits: { wait_seconds: number }[], expected: number[]): void => {
  expect(waits).toHaveLength(expected.length);
  for (const [i, seconds] of expected.entries()) {
    expect(waits[i]?.wait_seconds).toBeLessThanOrEqual(seconds);
    expect(waits[i]?.wait_seconds).toBeGreaterThanOrEqual(Math.max(0, seconds - 2));
  }
};

export const throttleTests: ContractTests = {
  'turns of one key are spaced over all handles': async ({ store, open }) => {
    const other = await open();
    const waits = [];
    for (let i = 0; i < 6; i += 1) {
      waits.push(await (i % 2 === 0 ? store : other).takeTurn('arxiv', 3));
    }
    expectWaits(waits, [0, 3, 6, 9, 12, 15]);
  },

  'turns taken at the same moment are spaced too': async ({ store, open }) => {
    const other = await open();
    const waits = await Promise.all(
      Array.from({ length: 10 }, (_, i) => (i % 2 === 0 ? store : other).takeTurn('api', 5)),
    );
    const sorted = waits.toSorted((a, b) => a.wait_seconds - b.wait_seconds);
    expectWaits(
      sorted,
      Array.from({ length: 10 }, (_, i) => i * 5),
    );
  },

  'a turn after idle time is free, and idle time is not saved up': async ({ store, advance }) => {
    expectWaits([await store.takeTurn('k', 3)], [0]);
    await advance(1000);
    const waits = [await store.takeTurn('k', 3), await store.takeTurn('k', 3)];
    expectWaits(waits, [0, 3]);
  },

  'a turn is waited for only as long as the last one still lasts': async ({ store, advance }) => {
    await store.takeTurn('k', 60);
    await advance(40);
    expectWaits([await store.takeTurn('k', 60)], [20]);
    await advance(20);
    expectWaits([await store.takeTurn('k', 60)], [60]);
  },

  'each turn is as long as it asked for': async ({ store }) => {
    const waits = [];
    for (const seconds of [10, 100, 20, 5]) waits.push(await store.takeTurn('k', seconds));
    expectWaits(waits, [0, 10, 110, 130]);
  },

  'fractions of a second count': async ({ store }) => {
    const waits = [await store.takeTurn('k', 0.25), await store.takeTurn('k', 0.25)];
    expectWaits(waits, [0, 0.25]);
    expect((await store.takeTurn('long', 3600.5)).wait_seconds).toBe(0);
    const { wait_seconds } = await store.takeTurn('long', 1);
    expect(wait_seconds).toBeGreaterThan(3590);
    expect(wait_seconds).toBeLessThanOrEqual(3600.5);
  },

  'a turn that begins too late is left to others': async ({ store }) => {
    expect(await store.takeTurn('k', 60, 0.5)).toEqual({ taken: true, wait_seconds: 0 });
    for (let again = 0; again < 3; again += 1) {
      const turn = await store.takeTurn('k', 60, 30);
      expect(turn.taken).toBe(false);
      expectWaits([turn], [60]);
    }
    const turn = await store.takeTurn('k', 60, 90);
    expect(turn.taken).toBe(true);
    expectWaits([turn], [60]);
  },

  'a turn of no length only tells how long the limiter is busy': async ({ store }) => {
    await store.takeTurn('k', 60);
    const waits = [];
    for (let again = 0; again < 3; again += 1) waits.push(await store.takeTurn('k', 0));
    expectWaits(waits, [60, 60, 60]);
  },

  'limiters of different keys do not wait for each other': async ({ store }) => {
    const waits = [];
    for (const key of ['a', 'b', 'A', 'a/b', '']) waits.push(await store.takeTurn(key, 60));
    expectWaits(waits, [0, 0, 0, 0, 0]);
  },
};
