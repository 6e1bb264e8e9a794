// Reading an earlier scheduler: what its tables hold, in a SQLite file and on a Postgres server.
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { describe, expect, test } from '@jest/globals';
import {
  type Earlier,
  earlierFile,
  earlierServer,
  earlierTables,
  executionsOf,
  reading,
} from '../support/earlier.ts';
import { describePostgres } from '../support/postgres.ts';

const jobs = `INSERT INTO jobs (job_id, name, job_type, schedule_expression, config, status,
    description, timeout_seconds, retry_count, retry_delay_seconds, created_at) VALUES
  ('5f0c-1', 'Automatic Paper Fetch', 'paper_fetch', '0 */2 * * *',
   '{"config_path": "config.yaml", "max_papers": 100, "keywords": ["AI"]}', 'active',
   'every 2 hours', 3600, 3, 300, '2025-07-01T08:00:00.250000'),
  ('5f0c-2', 'Weekly Maintenance', 'maintenance', '0 2 * * 0', '{"cleanup_days": 30}', 'paused',
   '', 900, 0, 60, '2025-07-01T08:00:00.260000'),
  ('5f0c-3', 'Old one', 'custom', '*/5 * * * *', '{}', 'deleted', '', 3600, 3, 300,
   '2025-07-02 08:00:00')`;

const executions = `INSERT INTO job_executions (execution_id, job_id, status, started_at,
    finished_at, duration_seconds, result, error_message, retry_attempt, logs, created_at) VALUES
  ('e1', '5f0c-1', 'success', '2025-07-01T10:00:07.123456', '2025-07-01T10:00:09.625', 2.5,
   '{"success": true, "new_papers": 4}', NULL, 0, '', '2025-07-01T10:00:07.1'),
  ('e2', '5f0c-1', 'failed', '2025-07-01T12:00:00', '2025-07-01T12:00:01', 1,
   '{}', 'HTTP 503', 1, '', '2025-07-01T12:00:00'),
  ('e3', '5f0c-2', 'timeout', '2025-07-06T02:00:00', '2025-07-06T02:15:00', 900,
   '{}', 'Execution timed out', 0, 'one
two', '2025-07-06T02:00:00'),
  ('e4', '5f0c-1', 'pending', NULL, NULL, NULL, '{}', NULL, 0, '', '2025-07-01T14:00:00'),
  ('e5', '5f0c-1', 'cancelled', '2025-07-01T16:00:00', NULL, NULL, '{}', NULL, 0, '',
   '2025-07-01T16:00:00')`;

