// Importing schedules of an earlier scheduler: what comes over, what is refused, and doing it again.
import { describe, expect, test } from '@jest/globals';
import * as z from 'zod';
import { createRegistry, defineJob } from '../../src/core/definition.ts';
import { type ImportedSchedule, importSchedules } from '../../src/core/import.ts';
import { reading } from '../support/earlier.ts';
import { aJob, earlierWith, importScene, lineOf } from './import_scene.ts';
import { HOUR, MINUTE } from './schedules/scene.ts';

const first = (schedules: ImportedSchedule[]): ImportedSchedule => schedules[0]!;

describe('a schedule that is imported', () => {
  test('has the expression, config, status and limits it had, and waits its turn as it did', async () => {
    const there = await earlierWith(
      aJob({
        job_id: 'a',
        name: ' Fetch ',
        schedule_expression: '30 */2 * * *',
        config: '{"max": 5}',
        timeout_seconds: 900,
        retry_count: 2,
        retry_delay_seconds: 60,
        description: 'what for',
      }),
    );
    const line = await importScene();
    const next = new Date('2031-05-17T10:30:00Z');
    expect(await line.importSchedules(there)).toEqual([
      {
        action: 'created',
        earlier_id: 'a',
        schedule_id: 'imported:a',
        earlier_name: ' Fetch ',
        name: 'Fetch',
        status: 'active',
        rule: { job_type: 'demo', schedule_expression: '30 */2 * * *', timezone: 'UTC' },
        next_execution: next,
        problems: [],
      },
    ]);
    const { schedule } = await line.detail('Fetch');
    expect(schedule).toMatchObject({
      schedule_id: 'imported:a',
      status: 'active',
      job_type: 'demo',
      schedule_expression: '30 */2 * * *',
      timezone: 'UTC',
      config: { max: 5 },
      description: 'what for',
      max_retries: 2,
      retry_delay_seconds: 60,
      retry_backoff: 'fixed',
      timeout_seconds: 900,
      missed: 'latest',
      concurrency_policy: 'forbid',
      run_on_startup: false,
      applied: false,
      last_execution: null,
      next_execution: next,
    });
  });

  test('makes jobs from then on, and makes up for nothing that was before', async () => {
    const line = await importScene();
    await line.importSchedules(await earlierWith(aJob({ name: 'hourly' })));
    expect((await line.drain()).picked).toBe(0);
    await line.clock.advance(31 * MINUTE);
    expect(await line.drain()).toMatchObject({ picked: 1, outcomes: { success: 1 } });
    expect((await line.ledger()).slice(0, 2)).toEqual(['10:00 fired due', '11:00 planned']);
  });

  test('that runs on start-up is not new, and makes no job at once', async () => {
    const there = await earlierWith(
      aJob({ name: 'hourly' }),
      'ALTER TABLE jobs ADD COLUMN run_on_startup BOOLEAN',
      'UPDATE jobs SET run_on_startup = 1',
    );
    const line = await importScene();
    await line.importSchedules(there);
    expect((await line.detail()).schedule).toMatchObject({ run_on_startup: true });
    expect(await line.store.listJobs({ limit: 10 })).toEqual([]);
  });

  test.each(['paused', 'inactive'] as const)(
    '%s there is so here, until it is resumed',
    async (status) => {
      const line = await importScene();
      const schedules = await line.importSchedules(
        await earlierWith(aJob({ name: 'hourly', status })),
      );
      expect(first(schedules)).toMatchObject({ action: 'created', status, next_execution: null });
      expect((await line.detail()).schedule).toMatchObject({ status, next_execution: null });
      await line.clock.advance(2 * HOUR);
      expect((await line.drain()).picked).toBe(0);
      await line.move('hourly', 'resume');
      await line.clock.advance(HOUR);
      expect((await line.drain()).picked).toBe(1);
      expect((await line.ledger()).slice(0, 2)).toEqual([
        `10:00-11:00 skipped ${status} 2`,
        '12:00 fired due',
      ]);
    },
  );

  test.each(['Demo', 'DEMO', 'JobType.DEMO'])(
    'finds its job type, spelt %s there',
    async (job_type) => {
      const line = await importScene();
      expect(
        first(await line.importSchedules(await earlierWith(aJob({ job_type })))),
      ).toMatchObject({
        action: 'created',
        rule: { job_type: 'demo' },
      });
    },
  );
});

describe('what is not imported', () => {
  test('is refused with every reason, and the others are imported', async () => {
    const there = await earlierWith(
      aJob({ name: 'bad', schedule_expression: '0 0 * * * *', retry_count: -1, status: 'active' }),
      aJob({ name: 'boot', schedule_expression: '@reboot' }),
      aJob({ name: 'other', job_type: 'script', config: '{no' }),
      aJob({ name: 'good' }),
      aJob({ name: ' ' }),
    );
    const line = await importScene();
    const schedules = await line.importSchedules(there);
    expect(schedules.map(lineOf)).toEqual([
      'refused bad: max_retries, schedule_expression',
      'refused boot: schedule_expression',
      'refused other: config, job_type',
      'created good',
      'refused  : name',
    ]);
    expect(schedules[1]!.problems[0]!.message).toContain('"@reboot" is no nickname');
    expect(schedules[2]!.problems.map(({ message }) => message)).toEqual([
      '"{no" is not JSON',
      '"script" is no known job type; expected one of demo',
    ]);
    const listed = await line.store.listSchedules({ limit: 10 });
    expect(listed.map(({ name }) => name)).toEqual(['good']);
  });

  test('is told once of a value that cannot even be read', async () => {
    const needy = defineJob({
      type: 'needy',
      config: z.strictObject({ what: z.string() }),
      run: () => 0,
    });
    const line = await importScene();
    const registry = createRegistry([needy]);
    const there = await earlierWith(aJob({ job_type: 'needy', config: '{no' }));
    const [schedule] = await reading(there, ({ schedules }) =>
      importSchedules(schedules, false, { ...line.scheduleDeps, registry }),
    );
    expect(schedule!.problems).toEqual([{ path: 'config', message: '"{no" is not JSON' }]);
  });

  test('is what was deleted there', async () => {
    const line = await importScene();
    const there = await earlierWith(aJob({ name: 'old', status: 'deleted', config: '{no' }));
    expect((await line.importSchedules(there)).map(lineOf)).toEqual(['deleted_there old']);
    expect(await line.store.getSchedule('old', 0)).toBeNull();
  });

  test('is a second row of an id', async () => {
    const line = await importScene();
    const there = await earlierWith(
      'DROP TABLE job_executions',
      'DROP TABLE jobs',
      'CREATE TABLE jobs (id TEXT, name TEXT, type TEXT, cron TEXT)',
      "INSERT INTO jobs VALUES ('a', 'one', 'demo', '@daily'), ('a', 'two', 'demo', '@daily')",
    );
    const expected = ['created one', 'refused two: id'];
    expect((await line.importSchedules(there, true)).map(lineOf)).toEqual(expected);
    expect((await line.importSchedules(there)).map(lineOf)).toEqual(expected);
  });
});
