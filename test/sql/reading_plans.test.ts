// What lists and timelines read, counted by the server once it has looked at its tables: about as many
// rows as they tell of, wherever a page begins and whatever else there is.
import { afterAll, beforeAll, test } from '@jest/globals';
import pg from 'pg';
import { POSTGRES_SCHEMA_VERSION } from '../../src/stores/postgres/schema.ts';
import { describePostgres, newDatabase } from '../support/postgres.ts';
import { migrated } from '../support/postgres_data.ts';
import { expectFew, type Reading } from './rows_read.ts';

const MANY = 5000;

/** `count` jobs `NAME-1`, `NAME-2`, … of one status and type, created one after the other. */
const jobs = (name: string, count: number, status: string, job_type = 'demo'): string => {
  const locked = (value: string) => (status === 'locked' ? value : 'NULL');
  return `
    INSERT INTO cloud_jobs (job_id, name, job_type, config, status, last_event_id, finished_at,
      locked_at, locked_by, lock_expires_at)
    SELECT '${name}-' || n, 'a job', '${job_type}', jsonb_build_object('text', repeat('x', 200)),
      '${status}', 1, ${['success', 'failed'].includes(status) ? 'now()' : 'NULL'},
      ${locked('now()')}, ${locked("'i'")}, ${locked("now() + interval '1 hour'")}
    FROM generate_series(1, ${count}) n`;
};

const finished = [
  jobs('early', 3, 'waiting'),
  jobs('rare', 2, 'waiting', 'rare'),
  jobs('bad', 3, 'failed'),
  jobs('crowd', MANY, 'success'),
  jobs('held', 3, 'locked'),
  'ANALYZE cloud_jobs',
];
const waiting = [jobs('early', 3, 'success'), jobs('crowd', MANY, 'waiting'), 'ANALYZE cloud_jobs'];

/** Of each minute one execution and one slot, the last of them now. */
const minutes = [
  `INSERT INTO cloud_job_executions (job_id, lock_epoch, status, job_status, finished_at, result)
   SELECT 'job-' || n, 1, 'success', 'success', now() - (${MANY} - n) * interval '1 minute',
     jsonb_build_object('text', repeat('x', 200)) FROM generate_series(1, ${MANY}) n`,
  `INSERT INTO cloud_job_slots (schedule_id, slot_at, status, reason, decided_at)
   SELECT repeat('schedule', 20), at, 'skipped', 'paused', at
   FROM (SELECT now() - (${MANY} - n) * interval '1 minute' AS at FROM generate_series(1, ${MANY}) n) t`,
  "SELECT brin_summarize_new_values('cloud_job_executions_finished')",
  "SELECT brin_summarize_new_values('cloud_job_slots_decided')",
  'ANALYZE cloud_job_executions',
  'ANALYZE cloud_job_slots',
];

const list = (filter: string) => `list_jobs(${POSTGRES_SCHEMA_VERSION}, 20${filter})`;
const timeline = (seconds: number, parts: number) =>
  `job_timeline(${POSTGRES_SCHEMA_VERSION}, ${seconds}, ${parts})`;

const calls: [string, Reading][] = [
  ['the first page', { before: finished, call: list(''), most: 26 }],
  ['a page in the middle', { before: finished, call: list(", before => 'crowd-2500'"), most: 28 }],
  ['the last page', { before: finished, call: list(", before => 'early-2'"), most: 6 }],
  ['a page after a job that is gone', { before: finished, call: list(", before => 'x'"), most: 0 }],
  [
    'a page of a type that most are of',
    { before: finished, call: list(", job_type => 'demo', before => 'crowd-2500'"), most: 28 },
  ],
  ['a few that wait', { before: finished, call: list(", status => 'waiting'"), most: 6 }],
  [
    'a few of a type that wait',
    { before: finished, call: list(", status => 'waiting', job_type => 'rare'"), most: 4 },
  ],
  ['a few that failed', { before: finished, call: list(", status => 'failed'"), most: 4 }],
  ['a few that are locked', { before: finished, call: list(", status => 'locked'"), most: 7 }],
  ['none that are blocked', { before: finished, call: list(", status => 'blocked'"), most: 0 }],
  [
    'a page of many that succeeded',
    { before: finished, call: list(", status => 'success', before => 'crowd-2500'"), most: 22 },
  ],
  ['a few that succeeded', { before: waiting, call: list(", status => 'success'"), most: 4 }],
  [
    'a page of many that wait',
    { before: waiting, call: list(", status => 'waiting', before => 'crowd-2500'"), most: 22 },
  ],
  ['a timeline of one hour of days', { before: minutes, call: timeline(60, 60), most: MANY / 2 }],
];

describePostgres('among many jobs', () => {
  let client: pg.Client;
  beforeAll(async () => {
    client = new pg.Client({ connectionString: (await newDatabase(migrated)).url });
    await client.connect();
  });
  afterAll(() => client?.end());

  test.each(calls)('%s is found by reading few others', (_what, reading) =>
    expectFew(client, reading),
  );
});
