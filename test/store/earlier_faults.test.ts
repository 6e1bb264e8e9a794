// What is told of rows of an earlier scheduler that nothing can be made of, and that the rest comes.
import { describe, expect, test } from '@jest/globals';
import {
  earlierFile,
  earlierTables,
  executionsOf,
  reading,
  schedulesOf,
} from '../support/earlier.ts';

/** What is told of rows of `job_executions` that follow one schedule `a`. */
const toldOf = async (values: string, columns = 'execution_id, job_id, status, started_at') =>
  reading(
    await earlierFile(
      ...earlierTables.sqlite,
      'PRAGMA ignore_check_constraints = ON',
      `INSERT INTO jobs (job_id, name, job_type, schedule_expression, config)
       VALUES ('a', 'A', 'custom', '@daily', '{}')`,
      'PRAGMA foreign_keys = OFF',
      `INSERT INTO job_executions (${columns}) VALUES ${values}`,
    ),
    async (source) => {
      const found = await executionsOf(source);
      return { pasts: found.map(({ past }) => past), ...source.unused() };
    },
  );

describe('a schedule that cannot be imported', () => {
  test('comes with every reason, its values as they stand there', async () => {
    const [schedule] = await schedulesOf(
      `INSERT INTO jobs VALUES (NULL, 'x', 'y', 'z', 'frozen', 'perhaps', '{a: 1}', 'often', 'maybe')`,
      [
        'CREATE TABLE jobs (id, name, type, cron, status, enabled, config, max_retries, run_on_startup)',
      ],
    );
    expect(schedule?.problems).toEqual([
      { path: 'id', message: 'is missing' },
      { path: 'status', message: expect.stringMatching(/^"frozen" is none of active, /) },
      { path: 'enabled', message: '"perhaps" is none of true, false' },
      { path: 'config', message: '"{a: 1}" is not JSON' },
      { path: 'run_on_startup', message: '"maybe" is none of true, false' },
    ]);
    expect(schedule?.input).toMatchObject({ max_retries: 'often' });
  });

  test('leaves the others as they are', async () => {
    const schedules = await schedulesOf(
      `INSERT INTO jobs (job_id, name, job_type, schedule_expression, config) VALUES
       ('a', 'A', 'custom', '@daily', 'none'), ('b', 'B', 'custom', '@daily', '"{\\"k\\": 1}"')`,
    );
    expect(schedules.map(({ problems }) => problems.length)).toEqual([1, 0]);
    expect(schedules[1]?.input.config).toEqual({ k: 1 });
  });
});

describe('an execution that cannot be imported', () => {
  test.each([
    ["('x', 'a', 'skipped', '2025-01-01')", 'status', 'skipped', /^"skipped" is none of success, /],
    ["('x', 'gone', 'success', '2025-01-01')", 'job_id', 'gone', /^no row of jobs has this id$/],
    ["('', 'a', 'success', '2025-01-01')", 'execution_id', '', /^it is empty$/],
  ])('is told by table, column and value: %s', async (values, column, value, reason) => {
    const { pasts, first } = await toldOf(values);
    expect(pasts).toEqual([]);
    expect(first).toEqual([
      {
        table: 'job_executions',
        row: values.split("'")[1],
        column,
        value,
        reason: expect.stringMatching(reason),
      },
    ]);
  });

  test('is one without any time', async () => {
    const columns = 'execution_id, job_id, status, started_at, created_at';
    const { pasts, first } = await toldOf("('x', 'a', 'success', 'noon', NULL)", columns);
    expect(pasts).toEqual([]);
    expect(first.map(({ column, value, reason }) => [column, value, reason])).toEqual([
      ['started_at', 'noon', 'it is no time'],
      ['started_at', 'noon', 'nothing says when it was'],
    ]);
  });

  test('of a million is told like one of a hundred, with their number', async () => {
    const rows = Array.from({ length: 250 }, (_, at) => `('e${at}', 'a', 'odd', '2025-01-01')`);
    const { first, count } = await toldOf(rows.join(', '));
    expect([first.length, count]).toEqual([100, 250]);
  });

  test('keeps all but a result that is too large', async () => {
    const columns = 'execution_id, job_id, status, started_at, result';
    const { pasts, first } = await toldOf(
      `('x', 'a', 'success', '2025-01-01', json_array(hex(zeroblob(600000))))`,
      columns,
    );
    expect(pasts).toMatchObject([{ job_id: 'imported:a:x', status: 'success', result: null }]);
    expect(first).toMatchObject([
      { column: 'result', reason: expect.stringContaining('at most 1048576 (1 MiB) are kept') },
    ]);
    expect(first[0]?.value).toHaveLength(200);
  });

  test('keeps the last lines of a long log, and says how many there were', async () => {
    const lines = Array.from({ length: 250 }, (_, at) => `line ${at}`).join('\r\n\n');
    const columns = 'execution_id, job_id, status, started_at, logs';
    const { pasts } = await toldOf(`('x', 'a', 'success', '2025-01-01', '${lines}')`, columns);
    const logs = pasts[0]?.logs.map(({ message }) => message);
    expect(logs).toHaveLength(201);
    expect(logs?.slice(0, 2)).toEqual(['50 earlier lines were not imported', 'line 50']);
    expect(logs?.at(-1)).toBe('line 249');
  });

  test('never ends before it began', async () => {
    const columns = 'execution_id, job_id, status, created_at, started_at, finished_at';
    const { pasts } = await toldOf(
      "('x', 'a', 'success', '2025-01-03', '2025-01-02', '2025-01-01')",
      columns,
    );
    const moment = new Date('2025-01-02T00:00:00Z');
    expect(pasts).toMatchObject([
      { created_at: moment, started_at: moment, finished_at: moment, duration_seconds: 0 },
    ]);
  });
});
