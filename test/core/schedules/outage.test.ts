// Three hours in which nothing ran, then one drain: each schedule does what its `missed` policy says.
import { describe, expect, test } from '@jest/globals';
import type { ScheduleInput } from '../../../src/core/schedule_input.ts';
import { decided, HOUR, MINUTE, scene } from './scene.ts';

/** The ledger after an hourly schedule was left alone from 09:30 to 13:05 and woken once. */
const afterOutage = async (input: Partial<ScheduleInput>, more = 0) => {
  const line = await scene();
  await line.schedule({ schedule_expression: '0 * * * *', ...input });
  await line.clock.advance(3 * HOUR + 35 * MINUTE + more);
  const tally = await line.drain();
  return { line, tally, rows: decided(await line.ledger()) };
};

describe('after three hours in which nothing ran, one drain', () => {
  test('makes up for the latest time only, by default', async () => {
    const { tally, rows } = await afterOutage({});
    expect(tally.picked).toBe(1);
    expect(rows).toEqual([
      '10:00 missed superseded',
      '11:00 missed superseded',
      '12:00 missed superseded',
      '13:00 fired due',
    ]);
  });

  test('makes up for all of them', async () => {
    const { tally, rows } = await afterOutage({ missed: 'all' });
    expect(tally.picked).toBe(4);
    expect(rows).toEqual(['10:00', '11:00', '12:00', '13:00'].map((at) => `${at} fired due`));
  });

  test('makes up for those within the starting deadline', async () => {
    const { rows } = await afterOutage({ missed: 'all', starting_deadline_seconds: 2 * 3600 });
    expect(rows).toEqual([
      '10:00 missed too_late',
      '11:00 missed too_late',
      '12:00 fired due',
      '13:00 fired due',
    ]);
  });

  test('skips what is late, and runs what is hardly so', async () => {
    const { tally, rows } = await afterOutage({ missed: 'skip' });
    expect(tally.picked).toBe(1);
    expect(rows.slice(0, 3).every((row) => row.includes('missed too_late'))).toBe(true);
    expect(rows.at(-1)).toBe('13:00 fired due');
    const later = await afterOutage({ missed: 'skip' }, 10 * MINUTE);
    expect(later.tally.picked).toBe(0);
    expect(later.rows.at(-1)).toBe('12:00-13:00 missed too_late 2');
  });

  test('makes up for none when even the latest is beyond its deadline', async () => {
    const { tally, rows } = await afterOutage({ starting_deadline_seconds: 60 });
    expect(tally.picked).toBe(0);
    expect(rows.join()).not.toMatch(/fired|superseded/);
  });

  test('runs only one of them where jobs may not run side by side', async () => {
    const { tally, rows } = await afterOutage({ missed: 'all', concurrency_policy: 'forbid' });
    expect(tally.picked).toBe(1);
    expect(rows).toEqual([
      '10:00 fired due',
      ...['11:00', '12:00', '13:00'].map((at) => `${at} skipped still_running`),
    ]);
  });

  test('runs only the last of them where later jobs replace earlier ones', async () => {
    const { tally, rows } = await afterOutage({ missed: 'all', concurrency_policy: 'replace' });
    expect(tally.picked).toBe(1);
    expect(rows).toEqual([
      ...['10:00', '11:00', '12:00'].map((at) => `${at} replaced later_slot`),
      '13:00 fired due',
    ]);
  });

  test('leaves a plan that goes on: a second drain does nothing', async () => {
    const { line } = await afterOutage({ missed: 'all' });
    expect(await line.drain()).toMatchObject({ picked: 0, slots: {} });
    const { schedule } = await line.detail();
    expect(schedule.next_execution?.toISOString()).toBe('2031-05-17T14:00:00.000Z');
  });
});

test('of a rule that is due every minute, no more than a hundred times are made up for', async () => {
  const line = await scene();
  await line.schedule({ schedule_expression: '* * * * *', missed: 'all' });
  await line.clock.advance(5 * HOUR);
  const tally = await line.drain();
  const { slots } = await line.detail();
  const fired = slots.filter(({ status }) => status === 'fired');
  expect(fired.length).toBe(tally.picked);
  expect(fired).toHaveLength(100);
  const told = slots
    .filter(({ status }) => status !== 'planned')
    .reduce((sum, { times }) => sum + (times ?? 0), 0);
  expect(told).toBe(300);
  const latest = slots.find(({ status }) => status !== 'planned');
  expect(latest?.status).toBe('fired');
});

test('a clock that is set back an hour makes nothing twice', async () => {
  const line = await scene();
  await line.schedule({ schedule_expression: '*/10 * * * *', missed: 'all' });
  await line.clock.advance(65 * MINUTE);
  expect(await line.drain()).toMatchObject({ picked: 6 });
  line.setBack(HOUR);
  expect(await line.drain()).toMatchObject({ picked: 0, slots: {} });
  for (let passed = 0; passed < 60; passed += 5) {
    await line.clock.advance(5 * MINUTE);
    expect(await line.drain()).toMatchObject({ picked: 0 });
  }
  await line.clock.advance(10 * MINUTE);
  expect(await line.drain()).toMatchObject({ picked: 1, slots: { fired: 1 } });
});
