// Importing again, at the same time as others, and only to see what would come.
import { describe, expect, test } from '@jest/globals';
import { importSchedules } from '../../src/core/import.ts';
import type { Store } from '../../src/core/store.ts';
import { reading } from '../support/earlier.ts';
import { dumpSchedules } from '../support/schedules.ts';
import { aJob, anExecution, earlierWith, importScene, lineOf } from './import_scene.ts';
import { MINUTE } from './schedules/scene.ts';

describe('importing again', () => {
  test('changes nothing, whatever became of the schedules on either side', async () => {
    const there = await earlierWith(
      aJob({ job_id: 'a', name: 'one' }),
      aJob({ job_id: 'b', name: 'two' }),
      aJob({ job_id: 'c', name: 'three' }),
      aJob({ job_id: 'd', name: 'four' }),
    );
    const line = await importScene();
    await line.importSchedules(there);
    await line.move('one', 'pause');
    await line.move('two', 'delete');
    await there.run(
      "UPDATE jobs SET schedule_expression = '5 5 * * *', config = '{no' WHERE name = 'three'",
      "UPDATE jobs SET status = 'deleted' WHERE name = 'four'",
    );
    const ids = ['imported:a', 'imported:b', 'imported:c', 'imported:d'];
    const before = await dumpSchedules(line.store, ids);
    await line.clock.advance(MINUTE);
    const schedules = await line.importSchedules(there);
    expect(schedules.map((schedule) => `${lineOf(schedule)} ${schedule.status}`)).toEqual([
      'present one paused',
      'deleted_here two deleted',
      'present three active',
      'present four active',
    ]);
    expect(await dumpSchedules(line.store, ids)).toEqual(before);
  });

  test('brings what was refused before and is put right since', async () => {
    const there = await earlierWith(aJob({ name: 'one' }), aJob({ name: 'two', config: '{no' }));
    const line = await importScene();
    await line.importSchedules(there);
    await there.run("UPDATE jobs SET config = '{}'");
    expect((await line.importSchedules(there)).map(lineOf)).toEqual(['present one', 'created two']);
  });

  test('at any moment of another import creates each schedule once, under one name', async () => {
    const there = await earlierWith(
      aJob({ name: 'one' }),
      aJob({ name: 'one' }),
      aJob({ name: 'two' }),
    );
    const names = ['one', 'one (2)', 'two'];
    let over = false;
    for (let moment = 1; !over; moment += 1) {
      const line = await importScene();
      let calls = 0;
      // The other one, whole, before the call of this number.
      const store = new Proxy(line.store, {
        get: (target, method: keyof Store) => {
          const real = target[method] as (...args: unknown[]) => Promise<unknown>;
          return async (...args: unknown[]) => {
            calls += 1;
            if (calls === moment) await line.importSchedules(there);
            return real.apply(target, args);
          };
        },
      });
      const mine = await reading(there, ({ schedules }) =>
        importSchedules(schedules, false, { ...line.scheduleDeps, store }),
      );
      expect(mine.map(({ name }) => name)).toEqual(names);
      expect(mine.filter(({ action }) => !['created', 'present'].includes(action))).toEqual([]);
      const listed = await line.store.listSchedules({ limit: 10 });
      expect(listed.map(({ name, plan_at }) => [name, plan_at !== null])).toEqual(
        names.map((name) => [name, true]),
      );
      over = calls < moment;
      if (over) expect(moment).toBeGreaterThan(10);
    }
  });

  test('by two at once creates each schedule once', async () => {
    const there = await earlierWith(aJob({ name: 'one' }), aJob({ name: 'one' }), aJob());
    const line = await importScene();
    const both = await Promise.all([line.importSchedules(there), line.importSchedules(there)]);
    for (const schedules of both) {
      expect(schedules.every(({ action }) => ['created', 'present'].includes(action))).toBe(true);
    }
    expect(both[0].map(({ name }) => name)).toEqual(both[1].map(({ name }) => name));
    expect(await line.store.listSchedules({ limit: 10 })).toHaveLength(3);
  });
});

test('a dry run tells what would come, and writes nothing', async () => {
  const there = await earlierWith(
    aJob({ job_id: 'a', name: 'one' }),
    aJob({ name: 'one', status: 'paused' }),
    aJob({ config: '{no' }),
    anExecution('a', '2025-01-01T10:00:00'),
  );
  const line = await importScene();
  const told = await line.importAll(there, { dry_run: true });
  expect(line.called().filter((method) => !['inspect', 'getSchedule'].includes(method))).toEqual(
    [],
  );
  expect(told.history).toMatchObject({ added: 1, present: 0, unchecked: 0 });
  const done = await line.importAll(there);
  expect(done.schedules).toEqual(told.schedules);
  expect((await line.importAll(there, { dry_run: true })).history).toMatchObject({
    added: 0,
    unchecked: 1,
  });
});
