// What people do to schedules, and what happens to databases: afterwards the ledger explains it.
import { copyFile } from 'node:fs/promises';
import { describe, expect, test } from '@jest/globals';
import { saveSchedules } from '../../../src/core/schedules.ts';
import { openDatabase } from '../../../src/stores/sqlite/database.ts';
import { openSqlite } from '../../../src/stores/sqlite/open.ts';
import { tempFile } from '../../support/temp.ts';
import { DAY, decided, HOUR, MINUTE, scene } from './scene.ts';

type Scene = Awaited<ReturnType<typeof scene>>;

/** What `apply` does with a file that says something else than before. */
const change = async (line: Scene, fields: object) => {
  const { schedule } = await line.detail();
  const same = { ...schedule, status: null, applied: true };
  await saveSchedules([{ ...same, ...fields }], line.scheduleDeps);
};

describe('a pause of three months', () => {
  test('is one row of the ledger, and nothing of it is made up for', async () => {
    const line = await scene();
    await line.schedule({ schedule_expression: '0 12 * * *', missed: 'all' });
    await line.move('hourly', 'pause');
    await line.clock.advance(90 * DAY);
    expect(await line.drain()).toMatchObject({ picked: 0 });
    await line.move('hourly', 'resume');
    await line.drain();
    const { slots, schedule } = await line.detail();
    expect(slots.filter(({ status }) => status !== 'planned')).toMatchObject([
      { status: 'skipped', reason: 'paused', times: 90 },
    ]);
    expect(schedule.next_execution?.toISOString()).toBe('2031-08-15T12:00:00.000Z');
    await line.clock.advance(DAY);
    expect(await line.drain()).toMatchObject({ picked: 1 });
  });

  test('of a rule of every minute says so without counting them all', async () => {
    const line = await scene();
    await line.schedule({ schedule_expression: '* * * * *' });
    await line.move('hourly', 'pause');
    await line.clock.advance(90 * DAY);
    await line.move('hourly', 'resume');
    const { slots } = await line.detail();
    expect(slots.filter(({ reason }) => reason === 'paused')).toMatchObject([{ times: null }]);
  });

  test('takes what was due already with it, and tells of it', async () => {
    const line = await scene();
    await line.schedule();
    await line.clock.advance(45 * MINUTE);
    await line.move('hourly', 'pause');
    expect(await line.ledger()).toEqual(['10:00 skipped paused']);
    expect(await line.drain()).toMatchObject({ picked: 0 });
  });

  test('that begins after an outage does not hide what was missed before', async () => {
    const line = await scene();
    await line.schedule();
    await line.clock.advance(5 * HOUR);
    await line.move('hourly', 'pause');
    await line.clock.advance(2 * HOUR);
    await line.move('hourly', 'resume');
    const rows = decided(await line.ledger());
    expect(rows).toContain('12:00-13:00 missed superseded 2');
    expect(rows).toContain('15:00-16:00 skipped paused 2');
  });
});

describe('a changed expression', () => {
  test('leaves what ran, tells of what will not, and goes on by the new rule', async () => {
    const line = await scene();
    await line.schedule();
    await line.clock.advance(31 * MINUTE);
    await line.drain();
    await change(line, { schedule_expression: '15 * * * *' });
    await line.clock.advance(90 * MINUTE);
    await line.drain();
    expect(decided(await line.ledger())).toEqual([
      '10:00 fired due',
      '10:15 missed superseded',
      '11:00 skipped changed',
      '11:15 fired due',
      '12:00 skipped changed',
      '13:00 skipped changed',
    ]);
  });

  test('that comes back finds its times again', async () => {
    const line = await scene();
    await line.schedule();
    await change(line, { schedule_expression: '15 * * * *' });
    await change(line, { schedule_expression: '0 * * * *' });
    await line.clock.advance(31 * MINUTE);
    expect(await line.drain()).toMatchObject({ slots: { fired: 1 } });
    expect((await line.ledger())[0]).toBe('10:00 fired due');
  });
});

describe('a deleted schedule', () => {
  test('says which times it will not run; one of its name starts afresh and knows of it', async () => {
    const line = await scene();
    const first = await line.schedule();
    await line.clock.advance(31 * MINUTE);
    await line.drain();
    await line.move('hourly', 'delete');
    await line.clock.advance(2 * HOUR);
    const second = await line.schedule();
    expect(second.schedule_id).not.toBe(first.schedule_id);
    await line.clock.advance(HOUR);
    expect(await line.drain()).toMatchObject({ picked: 1 });
    const detail = await line.detail();
    expect(detail.earlier).toMatchObject([{ schedule_id: first.schedule_id }]);
    expect(decided(await line.ledger())).toEqual(['13:00 fired due']);
    expect(await line.ledger(first.schedule_id)).toEqual([
      '10:00 fired due',
      '11:00 skipped deleted',
      '12:00 skipped deleted',
      '13:00 skipped deleted',
    ]);
  });
});

test('a database restored from an hour ago does the hour again, under the same job ids', async () => {
  const line = await scene();
  await line.schedule({ schedule_expression: '*/20 * * * *', missed: 'all' });
  await line.clock.advance(15 * MINUTE);
  await line.drain();
  const file = openDatabase(line.path);
  file.exec('PRAGMA wal_checkpoint(TRUNCATE)');
  file.close();
  const backup = tempFile();
  await copyFile(line.path, backup);
  await line.clock.advance(HOUR);
  await line.drain();
  const before = (await line.detail()).slots;

  const at = Date.UTC(2031, 4, 17, 9, 30);
  const store = await openSqlite(backup, { now: () => new Date(at + line.clock.now()) });
  const tally = await line.until(line.start({}, { store }));
  const after = (await store.getSchedule('hourly', 1000))!.slots;
  await store.close();
  expect(tally).toMatchObject({ picked: 3, slots: { fired: 3 } });
  const fired = (slots: typeof before) =>
    slots.filter(({ status }) => status === 'fired').map(({ job_id }) => job_id);
  expect(fired(after)).toEqual(fired(before));
});

describe('a job by hand', () => {
  test('is made while paused, and disturbs no planned slot', async () => {
    const line = await scene();
    await line.schedule();
    const planned = await line.ledger();
    const first = await line.trigger('hourly');
    expect(await line.ledger()).toEqual(planned);
    await line.move('hourly', 'pause');
    const second = await line.trigger('hourly');
    expect(await line.drain()).toMatchObject({ picked: 2, outcomes: { success: 2 } });
    const { schedule } = await line.detail();
    expect(schedule).toMatchObject({ status: 'paused', next_execution: null });
    for (const { job_id } of [first, second]) {
      const detail = await line.store.getJob(job_id);
      expect(detail).toMatchObject({
        job: { actor: 'ops', name: 'hourly' },
        schedule: { name: 'hourly', slot_at: null },
      });
    }
  });
});

describe('a schedule that runs on start-up', () => {
  test('makes a job when it is created, and whenever work starts', async () => {
    const line = await scene();
    await line.schedule({ run_on_startup: true, schedule_expression: '@yearly' });
    await line.schedule({ name: 'plain', schedule_expression: '@yearly' });
    expect(await line.drain()).toMatchObject({ picked: 1 });
    const stop = new AbortController();
    const working = line.work({ interrupt: stop.signal });
    await line.clock.advance(100);
    stop.abort('over');
    expect(await line.until(working)).toMatchObject({ picked: 1 });
  });
});
