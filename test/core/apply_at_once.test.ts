// Applying a file of schedules while others write them, too.
import { describe, expect, test } from '@jest/globals';
import { applySchedules } from '../../src/core/apply.ts';
import type { Store } from '../../src/core/store.ts';
import { ConflictError } from '../../src/errors.ts';
import { nearest } from '../../src/settings/nearest.ts';
import { actions, daily, hourly, scene, thrown } from './apply_scene.ts';
import { MINUTE } from './schedules/scene.ts';

describe('while others are at work', () => {
  test('the same file applied by two at once is written once, and the later one is told', async () => {
    const { apply, applyWhile, names } = await scene();
    const late = applyWhile((method, nth) =>
      method === 'saveSchedules' && nth === 1 ? apply([hourly, daily]) : undefined,
    );
    const error = await thrown(late([hourly, daily]));
    expect(error).toBeInstanceOf(ConflictError);
    expect(String(error)).toContain(
      'The schedule "hourly" was changed by someone else just now; nothing was written.',
    );
    expect(await names()).toEqual(['daily', 'hourly']);
    expect(await late([hourly, daily])).toMatchObject({ changes: [], unchanged: 2 });
  });

  test('a change by someone else between reading and writing leaves nothing half-written', async () => {
    const { apply, applyWhile, detail, names } = await scene();
    await apply([hourly, daily]);
    const late = applyWhile((method, nth) =>
      method === 'saveSchedules' && nth === 1 ? apply([{ ...hourly, priority: 7 }]) : undefined,
    );
    const error = await thrown(
      late([{ ...hourly, priority: 8 }, daily, { ...daily, name: 'new' }], { prune: true }),
    );
    expect(String(error)).toContain('"hourly" was changed by someone else just now');
    expect((await detail()).schedule.priority).toBe(7);
    expect(await names()).toEqual(['daily', 'hourly']);
  });

  test('one that someone pauses meanwhile stays paused', async () => {
    const { apply, applyWhile, move, detail } = await scene();
    await apply([hourly]);
    const late = applyWhile((method, nth) =>
      method === 'saveSchedules' && nth === 1 ? move('hourly', 'pause') : undefined,
    );
    expect(await thrown(late([{ ...hourly, status: 'inactive' }]))).toBeInstanceOf(ConflictError);
    expect((await detail()).schedule.status).toBe('paused');
  });

  test('a drain that plans on in between is no reason to refuse', async () => {
    const { apply, applyWhile, clock, drain, detail, ledger } = await scene();
    await apply([hourly]);
    await clock.advance(29 * MINUTE);
    const late = applyWhile(async (method, nth) => {
      if (method !== 'saveSchedules' || nth !== 1) return;
      await clock.advance(2 * MINUTE);
      await drain();
    });
    const { schedule } = await detail();
    const applied = await late([{ ...hourly, schedule_expression: '20 * * * *' }]);
    expect(applied).toMatchObject({ changed: 1 });
    expect((await detail()).schedule.revision).toBeGreaterThan(schedule.revision + 2);
    expect(await ledger()).toEqual([
      '10:00 fired due',
      '10:20 planned',
      '11:00 skipped changed',
      '11:20 planned',
      '12:00 skipped changed',
      '13:00 skipped changed',
    ]);
  });

  test('one that never comes to rest is given up in the end', async () => {
    const { apply, applyWhile, store, detail } = await scene();
    await apply([hourly]);
    const late = applyWhile(async (method) => {
      if (method !== 'saveSchedules') return;
      const { schedule } = await detail();
      const { schedule_id, revision, planned_until, plan_at } = schedule;
      const plan = { schedule_id, revision, slots: [], gone: [], planned_until, plan_at };
      expect(await store.planSchedules([plan])).toBe(1);
    });
    const error = await thrown(late([{ ...hourly, priority: 5 }]));
    expect(String(error)).toContain('"hourly" was changed by someone else just now');
    expect((await detail()).schedule.priority).toBe(0);
  });

  test('one that someone else deletes first is deleted all the same', async () => {
    const { apply, applyWhile, move, names } = await scene();
    await apply([hourly, daily]);
    const late = applyWhile((method, nth) =>
      method === 'moveSchedule' && nth === 1 ? move('daily', 'delete') : undefined,
    );
    expect(actions(await late([], { prune: true }))).toEqual(['deleted daily', 'deleted hourly']);
    expect(await names()).toEqual([]);
  });

  test('an answer that is lost is asked for again without writing twice', async () => {
    const { scheduleDeps, store, all } = await scene();
    // The same call twice, as a store does that is asked again after a lost answer.
    const twice = new Proxy(store, {
      get: (target, method: keyof Store) => {
        const real = target[method] as (...args: unknown[]) => Promise<unknown>;
        return async (...args: unknown[]) => {
          await real.apply(target, args);
          return real.apply(target, args);
        };
      },
    });
    const content = { schedules: [{ ...hourly, job_type: 'demo', run_on_startup: true }] };
    const deps = { ...scheduleDeps, store: twice, nearest };
    expect(await applySchedules(content, {}, deps)).toMatchObject({ created: 1 });
    expect(await all()).toHaveLength(1);
    expect(await store.listJobs({ limit: 10 })).toHaveLength(1);
    expect(await applySchedules({ schedules: [] }, { prune: true }, deps)).toMatchObject({
      deleted: 1,
    });
    expect(await all()).toEqual([]);
  });
});
