// Reading schedulers of the same kind: other names of columns, other spellings of words, other ways to
// write times.
import { describe, expect, test } from '@jest/globals';
import type { EarlierSchedule } from '../../src/core/earlier.ts';
import {
  earlierFile,
  earlierServer,
  earlierTables,
  executionsOf,
  reading,
  schedulesOf,
} from '../support/earlier.ts';
import { describePostgres } from '../support/postgres.ts';

const kinTables = [
  `CREATE TABLE jobs (
    id INTEGER PRIMARY KEY, job_name TEXT, type TEXT, cron TEXT, tz TEXT, parameters TEXT,
    is_active BOOLEAN, max_retries INTEGER, retry_delay REAL, timeout INTEGER,
    run_on_startup BOOLEAN, next_run_at INTEGER, owner TEXT)`,
  `CREATE TABLE job_executions (
    id INTEGER PRIMARY KEY, job_id INTEGER, state TEXT, start_time INTEGER, end_time INTEGER,
    duration_ms INTEGER, output TEXT, error TEXT, traceback TEXT, log_output TEXT, host TEXT)`,
];

const statusOf = ({ status, problems }: EarlierSchedule) => [status, problems.length];

describe('a scheduler of the same kind', () => {
  test('is understood by the names that its columns have', async () => {
    const there = await earlierFile(
      ...kinTables,
      `INSERT INTO jobs VALUES
        (1, 'Fetch', 'JobType.PAPER_FETCH', '0 9 * * 1-5', 'Europe/Berlin', '{"max_papers":5}', 1,
         2, 1.5, 0, 1, 1751360400, 'ann'),
        (2, 'Off', 'MAINTENANCE', '@weekly', '', NULL, 0, NULL, NULL, NULL, NULL, NULL, NULL)`,
      `INSERT INTO job_executions VALUES
        (1, 1, 'ExecutionStatus.COMPLETED', 1751360400, 1751360403, 2750, 'all good', NULL, NULL,
         '["first", {"n": 2}]', 'h'),
        (2, 1, 'TIMED-OUT', 1751446800123, NULL, NULL, NULL, NULL,
         'Traceback:
  File "x.py"
ValueError: no', NULL, 'h')`,
    );
    await reading(there, async (source) => {
      expect(source.schedules).toEqual([
        {
          earlier_id: '1',
          schedule_id: 'imported:1',
          name: 'Fetch',
          status: 'active',
          input: {
            name: 'Fetch',
            job_type: 'PAPER_FETCH',
            schedule_expression: '0 9 * * 1-5',
            timezone: 'Europe/Berlin',
            config: { max_papers: 5 },
            max_retries: 2,
            retry_delay_seconds: 1.5,
            retry_backoff: 'fixed',
            missed: 'latest',
            concurrency_policy: 'forbid',
            run_on_startup: true,
          },
          problems: [],
        },
        {
          earlier_id: '2',
          schedule_id: 'imported:2',
          name: 'Off',
          status: 'inactive',
          input: {
            name: 'Off',
            job_type: 'MAINTENANCE',
            schedule_expression: '@weekly',
            config: {},
            retry_backoff: 'fixed',
            missed: 'latest',
            concurrency_policy: 'forbid',
            run_on_startup: false,
          },
          problems: [],
        },
      ]);
      const [first, second] = (await executionsOf(source)).map(({ past }) => past);
      expect(first).toMatchObject({
        job_id: 'imported:1:1',
        status: 'success',
        started_at: new Date('2025-07-01T09:00:00Z'),
        finished_at: new Date('2025-07-01T09:00:03Z'),
        duration_seconds: 2.75,
        result: 'all good',
        logs: [
          { level: 'info', message: 'first' },
          { level: 'info', message: '{"n":2}' },
        ],
      });
      expect(second).toMatchObject({
        status: 'timeout',
        started_at: new Date('2025-07-02T09:00:00.123Z'),
        finished_at: new Date('2025-07-02T09:00:00.123Z'),
        duration_seconds: null,
        error: {
          name: 'Error',
          message: 'ValueError: no',
          stack: 'Traceback:\n  File "x.py"\nValueError: no',
        },
      });
      const { first: told, count } = source.unused();
      expect(told.map(({ table, row, column }) => [table, row, column])).toEqual([
        ['jobs', null, 'owner'],
        ['job_executions', null, 'host'],
      ]);
      expect(count).toBe(2);
    });
  });

  test('is understood where its tables are views, or have no order of their own', async () => {
    const [jobs = '', executions = ''] = earlierTables.sqlite;
    const there = await earlierFile(
      `${jobs} WITHOUT ROWID`,
      executions.replace('job_executions', 'runs'),
      'CREATE VIEW job_executions AS SELECT * FROM runs',
      `INSERT INTO jobs (job_id, name, job_type, schedule_expression, config) VALUES
       ('b', 'B', 'custom', '@daily', '{}'), ('a', 'A', 'custom', '@daily', '{}')`,
      `INSERT INTO runs (execution_id, job_id, status) VALUES
       ('y', 'a', 'success'), ('x', 'b', 'success')`,
    );
    await reading(there, async (source) => {
      expect(source.schedules.map(({ earlier_id }) => earlier_id)).toEqual(['a', 'b']);
      expect((await executionsOf(source)).map(({ earlier_id }) => earlier_id)).toEqual(['b', 'a']);
    });
  });

  test.each([
    ["'ACTIVE'", ['active', 0]],
    ["'JobStatus.PAUSED'", ['paused', 0]],
    ["'Inactive'", ['inactive', 0]],
    ["'deleted '", ['deleted', 0]],
    ['NULL', ['active', 0]],
    ["'frozen'", ['inactive', 1]],
    ["'constructor'", ['inactive', 1]],
  ])('has the status %s', async (status, expected) => {
    const columns = '(id, name, type, cron, status)';
    const [schedule] = await schedulesOf(`INSERT INTO jobs VALUES (1, 'x', 'y', 'z', ${status})`, [
      `CREATE TABLE jobs ${columns}`,
    ]);
    expect(statusOf(schedule!)).toEqual(expected);
  });
});

