// What calls about schedules read, counted by the server: a few rows by index, however many schedules
// there are, however long their ledgers are, and whatever is known of the tables' sizes.
import { afterAll, beforeAll, test } from '@jest/globals';
import pg from 'pg';
import { POSTGRES_SCHEMA_VERSION } from '../../src/stores/postgres/schema.ts';
import { describePostgres, newDatabase } from '../support/postgres.ts';
import { migrated } from '../support/postgres_data.ts';
import { query } from '../support/servers/postgres.ts';
import { expectFew, type Reading } from './rows_read.ts';

const MANY = 5000;

/** One schedule with a long history, many others, none of them due. */
const crowd = [
  `INSERT INTO cloud_job_schedules
     (schedule_id, name, job_type, schedule_expression, planned_until, plan_at, next_execution)
   SELECT 'schedule-' || g, 'schedule ' || g, 'demo', '0 * * * *', now() + interval '3 hours',
     now() + interval '2 hours', now() + interval '1 hour' FROM generate_series(1, ${MANY}) g`,
  `INSERT INTO cloud_job_slots (schedule_id, slot_at, status)
   SELECT 'schedule-' || g, date_trunc('minute', now()) + h * interval '1 hour', 'planned'
   FROM generate_series(1, ${MANY}) g, generate_series(1, 3) h`,
  `INSERT INTO cloud_job_slots (schedule_id, slot_at, status, reason, job_id, decided_at)
   SELECT 'schedule-1', date_trunc('minute', now()) - g * interval '1 minute', 'fired', 'due',
     'job-' || g, now() - interval '1 day' FROM generate_series(10, ${MANY}) g`,
  `INSERT INTO cloud_jobs (job_id, name, job_type, status, schedule_id, last_event_id, finished_at)
   SELECT 'job-' || g, 'schedule 1', 'demo', 'success', 'schedule-1', 1, now()
   FROM generate_series(10, ${MANY}) g`,
  `INSERT INTO cloud_job_schedules (schedule_id, name, job_type, schedule_expression, status, plan_at)
   SELECT 'gone-' || g, 'gone ' || g, 'demo', '0 * * * *', 'deleted', NULL
   FROM generate_series(1, ${MANY}) g`,
];

const version = `schema_version => ${POSTGRES_SCHEMA_VERSION}`;
const claim = `claim_jobs(${version}, instance_id => 'i', job_types => '{demo}',
  execution_ids => '{e}', lock_seconds => 60, "trigger" => 'test')`;
const due = (policy: string) => [
  `UPDATE cloud_job_schedules SET missed = 'all', concurrency_policy = '${policy}'
   WHERE schedule_id = 'schedule-1'`,
  `INSERT INTO cloud_job_slots (schedule_id, slot_at, status) VALUES
     ('schedule-1', now() - interval '3 minutes', 'planned'),
     ('schedule-1', now() - interval '2 minutes', 'planned')`,
];
/** Of 200 schedules five times each, the same ones: 500 of them are decided upon. */
const manyDue = [
  `INSERT INTO cloud_job_slots (schedule_id, slot_at, status)
   SELECT 'schedule-' || g, date_trunc('minute', now()) - m * interval '1 minute', 'planned'
   FROM generate_series(101, 300) g, generate_series(1, 5) m`,
];
const missed = { status: 'missed', reason: 'too_late' };
const plan = JSON.stringify([
  {
    schedule_id: 'schedule-1',
    revision: 1,
    slots: [{ slot_at: '2036-01-01T00:00Z', late_after: null }],
    gone: [{ slot_at: '2025-01-01T00:00Z', until_at: '2025-02-01T00:00Z', times: 9, ...missed }],
    planned_until: null,
    plan_at: null,
  },
]);
const changed = (expression: string) =>
  `SELECT jsonb_agg(to_jsonb(c) || '{"status": null, "schedule_expression": "${expression}"}')
   FROM cloud_job_schedules c WHERE schedule_id = 'schedule-1'`;
const move = (from: string, to: string) =>
  `move_schedule(${version}, schedule_id => 'schedule-1', from_statuses => '{${from}}', to_status => '${to}')`;

const calls: [string, Reading][] = [
  ['a claim that finds nothing due', { call: claim, most: 2 }],
  ['a claim that fires', { before: due('allow'), call: claim, most: 40 }],
  ['a claim that looks for earlier jobs', { before: due('forbid'), call: claim, most: 40 }],
  ['a claim that replaces earlier jobs', { before: due('replace'), call: claim, most: 60 }],
  ['a claim that fires a hundred of many', { before: manyDue, call: claim, most: 4000 }],
  ['planning', { call: `plan_schedules(${version}, plans => '${plan}')`, most: 12 }],
  ['pausing', { call: move('active', 'paused'), most: 20 }],
  ['deleting', { call: move('active', 'deleted'), most: 20 }],
  [
    'changing the rule',
    { call: `save_schedules(${version}, writes => (${changed('5 * * * *')}))`, most: 24 },
  ],
  [
    'a trigger that looks for earlier jobs',
    {
      call: `trigger_schedule(${version}, schedule_id => 'schedule-1', job_id => 'j', only_if_idle => true)`,
      most: 8,
    },
  ],
  [
    'reading one',
    { call: `get_schedule(${version}, id_or_name => 'schedule 1', slots => 10)`, most: 40 },
  ],
  [
    'a page of a list',
    { call: `list_schedules(${version}, "limit" => 10, after => 'schedule 2')`, most: 24 },
  ],
  ['reading a job', { call: `get_job(${version}, job_id => 'job-${MANY}')`, most: 4 }],
];

describePostgres('among many schedules', () => {
  let client: pg.Client;
  beforeAll(async () => {
    const { url } = await newDatabase(migrated);
    // As it is before autovacuum has looked at any of it.
    await query(url, ...crowd);
    client = new pg.Client({ connectionString: url });
    await client.connect();
  });
  afterAll(() => client?.end());

  test.each(calls)('%s reads a few rows', (_what, reading) => expectFew(client, reading));
});