const reads = (make: (...statements: string[]) => Promise<Earlier>): void => {
  test('its schedules come with expression, config, status and limits', async () => {
    const there = await make(jobs);
    const schedules = await reading(there, (source) => source.schedules);
    expect(schedules).toEqual([
      {
        earlier_id: '5f0c-1',
        schedule_id: 'imported:5f0c-1',
        name: 'Automatic Paper Fetch',
        status: 'active',
        input: {
          name: 'Automatic Paper Fetch',
          job_type: 'paper_fetch',
          schedule_expression: '0 */2 * * *',
          config: { config_path: 'config.yaml', max_papers: 100, keywords: ['AI'] },
          description: 'every 2 hours',
          max_retries: 3,
          retry_delay_seconds: 300,
          retry_backoff: 'fixed',
          timeout_seconds: 3600,
          missed: 'latest',
          concurrency_policy: 'forbid',
          run_on_startup: false,
        },
        problems: [],
      },
      expect.objectContaining({ earlier_id: '5f0c-2', status: 'paused' }),
      expect.objectContaining({ earlier_id: '5f0c-3', status: 'deleted' }),
    ]);
    expect(schedules[1]?.input).toMatchObject({ max_retries: 0, timeout_seconds: 900 });
    expect(schedules[1]?.input).not.toHaveProperty('description');
  });

  test('its executions come with times in UTC, outcome and log, oldest first', async () => {
    const there = await make(jobs, executions);
    const found = await reading(there, executionsOf);
    const at = (text: string) => new Date(`2025-07-${text}Z`);
    const base = { result: null, error: null, logs: [], schedule_id: 'imported:5f0c-1' };
    const error = (message: string) => ({ name: 'Error', message, stack: null });
    const imported = (execution_id: string, job_id = '5f0c-1') => ({
      imported: { job_id, execution_id },
    });
    const expected = [
      {
        ...base,
        job_id: 'imported:5f0c-1:e1',
        status: 'success',
        job_status: 'success',
        created_at: at('01T10:00:07.100'),
        started_at: at('01T10:00:07.123'),
        finished_at: at('01T10:00:09.625'),
        duration_seconds: 2.5,
        result: { success: true, new_papers: 4 },
        metadata: imported('e1'),
      },
      {
        ...base,
        job_id: 'imported:5f0c-1:e2',
        status: 'failed',
        job_status: 'failed',
        created_at: at('01T12:00:00'),
        started_at: at('01T12:00:00'),
        finished_at: at('01T12:00:01'),
        duration_seconds: 1,
        error: error('HTTP 503'),
        metadata: { imported: { job_id: '5f0c-1', execution_id: 'e2', retry_attempt: 1 } },
      },
      {
        ...base,
        job_id: 'imported:5f0c-1:e4',
        status: 'lost',
        job_status: 'failed',
        created_at: at('01T14:00:00'),
        started_at: at('01T14:00:00'),
        finished_at: at('01T14:00:00'),
        duration_seconds: null,
        error: error('it was still pending in the system it was imported from'),
        metadata: imported('e4'),
      },
      {
        ...base,
        job_id: 'imported:5f0c-1:e5',
        status: 'cancelled',
        job_status: 'cancelled',
        created_at: at('01T16:00:00'),
        started_at: at('01T16:00:00'),
        finished_at: at('01T16:00:00'),
        duration_seconds: null,
        metadata: imported('e5'),
      },
      {
        ...base,
        job_id: 'imported:5f0c-2:e3',
        schedule_id: 'imported:5f0c-2',
        status: 'timeout',
        job_status: 'failed',
        created_at: at('06T02:00:00'),
        started_at: at('06T02:00:00'),
        finished_at: at('06T02:15:00'),
        duration_seconds: 900,
        error: error('Execution timed out'),
        logs: [
          { level: 'info', message: 'one' },
          { level: 'info', message: 'two' },
        ],
        metadata: imported('e3', '5f0c-2'),
      },
    ];
    const byTime = found.map(({ past }) => past).sort((a, b) => +a!.started_at - +b!.started_at);
    expect(byTime).toEqual(expected);
    expect(found.map(({ earlier_id }) => earlier_id).sort()).toEqual([
      ...Array(4).fill('5f0c-1'),
      '5f0c-2',
    ]);
  });

  test('an execution that may still be running there is left for a later import', async () => {
    const there = await make(jobs);
    const since = (seconds: number) => new Date(Date.now() - seconds * 1000).toISOString();
    await there.run(`INSERT INTO job_executions (execution_id, job_id, status, started_at) VALUES
      ('fresh', '5f0c-2', 'running', '${since(600)}'),
      ('stale', '5f0c-2', 'running', '${since(1800)}'),
      ('longer', '5f0c-1', 'running', '${since(1800)}')`);
    const found = await reading(there, executionsOf);
    const told = found.map(({ earlier_id, past }) => [earlier_id, past?.job_id ?? null]);
    expect(told.sort()).toEqual([
      ['5f0c-1', null],
      ['5f0c-2', null],
      ['5f0c-2', 'imported:5f0c-2:stale'],
    ]);
  });

  test('thousands of executions come page by page, each once', async () => {
    const rows = Array.from({ length: 2345 }, (_, at) => {
      const time = new Date(Date.UTC(2025, 0, 1) + at * 60_000).toISOString();
      return `('e${(at * 7919) % 2345}', '5f0c-1', 'success', '${time}', '${time}', '${time}')`;
    });
    const there = await make(
      jobs,
      `INSERT INTO job_executions (execution_id, job_id, status, created_at, started_at, finished_at)
       VALUES ${rows.join(', ')}`,
    );
    const pages: number[] = [];
    const ids = await reading(there, async (source) => {
      const all: string[] = [];
      for await (const page of source.executions()) {
        pages.push(page.length);
        all.push(...page.map(({ past }) => String(past?.started_at.toISOString())));
      }
      return all;
    });
    expect(ids).toEqual([...ids].sort());
    expect(new Set(ids).size).toBe(2345);
    expect(Math.max(...pages)).toBeLessThanOrEqual(100);
  });

  test('a table of executions that is not there means no history, and is told', async () => {
    const there = await make(jobs, 'DROP TABLE job_executions');
    await reading(there, async (source) => {
      expect(await executionsOf(source)).toEqual([]);
      expect(source.schedules).toHaveLength(3);
      expect(source.unused()).toEqual({
        count: 1,
        first: [
          expect.objectContaining({
            table: 'job_executions',
            reason: 'there is no such table, so no history',
          }),
        ],
      });
    });
  });
};

describe('an earlier scheduler in a SQLite file', () => {
  reads((...statements) => earlierFile(...earlierTables.sqlite, ...statements));

  test('is left as it was, to the byte', async () => {
    const there = await earlierFile(...earlierTables.sqlite, jobs, executions);
    const hash = () => createHash('sha256').update(readFileSync(there.path)).digest('hex');
    const before = hash();
    await reading(there, executionsOf);
    expect(hash()).toBe(before);
  });

  test('is read while its daemon writes to it', async () => {
    const there = await earlierFile(...earlierTables.sqlite, jobs, executions);
    const read = await reading(there, async (source) => {
      const pages = source.executions()[Symbol.asyncIterator]();
      const first = await pages.next();
      await there.run("UPDATE jobs SET status = 'inactive'", 'DELETE FROM job_executions WHERE 1');
      expect((await pages.next()).done).toBe(true);
      return first.value.length;
    });
    expect(read).toBe(5);
  });
});

describePostgres('an earlier scheduler on a Postgres server', () => {
  reads((...statements) => earlierServer(...earlierTables.postgres, ...statements));

  test('is read as it was at one moment', async () => {
    const there = await earlierServer(...earlierTables.postgres, jobs, executions);
    await reading(there, async (source) => {
      await there.run('DELETE FROM jobs');
      expect(await executionsOf(source)).toHaveLength(5);
    });
    expect(await reading(there, executionsOf)).toEqual([]);
  });
});