describe('ids', () => {
  test('are such as a job may have, and two for two, whatever they were there', async () => {
    const odd = ['a', 'a:b', 'ä b', 'a_b', 'x'.repeat(300), `${'x'.repeat(300)}y`, 'ä_b'];
    const rows = odd.map((id) => `('${id}', 'n', 'custom', '@daily', '{}')`);
    const schedules = await schedulesOf(
      `INSERT INTO jobs (job_id, name, job_type, schedule_expression, config) VALUES ${rows}`,
    );
    const ids = schedules.map(({ schedule_id }) => schedule_id);
    expect(new Set(ids).size).toBe(odd.length);
    for (const id of ids) expect(id).toMatch(/^imported:[A-Za-z0-9_.:-]{1,141}$/);
    expect(ids.slice(0, 2)).toEqual(['imported:a', expect.stringMatching(/^imported:a:b:\w{20}$/)]);
  });
});

describePostgres('a scheduler on Postgres with types of its own', () => {
  test('is read as in a file', async () => {
    const there = await earlierServer(
      "CREATE TYPE jobstatus AS ENUM ('ACTIVE', 'PAUSED')",
      `CREATE TABLE jobs (id uuid PRIMARY KEY, "jobName" varchar(50), "jobType" text,
        "cronExpression" text, config json, status jobstatus, enabled boolean, timeout numeric)`,
      `CREATE TABLE job_executions (id bigint PRIMARY KEY, job_id uuid, status varchar(20),
        started_at timestamp, completed_at timestamptz, result jsonb)`,
      `INSERT INTO jobs VALUES ('6b8f4c5e-0000-4000-8000-000000000001', 'Täglich', 'custom',
        '@daily', '{"task_type": "x"}', 'PAUSED', true, 12.5)`,
      `INSERT INTO job_executions VALUES
        (9007199254740993, '6b8f4c5e-0000-4000-8000-000000000001', 'SUCCESS',
         '2025-07-01 10:00:00.5', '2025-07-01 12:00:02+02', '"{\\"n\\": 1}"'),
        (2, '6b8f4c5e-0000-4000-8000-000000000001', 'SUCCESS', 'infinity',
         '2025-07-01 12:00:02+02', '3')`,
    );
    await reading(there, async (source) => {
      expect(source.schedules).toMatchObject([
        {
          schedule_id: 'imported:6b8f4c5e-0000-4000-8000-000000000001',
          name: 'Täglich',
          status: 'paused',
          input: { config: { task_type: 'x' }, timeout_seconds: 12.5 },
          problems: [],
        },
      ]);
      expect(await executionsOf(source)).toMatchObject([
        {
          past: {
            job_id: 'imported:6b8f4c5e-0000-4000-8000-000000000001:9007199254740993',
            started_at: new Date('2025-07-01T10:00:00.500Z'),
            finished_at: new Date('2025-07-01T10:00:02Z'),
            duration_seconds: 1.5,
            result: { n: 1 },
          },
        },
        {
          past: { started_at: new Date('2025-07-01T10:00:02Z'), duration_seconds: null, result: 3 },
        },
      ]);
      expect(source.unused().first).toMatchObject([
        { row: '2', column: 'started_at', value: 'infinity', reason: 'it is no time' },
      ]);
    });
  });

  test('is read the same whatever zone and style of dates its database has', async () => {
    const there = await earlierServer(
      ...earlierTables.postgres,
      `INSERT INTO jobs (job_id, name, job_type, schedule_expression, config)
       VALUES ('a', 'A', 'custom', '@daily', '{}')`,
      `INSERT INTO job_executions (execution_id, job_id, status, started_at)
       VALUES ('x', 'a', 'success', '1971-04-05T06:07:08Z')`,
      `DO $$ BEGIN
         EXECUTE format('ALTER DATABASE %I SET DateStyle = ''SQL, DMY''', current_database());
         EXECUTE format('ALTER DATABASE %I SET TimeZone = ''Africa/Monrovia''', current_database());
       END $$`,
    );
    expect(await reading(there, executionsOf)).toMatchObject([
      { past: { started_at: new Date('1971-04-05T06:07:08Z') } },
    ]);
  });
});
