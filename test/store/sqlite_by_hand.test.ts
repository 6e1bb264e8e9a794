// Schedules in a SQLite file that someone edits by hand: no pick is stopped, and no slot stays due for ever.
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import Driver from 'libsql';
import { planShort } from '../../src/core/planning.ts';
import type { Store } from '../../src/core/store.ts';
import { claimRequest } from '../support/jobs.ts';
import { decidedLines, ledgerOf, plannedSchedule, restore, wake } from '../support/schedules.ts';
import { sqliteData } from '../support/sqlite.ts';

let data: Awaited<ReturnType<typeof sqliteData>>;
let store: Store;

beforeEach(async () => {
  data = await sqliteData();
  store = await data.open();
});
afterEach(() => data.close());

const byHand = (sql: string): void => {
  const driver = new Driver(data.path);
  driver.exec(sql);
  driver.close();
};

const secondsUntilDue = async () =>
  (await store.claimJobs(claimRequest({ job_types: ['none'] }))).next_due_seconds;

test('the due slots of a schedule whose row was deleted are skipped, and told under its id', async () => {
  const schedule_id = await plannedSchedule(store);
  byHand('DELETE FROM cloud_job_schedules');
  await data.advance(3600);
  const { slots, more_slots } = await wake(store);
  expect(slots).toMatchObject([
    { schedule_id, name: schedule_id, status: 'skipped', reason: 'deleted', job_id: null },
  ]);
  expect(more_slots).toBe(false);
  expect(await secondsUntilDue()).toBeGreaterThan(0);
});

test.each(['paused', 'inactive'])(
  'the due slots of a schedule set to %s are skipped',
  async (status) => {
    const id = await plannedSchedule(store);
    byHand(`UPDATE cloud_job_schedules SET status = '${status}', plan_at = NULL`);
    await data.advance(3600);
    expect(decidedLines((await wake(store)).slots)).toEqual([`10:00 skipped ${status}`]);
    expect(await ledgerOf(store, id)).toEqual([`10:00 skipped ${status}`, '11:00 planned']);
    expect(await store.listJobs({ limit: 1 })).toEqual([]);
  },
);

test('where no more can be planned, the slots that are due are decided upon all the same', async () => {
  const id = await plannedSchedule(store);
  byHand(`UPDATE cloud_job_schedules SET schedule_expression = 'whenever'`);
  await data.advance(5 * 3600);
  const { slots, to_plan } = await wake(store);
  expect(slots).toEqual([]);
  const events: string[] = [];
  await planShort(to_plan, store, ({ event }) => events.push(event));
  expect(events).toEqual(['schedule.unplannable']);
  expect(decidedLines((await wake(store)).slots)).toEqual([
    '10:00 missed superseded',
    '11:00 fired due',
  ]);
  expect(await ledgerOf(store, id)).toEqual(['10:00 missed superseded', '11:00 fired due']);
  expect(await secondsUntilDue()).toBeNull();
});

test('a time that cannot be read does not come into the ledger, and others are fired', async () => {
  await plannedSchedule(store);
  for (const time of ['2031-02-30T10:00:00.000Z', '2031-05-17 10:00', '', '1']) {
    const change = () => byHand(`UPDATE cloud_job_slots SET slot_at = '${time}'`);
    expect(change).toThrow(/CHECK constraint failed/);
  }
  await data.advance(3600);
  expect(decidedLines(await restore(store))).toEqual(['10:00 fired due']);
});

test('without its row, a job of a schedule tells of none', async () => {
  await plannedSchedule(store);
  await data.advance(3600);
  const [fired] = await restore(store);
  byHand('DELETE FROM cloud_job_schedules');
  expect(await store.getJob(fired?.job_id ?? '')).toMatchObject({ schedule: null });
});
