// How the dashboard writes lengths and moments: as the command line does, in the zone of the reader.
import { describe, expect, test } from '@jest/globals';
import * as fc from 'fast-check';
import * as cli from '../../src/cli/format.ts';
import { age, count, shortMoment, zoneMoment } from '../../src/dashboard/words.ts';

describe('the words of the dashboard', () => {
  test('are those of the command line, for ages and amounts', () => {
    const now = Date.parse('2031-05-17T09:30:00Z');
    void fc.assert(
      fc.property(fc.integer({ min: -100_000_000, max: 100_000_000 }), (away) => {
        const at = new Date(now + away);
        expect(age(at.toISOString(), now)).toBe(cli.age(at, new Date(now)));
      }),
    );
    expect(count(1, 'job')).toBe(cli.count(1, 'job'));
    expect(count(2, 'job')).toBe(cli.count(2, 'job'));
    expect(count(12_000, 'job')).toBe('12,000 jobs');
  });

  test('leave out the day of a moment of today, and nothing of one of another year', () => {
    const now = new Date(2031, 4, 17, 9, 30).getTime();
    const iso = (...parts: [number, number, number, number, number, number]) =>
      new Date(...parts).toISOString();
    expect(shortMoment(iso(2031, 4, 17, 8, 5, 9), now)).toBe('08:05:09');
    expect(shortMoment(iso(2031, 4, 16, 8, 5, 9), now)).toBe('16 May, 08:05');
    expect(shortMoment(iso(2030, 4, 16, 8, 5, 9), now)).toBe('16 May 2030, 08:05:09');
    expect(shortMoment('some day', now)).toBe('some day');
  });

  test('show a moment as the clocks of its zone do, or say that nobody knows the zone', () => {
    expect(zoneMoment('2031-05-17T09:30:00Z', 'Asia/Kolkata')).toBe(
      'Sat, 17 May 2031, 15:00 GMT+5:30',
    );
    expect(zoneMoment('2031-05-17T09:30:00Z', 'Mars/Olympus')).toBeNull();
  });
});
