// The Retry-After header, as seconds and as a date.
import { describe, expect, test } from '@jest/globals';
import { retryAfterSeconds } from '../../src/jobs/retry_after.ts';

describe('Retry-After', () => {
  const date = 'Sat, 17 May 2031 10:00:00 GMT';

  test.each([
    ['120', 120],
    ['0.3', 0.3],
    ['-5', 0],
    ['Sat, 17 May 2031 10:02:00 GMT', 120],
    ['Sat, 17 May 2031 09:00:00 GMT', 0],
    ['9999999999', 86_400],
    ['Sat, 17 May 2060 09:00:00 GMT', 86_400],
    ['soon', null],
    ['', null],
    [null, null],
  ])('%j is %j seconds', (header, seconds) => {
    expect(retryAfterSeconds(header, date)).toBe(seconds);
  });

  test('as a date is counted from now when the answer has no date of its own', () => {
    const inTwoMinutes = new Date(Date.now() + 120_000).toUTCString();
    expect(retryAfterSeconds(inTwoMinutes, null)).toBeGreaterThan(100);
    expect(retryAfterSeconds(inTwoMinutes, null)).toBeLessThanOrEqual(120);
  });
});
