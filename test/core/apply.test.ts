// Applying a file of schedules to a real store: all or none, and twice is once.
import { describe, expect, test } from '@jest/globals';
import { type Applied, applySchedules } from '../../src/core/apply.ts';
import { InputError } from '../../src/errors.ts';
import { nearest } from '../../src/settings/nearest.ts';
import { dumpSchedules } from '../support/schedules.ts';
import { actions, daily, hourly, scene, thrown } from './apply_scene.ts';
import { decided, HOUR } from './schedules/scene.ts';

describe('a file', () => {
  test('creates what is not there, planned, with its first time', async () => {
    const { apply, detail, ledger } = await scene();
    const applied = await apply([hourly, { ...daily, status: 'inactive' }]);
    expect(applied).toMatchObject({ created: 2, changed: 0, deleted: 0, unchanged: 0 });
    const [first, second] = applied.changes;
    const { schedule } = await detail('hourly');
    expect(first).toMatchObject({
      action: 'created',
      schedule_id: schedule.schedule_id,
      next_execution: new Date('2031-05-17T10:00:00Z'),
    });
    expect(schedule).toMatchObject({ status: 'active', applied: true });
    expect(schedule.next_execution).toEqual(first?.next_execution);
    expect(await ledger('hourly')).toEqual(['10:00 planned', '11:00 planned']);
    expect(second).toMatchObject({ status: 'inactive', next_execution: null });
    expect((await detail('daily')).schedule).toMatchObject({ status: 'inactive', plan_at: null });
  });

  test('applied twice changes nothing', async () => {
    const { apply, all, store } = await scene();
    await apply([hourly, daily]);
    const ids = (await all()).map(({ schedule_id }) => schedule_id);
    const before = await dumpSchedules(store, ids);
    expect(await apply([hourly, daily], { prune: true })).toEqual({
      changes: [],
      created: 0,
      changed: 0,
      adopted: 0,
      deleted: 0,
      unchanged: 2,
      paused: [],
      left: [],
      dry_run: false,
    });
    expect(await dumpSchedules(store, ids)).toEqual(before);
  });

  test('a change of the rule skips what was planned by the old one', async () => {
    const { apply, ledger } = await scene();
    await apply([hourly]);
    const applied = await apply([{ ...hourly, schedule_expression: '45 * * * *' }]);
    expect(applied.changes).toMatchObject([
      {
        action: 'changed',
        fields: [{ field: 'schedule_expression', from: '0 * * * *', to: '45 * * * *' }],
        next_execution: new Date('2031-05-17T09:45:00Z'),
      },
    ]);
    expect(await ledger()).toEqual([
      '09:45 planned',
      '10:00 skipped changed',
      '10:45 planned',
      '11:00 skipped changed',
    ]);
  });

  test('what went by while nothing ran belongs to the rule it had then', async () => {
    const { apply, ledger, clock, drain } = await scene();
    await apply([{ ...hourly, missed: 'all' }]);
    await clock.advance(4 * HOUR);
    await apply([{ ...hourly, missed: 'all', schedule_expression: '15 * * * *' }]);
    await drain();
    expect(decided(await ledger()).filter((row) => row.includes('fired'))).toEqual([
      '10:00 fired due',
      '11:00 fired due',
      '12:00 fired due',
      '13:00 fired due',
    ]);
  });

  test('sets aside what it says is inactive, and takes it up again', async () => {
    const { apply, detail, ledger, clock } = await scene();
    await apply([hourly]);
    await apply([{ ...hourly, status: 'inactive' }]);
    expect((await detail()).schedule.status).toBe('inactive');
    expect(await ledger()).toEqual([]);
    await clock.advance(2 * HOUR);
    await apply([hourly]);
    expect(await ledger()).toEqual([
      '10:00-11:00 skipped inactive 2',
      '12:00 planned',
      '13:00 planned',
    ]);
  });

  test('leaves paused what a person paused, and changes all else of it', async () => {
    const { apply, move, detail } = await scene();
    await apply([hourly]);
    await move('hourly', 'pause');
    const applied = await apply([{ ...hourly, priority: 'high' }]);
    expect(applied).toMatchObject({ changed: 1, paused: ['hourly'] });
    expect((await detail()).schedule).toMatchObject({ status: 'paused', priority: 10 });
  });

  test('adopts one that was made by hand, and prunes it once it is gone from the file', async () => {
    const { apply, schedule, detail, names } = await scene();
    await schedule(hourly);
    await apply([], { prune: true });
    expect(await names()).toEqual(['hourly']);
    expect(actions(await apply([hourly]))).toEqual(['adopted hourly']);
    expect((await detail()).schedule.applied).toBe(true);
    expect(actions(await apply([], { prune: true }))).toEqual(['deleted hourly']);
    expect(await names()).toEqual([]);
  });

  test('without prune deletes nothing, and says what it left', async () => {
    const { apply, names } = await scene();
    await apply([hourly, daily]);
    expect(await apply([hourly])).toMatchObject({ deleted: 0, unchanged: 1, left: ['daily'] });
    expect(await names()).toEqual(['daily', 'hourly']);
  });

  test('a new one that runs on start-up makes its job at once, and only then', async () => {
    const { apply, store } = await scene();
    const greeting = { ...daily, run_on_startup: true };
    await apply([greeting]);
    await apply([{ ...greeting, priority: 3 }]);
    const jobs = await store.listJobs({ limit: 10 });
    expect(jobs).toMatchObject([{ name: 'daily', status: 'waiting', priority: 0 }]);
  });

  test('a dry run tells the same and writes nothing', async () => {
    const { apply, all, calls, deps } = await scene();
    await apply([hourly, daily]);
    const before = await all();
    const wanted = [
      { ...hourly, priority: 1 },
      { ...hourly, name: 'new' },
    ];
    calls.length = 0;
    const content = { defaults: { job_type: 'demo' }, schedules: wanted };
    const told = await applySchedules(
      content,
      { prune: true, dry_run: true },
      { ...deps, nearest },
    );
    expect([...new Set(calls.map(({ method }) => method))].sort()).toEqual([
      'inspect',
      'listSchedules',
    ]);
    expect(await all()).toEqual(before);
    expect(told).toMatchObject({ created: 1, changed: 1, deleted: 1, dry_run: true });
    const done = await apply(wanted, { prune: true });
    const withoutIds = ({ changes }: Applied) =>
      changes.map((change) => ({ ...change, schedule_id: change.action === 'created' ? '' : 'x' }));
    expect(withoutIds(told)).toEqual(withoutIds(done));
  });

  test('with one fault among many writes nothing', async () => {
    const { apply, names } = await scene();
    const error = await thrown(apply([hourly, { ...daily, timezone: 'Nowhere' }]));
    expect(error).toBeInstanceOf(InputError);
    expect(await names()).toEqual([]);
  });

  test('of a thousand schedules is read, written and changed in one call each', async () => {
    const { apply, all, calls, deps } = await scene();
    const many = Array.from({ length: 1000 }, (_, at) => ({
      name: `schedule ${at}`,
      schedule_expression: `${at % 60} ${at % 24} * * *`,
    }));
    const content = { defaults: { job_type: 'demo' }, schedules: many };
    const applied = await applySchedules(content, {}, { ...deps, nearest });
    expect(applied).toMatchObject({ created: 1000 });
    expect(calls.filter(({ method }) => method === 'saveSchedules')).toHaveLength(1);
    expect((await all()).every(({ next_execution }) => next_execution !== null)).toBe(true);
    expect(await apply(many, { prune: true })).toMatchObject({ changes: [], unchanged: 1000 });
  }, 60_000);
});
