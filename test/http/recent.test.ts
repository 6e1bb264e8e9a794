// Answers that are given again for a while.
import { describe, expect, test } from '@jest/globals';
import { recent } from '../../src/http/recent.ts';
import { fakeClock } from '../support/clock.ts';

/** What takes `ms` to answer how often it was asked. */
const slow = (ms: number) => {
  const clock = fakeClock();
  let calls = 0;
  const load = async () => {
    calls += 1;
    await clock.advance(ms);
    return calls;
  };
  return { clock, ask: recent(load, clock) };
};

describe('an answer that is dear to make', () => {
  test('is given again for twenty times as long as it took', async () => {
    const { clock, ask } = slow(100);
    expect(await ask()).toBe(1);
    await clock.advance(1999);
    expect(await ask()).toBe(1);
    await clock.advance(1);
    expect(await ask()).toBe(2);
  });

  test('is given again for five seconds at most', async () => {
    const { clock, ask } = slow(60_000);
    await ask();
    await clock.advance(5000);
    expect(await ask()).toBe(2);
  });

  test('is made once for all who ask at a time', async () => {
    const { ask } = slow(100);
    expect(await Promise.all([ask(), ask(), ask()])).toEqual([1, 1, 1]);
  });

  test('is made anew at once after a failure', async () => {
    const clock = fakeClock();
    let calls = 0;
    const ask = recent(async () => {
      calls += 1;
      if (calls === 1) throw new Error('away');
      return calls;
    }, clock);
    await expect(ask()).rejects.toThrow('away');
    expect(await ask()).toBe(2);
  });
});
