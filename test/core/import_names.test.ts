// Names and ids of imported schedules, where they clash with each other or with what is here.
import { describe, expect, test } from '@jest/globals';
import { importSchedules } from '../../src/core/import.ts';
import { isNumbered, numbered } from '../../src/core/import_name.ts';
import type { Store } from '../../src/core/store.ts';
import { reading } from '../support/earlier.ts';
import { aJob, anExecution, earlierWith, importScene, lineOf } from './import_scene.ts';

describe('two schedules of one name', () => {
  test('are both imported: the second one gets a number, now and ever after', async () => {
    const there = await earlierWith(
      ...[1, 2, 3].map(() => aJob({ name: 'Fetch' })),
      aJob({ name: 'Fetch (2)' }),
    );
    const line = await importScene();
    const names = ['Fetch', 'Fetch (2)', 'Fetch (3)', 'Fetch (2) (2)'];
    const created = names.map((name) => `created ${name}`);
    expect((await line.importSchedules(there, true)).map(lineOf)).toEqual(created);
    expect((await line.importSchedules(there)).map(lineOf)).toEqual(created);
    expect((await line.importSchedules(there)).map(lineOf)).toEqual(
      names.map((name) => `present ${name}`),
    );
  });

  test('are told apart also when the first of them comes later', async () => {
    const there = await earlierWith(
      aJob({ job_id: 'a', name: 'Fetch', config: '{no' }),
      aJob({ job_id: 'b', name: 'Fetch' }),
    );
    const line = await importScene();
    expect((await line.importSchedules(there)).map(lineOf)).toEqual([
      'refused Fetch: config',
      'created Fetch',
    ]);
    await there.run("UPDATE jobs SET config = '{}'");
    expect((await line.importSchedules(there)).map(lineOf)).toEqual([
      'created Fetch (2)',
      'present Fetch',
    ]);
  });

  test('that are as long as a name may be keep to that', async () => {
    const name = `${'x'.repeat(195)}\u{1f600}yyy`;
    const line = await importScene();
    const there = await earlierWith(aJob({ name }), aJob({ name }));
    const again = async () => (await line.importSchedules(there)).map((one) => one.name);
    const names = [name, `${'x'.repeat(195)}\ufffd (2)`];
    expect(await again()).toEqual(names);
    expect(await again()).toEqual(names);
    expect(names[1]).toHaveLength(200);
  });

  test.each([
    ['Fetch', true],
    ['Fetch (2)', true],
    ['Fetch (12)', true],
    ['Fetch (1)', false],
    ['Fetch (02)', false],
    ['Fetches', false],
    ['Fetch(2)', false],
  ])('%j is one of the names that "Fetch" may get: %j', (name, expected) => {
    expect(isNumbered(name, 'Fetch')).toBe(expected);
    expect(numbered('Fetch', 1)).toBe('Fetch');
  });
});

describe('a name that another schedule has here', () => {
  test('is refused, and the others are imported', async () => {
    const line = await importScene();
    await line.schedule({ name: 'Fetch' });
    const there = await earlierWith(
      aJob({ name: 'Fetch' }),
      aJob({ name: 'Fetch' }),
      aJob({ name: 'Clean' }),
    );
    const schedules = await line.importSchedules(there);
    expect(schedules.map(lineOf)).toEqual([
      'refused Fetch: name',
      'refused Fetch: name',
      'created Clean',
    ]);
    expect(schedules[0]!.problems[0]!.message).toBe(
      '"Fetch" is the name of another schedule here, which was not imported; expected a name of its own, or none here that has it',
    );
  });

  test('does not stand in the way of a number, nor once it is deleted', async () => {
    const line = await importScene();
    await line.schedule({ name: 'Fetch (2)' });
    await line.schedule({ name: 'Clean' });
    await line.move('Clean', 'delete');
    const there = await earlierWith(
      aJob({ name: 'Fetch' }),
      aJob({ name: 'Fetch' }),
      aJob({ name: 'Clean' }),
    );
    expect((await line.importSchedules(there)).map(lineOf)).toEqual([
      'created Fetch',
      'created Fetch (3)',
      'created Clean',
    ]);
  });

  test('is refused also when it was taken a moment ago', async () => {
    const line = await importScene();
    const { store } = line.scheduleDeps;
    let quick: Promise<unknown> | undefined;
    const late: Store = {
      ...store,
      getSchedule: (name, slots) => store.getSchedule(name, slots),
      inspect: () => store.inspect(),
      planSchedules: (plans) => store.planSchedules(plans),
      saveSchedules: async (writes) => {
        quick ??= line.schedule({ name: 'Fetch' });
        await quick;
        return store.saveSchedules(writes);
      },
    };
    const there = await earlierWith(aJob({ name: 'Fetch' }), aJob({ name: 'Clean' }));
    const schedules = await reading(there, (source) =>
      importSchedules(source.schedules, false, { ...line.scheduleDeps, store: late }),
    );
    expect(schedules.map(lineOf)).toEqual(['refused Fetch: name', 'created Clean']);
  });
});

describe('ids that count up, and are the same in two databases', () => {
  test('do not make another schedule of the one that was imported', async () => {
    const line = await importScene();
    const one = await earlierWith(
      aJob({ job_id: '1', name: 'Fetch' }),
      anExecution('1', '2025-01-01T10:00:00'),
    );
    const other = await earlierWith(
      aJob({ job_id: '1', name: 'Clean' }),
      anExecution('1', '2025-01-02T10:00:00'),
    );
    await line.importAll(one);
    const { schedules, history } = await line.importAll(other);
    expect(schedules.map(lineOf)).toEqual(['refused Clean: id']);
    expect(schedules[0]!.problems[0]!.message).toBe(
      '"1" is that of "Fetch", which was imported before; expected another id, or that name',
    );
    expect(history).toMatchObject({ added: 0, left_out: 1 });
    expect(await line.store.listJobs({ limit: 10 })).toHaveLength(1);
  });

  test('are no names: a schedule here may be called as an imported one is numbered', async () => {
    const line = await importScene();
    await line.schedule({ name: 'imported:1' });
    const there = await earlierWith(aJob({ job_id: '1', name: 'Fetch' }));
    expect((await line.importSchedules(there)).map(lineOf)).toEqual(['created Fetch']);
  });
});
