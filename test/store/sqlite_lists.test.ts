// How a SQLite file is read for lists and counts: by an index that knows the few there are, or in the
// order of the table until enough are found; never all rows, and nothing else for the many.
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import Driver from 'libsql';
import type { JobFilter, Store } from '../../src/core/store.ts';
import { migrateSqlite } from '../../src/stores/sqlite/migrate.ts';
import { openSqlite } from '../../src/stores/sqlite/open.ts';
import { tempFile } from '../support/temp.ts';

/** One more than are looked up by an index. */
const MANY = 10_001;
const START = '2031-01-01T00:00:00.000Z';

let asked: string[] = [];
const prepare = Driver.prototype.prepare;
beforeAll(() => {
  Driver.prototype.prepare = function (this: Driver.Database, sql: string) {
    asked.push(sql);
    return prepare.call(this, sql);
  } as typeof prepare;
});
afterAll(() => {
  Driver.prototype.prepare = prepare;
});

let path: string;
let store: Store;
beforeEach(async () => {
  path = tempFile();
  await migrateSqlite(path);
  store = await openSqlite(path, { now: () => new Date(START) });
  asked = [];
});
afterEach(() => store.close());

/** `count` jobs `NAME-1`, `NAME-2`, … of one status and type, created one after the other. */
const fill = (name: string, count: number, status: string, job_type: string): void => {
  const driver = new Driver(path);
  const finished = ['success', 'failed', 'cancelled'].includes(status);
  const locked = status === 'locked' ? `'${START}'` : 'NULL';
  driver.exec(`
    INSERT INTO cloud_jobs (job_id, name, job_type, status, run_at, created_at, updated_at,
      finished_at, locked_at, locked_by, lock_expires_at)
    WITH RECURSIVE row (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM row WHERE n < ${count})
    SELECT '${name}-' || n, 'a job', '${job_type}', '${status}', '${START}', '${START}', '${START}',
      ${finished ? `'${START}'` : 'NULL'}, ${locked}, ${locked}, ${locked} FROM row`);
  driver.close();
};

const idsOf = async (filter: JobFilter): Promise<string[]> =>
  (await store.listJobs(filter)).map(({ job_id }) => job_id);

/** The steps of SQLite's plans for whatever was asked since it was emptied. */
const plansOf = (): string[] => {
  const statements = asked.filter((sql) => /\bSELECT\b/.test(sql));
  asked = [];
  const driver = new Driver(path);
  const plans = statements.flatMap((sql) => {
    const steps = prepare.call(driver, `EXPLAIN QUERY PLAN ${sql}`).all({});
    return (steps as { detail: string }[]).map(({ detail }) => detail);
  });
  driver.close();
  return plans;
};

/** Steps that read the table itself in its own order. */
const walks = (plans: string[]): string[] =>
  plans.filter((step) => /^SCAN cloud_\w+$|USING INTEGER PRIMARY KEY \(rowid<\?\)/.test(step));

describe('a list of few among many', () => {
  beforeEach(() => {
    fill('early', 3, 'success', 'rare');
    fill('old', 2, 'waiting', 'rare');
    fill('held', 1, 'locked', 'demo');
    fill('put', 2, 'disabled', 'rare');
    fill('bad', 2, 'failed', 'rare');
    fill('crowd', MANY, 'success', 'demo');
    fill('new', 1, 'waiting', 'demo');
  });

  test.each<[string, Omit<JobFilter, 'limit'>, string[]]>([
    ['of a status', { status: 'waiting' }, ['new-1', 'old-2', 'old-1']],
    ['that are locked', { status: 'locked' }, ['held-1']],
    ['put aside', { status: 'disabled' }, ['put-2', 'put-1']],
    ['that failed', { status: 'failed' }, ['bad-2', 'bad-1']],
    ['of a type and a status', { status: 'waiting', job_type: 'rare' }, ['old-2', 'old-1']],
    [
      'of a type and a status that is common',
      { status: 'success', job_type: 'rare' },
      ['early-3', 'early-2', 'early-1'],
    ],
    [
      'of a type',
      { job_type: 'rare' },
      ['bad-2', 'bad-1', 'put-2', 'put-1', 'old-2', 'old-1', 'early-3', 'early-2', 'early-1'],
    ],
    ['of a type that is none', { job_type: 'none' }, []],
  ])('%s is found by indexes alone', async (_what, filter, ids) => {
    expect(await idsOf({ ...filter, limit: 50 })).toEqual(ids);
    for (const [place, before] of ids.entries()) {
      expect(await idsOf({ ...filter, before, limit: 2 })).toEqual(ids.slice(place + 1, place + 3));
    }
    const plans = plansOf();
    expect(plans.length).toBeGreaterThan(0);
    expect(walks(plans)).toEqual([]);
  });
});

describe('a list of many', () => {
  test.each<[string, string, Omit<JobFilter, 'limit'>]>([
    ['of a status', 'waiting', { status: 'waiting' }],
    ['of successes', 'success', { status: 'success' }],
    ['of a type', 'success', { job_type: 'demo' }],
    ['of a type and a status', 'waiting', { job_type: 'demo', status: 'waiting' }],
  ])('%s is read from its newest on, and not sorted', async (_what, status, filter) => {
    fill('crowd', MANY, status, 'demo');
    fill('other', 3, status === 'waiting' ? 'success' : 'waiting', 'other');
    const first = await idsOf({ ...filter, limit: 2 });
    expect(first).toEqual([`crowd-${MANY}`, `crowd-${MANY - 1}`]);
    const before = first[1] ?? '';
    expect(await idsOf({ ...filter, before, limit: 1 })).toEqual([`crowd-${MANY - 2}`]);
    const plans = plansOf();
    expect(walks(plans)).toHaveLength(2);
    expect(plans.filter((step) => step.includes('TEMP B-TREE'))).toEqual([]);
  });

  test('that failed is read from its own newest on', async () => {
    fill('bad', MANY, 'failed', 'demo');
    fill('crowd', 10, 'success', 'demo');
    for (const filter of [{}, { job_type: 'demo' }]) {
      expect(await idsOf({ ...filter, status: 'failed', limit: 1 })).toEqual([`bad-${MANY}`]);
    }
    const plans = plansOf();
    expect(walks(plans)).toEqual([]);
    expect(plans.filter((step) => step.includes('TEMP B-TREE'))).toEqual([]);
  });
});

describe('counts', () => {
  test('of jobs, executions and slots read no rows but of what is put aside or locked', async () => {
    fill('crowd', 5, 'success', 'demo');
    fill('held', 1, 'locked', 'demo');
    fill('put', 2, 'disabled', 'rare');
    const { types } = await store.stats();
    expect(types).toEqual([
      { job_type: 'demo', status: 'locked', count: 1 },
      { job_type: 'demo', status: 'success', count: 5 },
      { job_type: 'rare', status: 'disabled', count: 2 },
    ]);
    await store.timeline({ bucket_seconds: 60, buckets: 60 });
    const read = plansOf().filter((step) => /cloud_job|^(SCAN|SEARCH) [a-z]\b/.test(step));
    const rows = read.filter((step) => !step.includes('USING COVERING INDEX'));
    expect(read.length).toBeGreaterThan(rows.length);
    expect(rows.filter((step) => !/cloud_jobs_(locks|aside)|^SCAN p /.test(step))).toEqual([]);
  });
});
