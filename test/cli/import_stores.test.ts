// `import` between real databases of either kind: from a SQLite file and from a Postgres server, into both.
import { describe, expect, test } from '@jest/globals';
import type { JobDetail } from '../../src/core/store.ts';
import { type Earlier, earlierFile, earlierServer, earlierTables } from '../support/earlier.ts';
import { describePostgres, newDatabase } from '../support/postgres.ts';
import { migrated } from '../support/postgres_data.ts';
import { query } from '../support/servers/postgres.ts';
import { commandLine, type Ran } from './command_line.ts';
import { executions, jobs } from './earlier_rows.ts';

const sources = {
  'a SQLite file': (...rows: string[]) => earlierFile(...earlierTables.sqlite, ...rows),
  'a Postgres server': (...rows: string[]) => earlierServer(...earlierTables.postgres, ...rows),
};

type Run = (...words: string[]) => Promise<Ran>;

/** Commands on a store with its tables. */
const stores: Record<string, () => Promise<Run>> = {
  SQLite: async () => (await commandLine()).run,
  Postgres: async () => {
    const { url } = await newDatabase(migrated);
    const cli = await commandLine({ init: false });
    return (...words) => cli.runWith({ env: { DATABASE_URL: url } }, ...words);
  },
};

/** What a command answers to programs. */
const asked = async (run: Run, ...words: string[]) => {
  const { code, out, err } = await run(...words, '--json');
  if (code !== 0) throw new Error(`${words.join(' ')} ended with ${code}: ${err}`);
  return JSON.parse(out);
};

const imported = (run: Run, { address }: Earlier) =>
  asked(run, 'import', '--from-schedules', address);

const comesOver = (source: keyof typeof sources, store: keyof typeof stores): void => {
  test(`from ${source} into ${store} all comes over, once`, async () => {
    const there = await sources[source](jobs, executions);
    const run = await stores[store]!();
    expect(await imported(run, there)).toMatchObject({
      created: 3,
      executions: { added: 2, present: 0, left_out: 1 },
      unused: { count: 0 },
    });
    const listed = await asked(run, 'schedule', 'list');
    expect(listed).toMatchObject([
      {
        schedule_id: 'imported:b',
        name: 'Clean',
        status: 'paused',
        config: { cleanup_days: 30 },
        plan_at: null,
        next_execution: null,
      },
      { name: 'Clean (2)', status: 'inactive', plan_at: null },
      {
        name: 'Fetch',
        status: 'active',
        job_type: 'paper_fetch',
        schedule_expression: '0 */2 * * *',
        description: 'every 2 hours',
        max_retries: 3,
        retry_delay_seconds: 300,
        timeout_seconds: 3600,
        next_execution: expect.stringMatching(/T\d[02468]:00:00\.000Z$/),
        last_execution: '2025-07-01T12:00:00.000Z',
      },
    ]);
    const jobs_here: { job_id: string; status: string }[] = await asked(run, 'list');
    expect(jobs_here.map(({ job_id, status }) => [job_id, status])).toEqual([
      ['imported:a:e2', 'failed'],
      ['imported:a:e1', 'success'],
    ]);
    const detail: JobDetail = await asked(run, 'show', 'imported:a:e1');
    expect(detail).toMatchObject({
      job: { name: 'Fetch', metadata: { imported: { job_id: 'a', execution_id: 'e1' } } },
      executions: [
        {
          status: 'success',
          started_at: '2025-07-01T10:00:07.000Z',
          finished_at: '2025-07-01T10:00:09.000Z',
          duration_seconds: 2.5,
          result: { new_papers: 4 },
        },
      ],
      schedule: { name: 'Fetch', slot_at: '2025-07-01T10:00:07.000Z' },
    });
    expect((await run('schedule', 'show', 'Fetch')).out).toContain(
      'fired: ran in the system it was imported from',
    );
    expect(await imported(run, there)).toMatchObject({
      created: 0,
      present: 3,
      executions: { added: 0, present: 2 },
    });
    expect(await asked(run, 'schedule', 'list')).toEqual(listed);
    expect(await asked(run, 'list')).toEqual(jobs_here);
  });
};

/** Both schedulers keep their tables in one database, as where a project goes over from one to the other. */
const sharesADatabase = (there: Earlier, run: Run) => async () => {
  expect(await imported(run, there)).toMatchObject({ created: 3, executions: { added: 2 } });
  expect(await imported(run, there)).toMatchObject({ present: 3, executions: { present: 2 } });
};

describe('an import on one machine', () => {
  comesOver('a SQLite file', 'SQLite');

  test('may be from the very file that the jobs are kept in', async () => {
    const there = await earlierFile(...earlierTables.sqlite, jobs, executions);
    await there.run('PRAGMA user_version = 0');
    const cli = await commandLine({ init: false });
    const run: Run = (...words) => cli.runWith({ env: { DATABASE_URL: there.address } }, ...words);
    expect((await run('init')).code).toBe(0);
    await sharesADatabase(there, run)();
  });
});

describePostgres('an import with a server', () => {
  comesOver('a Postgres server', 'SQLite');
  comesOver('a SQLite file', 'Postgres');
  comesOver('a Postgres server', 'Postgres');

  test('may be from the very database that the jobs are kept in', async () => {
    const { url } = await newDatabase(migrated);
    await query(url, ...earlierTables.postgres, jobs, executions);
    const cli = await commandLine({ init: false });
    const run: Run = (...words) => cli.runWith({ env: { DATABASE_URL: url } }, ...words);
    await sharesADatabase({ address: url, run: async () => undefined }, run)();
  });

  test('that loses its source on the way says that the same command brings the rest', async () => {
    const there = await earlierServer(
      ...earlierTables.postgres,
      jobs,
      `INSERT INTO job_executions (execution_id, job_id, status, created_at)
       SELECT 'x' || n, 'a', 'success', '2025-07-01'::timestamptz + n * interval '1 minute'
       FROM generate_series(1, 250) n`,
    );
    const cli = await commandLine();
    const end = `SELECT pg_terminate_backend(pid) FROM pg_stat_activity
      WHERE datname = current_database() AND pid <> pg_backend_pid()`;
    const doors = {
      ...cli.doors,
      openEarlier: async (address: string) => {
        const source = await cli.doors.openEarlier(address);
        return {
          ...source,
          executions: async function* () {
            for await (const page of source.executions()) {
              yield page;
              await there.run(end);
            }
          },
        };
      },
    };
    const words = ['import', '--from-schedules', there.address];
    const { code, out, err } = await cli.runWith({ host: { doors } }, ...words);
    expect(code).toBe(3);
    expect(out).toContain('+ Fetch');
    expect(err).toMatch(
      /^What came so far stays; the same command brings the rest\.\nerror: Postgres database .*\n$/,
    );
    const { password } = new URL(there.address);
    expect(password === '' || !(out + err).includes(password)).toBe(true);
    expect((await cli.run(...words)).out).toContain('250 added');
  });
});
