// Schedules that others are busy with while a claim wants to fire them, or whose jobs cannot be made:
// nobody waits for long, no record and no pick is lost, and each time is decided upon later, once.
import { afterEach, beforeAll, beforeEach, expect, test } from '@jest/globals';
import pg from 'pg';
import type { Store } from '../../src/core/store.ts';
import { openPostgres } from '../../src/stores/postgres.ts';
import { claimRequest, newJob, succeeded } from '../support/jobs.ts';
import { describePostgres, newDatabase } from '../support/postgres.ts';
import { emptyTables, migrated } from '../support/postgres_data.ts';
import { scheduleOf, wake } from '../support/schedules.ts';
import type { Database } from '../support/servers/database.ts';
import { query } from '../support/servers/postgres.ts';
import { createJob, jobOf, pickOne } from '../support/store.ts';
import { createDue } from './due_schedules.ts';
import { until } from './scene.ts';

/** Whoever waits for a transaction that stays open gives up after this, and the test fails. */
const PATIENCE = { answer_within_ms: 5000 };

describePostgres('due slots', () => {
  let database: Database;
  let store: Store;
  let blocker: pg.Client;
  beforeAll(async () => {
    database = await newDatabase(migrated);
    await query(
      database.admin_url,
      `ALTER DATABASE ${database.name} SET deadlock_timeout = '20ms'`,
    );
  });
  beforeEach(async () => {
    await query(database.url, emptyTables);
    store = await openPostgres(database.url, PATIENCE);
    blocker = new pg.Client({ connectionString: database.url });
    await blocker.connect();
    await blocker.query('BEGIN');
  });
  afterEach(async () => {
    await blocker.end();
    await store.close();
    await query(database.url, 'DROP FUNCTION IF EXISTS user_rule CASCADE');
  });

  /** A job that nobody sees yet. */
  const createUnseen = (unique_key: string) =>
    blocker.query('SELECT create_jobs(schema_version => cloud_job_schema_version(), jobs => $1)', [
      JSON.stringify([newJob({ unique_key })]),
    ]);
  const ledger = async (id: string) =>
    (await scheduleOf(store, id)).slots.map(({ status, reason }) => `${status} ${reason}`);
  /** A rule of a person's own, for jobs of this name. */
  const forbid = (name: string, errcode: string) =>
    query(
      database.url,
      `CREATE FUNCTION user_rule() RETURNS trigger LANGUAGE plpgsql AS $$
       BEGIN
         IF NEW.name = '${name}' THEN
           RAISE EXCEPTION 'not today' USING ERRCODE = '${errcode}';
         END IF;
         RETURN NEW;
       END $$`,
      'CREATE TRIGGER user_rule BEFORE INSERT ON cloud_jobs FOR EACH ROW EXECUTE FUNCTION user_rule()',
    );

  test('of a schedule that someone is writing are left to a later claim', async () => {
    const [held, free] = [await createDue(store), await createDue(store)];
    await blocker.query('SELECT FROM cloud_job_schedules WHERE schedule_id = $1 FOR UPDATE', [
      held,
    ]);
    expect((await wake(store)).slots).toMatchObject([{ schedule_id: free, status: 'fired' }]);
    expect(await wake(store)).toMatchObject({ slots: [], more_slots: false, next_due_seconds: 0 });
    const { schedule } = await scheduleOf(store, held);
    const nothing = { slots: [], gone: [], planned_until: null, plan_at: null };
    const plan = { schedule_id: held, revision: schedule.revision, ...nothing };
    expect(await store.planSchedules([plan])).toBe(0);
    await blocker.query('COMMIT');
    expect((await wake(store)).slots).toMatchObject([{ schedule_id: held, status: 'fired' }]);
  });

  test('wait for the one who is writing a job that they would replace', async () => {
    const id = await createDue(store, { concurrency_policy: 'replace' }, 3);
    await createDue(store);
    const job_id = `${id} by hand`;
    const trigger = { schedule_id: id, job_id, actor: null, only_if_idle: false };
    await store.triggerSchedule(trigger);
    await store.triggerSchedule({ ...trigger, job_id: `${job_id} 2` });
    await blocker.query('SELECT FROM cloud_jobs WHERE job_id = $1 FOR UPDATE', [job_id]);
    expect((await wake(store)).slots).toMatchObject([{ status: 'fired' }]);
    expect(await ledger(id)).toEqual(['planned null', 'planned null', 'planned null']);
    expect((await jobOf(store, `${job_id} 2`)).status).toBe('waiting');
    await blocker.query('COMMIT');
    await wake(store);
    expect(await ledger(id)).toEqual(['fired due', 'replaced later_slot', 'replaced later_slot']);
    for (const replaced of [job_id, `${job_id} 2`]) {
      expect((await jobOf(store, replaced)).status).toBe('cancelled');
    }
  });

  test.each([
    ['COMMIT', ['skipped unique_key', 'skipped unique_key']],
    ['ROLLBACK', ['fired due', 'skipped unique_key']],
  ])('whose key is being given to another job keep up no record: %s', async (end, then) => {
    await createJob(store);
    const pick = await pickOne(store);
    const keyed = { unique_key: 'k', job_type: 'other' };
    const ids = [await createDue(store, keyed), await createDue(store, keyed)];
    const free = await createDue(store);
    await createUnseen('k');
    const { verdicts, claim } = await store.recordExecutions([succeeded(pick)], claimRequest());
    expect(verdicts).toEqual(['recorded']);
    expect(claim?.slots).toMatchObject([{ schedule_id: free, status: 'fired' }]);
    expect(claim?.picks).toMatchObject([{ job: { schedule_id: free } }]);
    await blocker.query(end);
    await wake(store);
    const ledgers = await Promise.all(ids.map(ledger));
    expect(ledgers.flat().toSorted()).toEqual(then);
  });

  test('and a creation that wait for each other in a circle both get through', async () => {
    const ids = [
      await createDue(store, { unique_key: 'a' }),
      await createDue(store, { unique_key: 'b' }),
    ];
    // In the order in which they are fired: the claim has made the first job when it meets the second.
    await query(
      database.url,
      `UPDATE cloud_job_slots SET slot_at = slot_at - interval '1 hour' WHERE schedule_id = '${ids[0]}'`,
    );
    await createUnseen('b');
    const claiming = wake(store);
    const waiting = `SELECT FROM pg_stat_activity WHERE datname = current_database()
      AND application_name = 'cloud-jobs' AND wait_event_type = 'Lock'`;
    await until(async () => (await query(database.admin_url, waiting)).length > 0);
    const other = createUnseen('a').then(
      () => 'created',
      ({ code }) => code,
    );
    await claiming;
    const created = await other;
    expect(['created', 'CJ003']).toContain(created);
    await blocker.query(created === 'created' ? 'COMMIT' : 'ROLLBACK');
    await wake(store);
    // Whoever was faster has given the key; nobody was left without an answer, or gave it twice.
    const [first, second] = await Promise.all(ids.map(ledger));
    expect(['fired due', 'skipped unique_key']).toContain(String(first));
    expect(second).toEqual([created === 'created' ? 'skipped unique_key' : 'fired due']);
    const jobs = await store.listJobs({ limit: 9 });
    expect(jobs.map(({ unique_key }) => unique_key).toSorted()).toEqual(['a', 'b']);
  });

  test('whose job cannot be made are refused, and all others go on', async () => {
    const wrong = await createDue(store, { name: 'wrong' }, 2);
    const long = Array.from({ length: 9000 }, (_, i) => ((i * 7919) % 36).toString(36) + i).join(
      '',
    );
    const too_long = await createDue(store, { unique_key: long });
    const right = await createDue(store);
    await forbid('wrong', 'P0001');
    const { slots, picks } = await store.claimJobs(claimRequest());
    expect(picks).toMatchObject([{ job: { schedule_id: right } }]);
    expect(slots.map(({ schedule_id }) => schedule_id).toSorted()).toEqual(
      [wrong, wrong, too_long, right].toSorted(),
    );
    expect(await ledger(wrong)).toEqual(['skipped refused', 'skipped refused']);
    expect(await ledger(too_long)).toEqual(['skipped refused']);
    const { schedule } = await scheduleOf(store, wrong);
    expect(schedule).toMatchObject({
      status: 'active',
      last_execution: null,
      next_execution: null,
    });
    expect(await wake(store)).toMatchObject({ slots: [], next_due_seconds: null });
  });

  test('whose job cannot be made for now are fired when it can', async () => {
    const [full, right] = [await createDue(store, { name: 'full' }), await createDue(store)];
    await forbid('full', '53100');
    expect((await wake(store)).slots).toMatchObject([{ schedule_id: right, status: 'fired' }]);
    expect(await wake(store)).toMatchObject({ slots: [], more_slots: false });
    await query(database.url, 'DROP FUNCTION user_rule CASCADE');
    expect((await wake(store)).slots).toMatchObject([{ schedule_id: full, status: 'fired' }]);
  });

  test('of a schedule that was deleted by hand are skipped', async () => {
    const [gone, right] = [await createDue(store, {}, 3), await createDue(store)];
    await query(database.url, `DELETE FROM cloud_job_schedules WHERE schedule_id = '${gone}'`);
    const { slots } = await wake(store);
    expect(slots.map(({ name, status, reason }) => `${name} ${status} ${reason}`)).toEqual([
      `schedule ${right} fired due`,
      ...Array(3).fill(`${gone} skipped deleted`),
    ]);
    expect(await wake(store)).toMatchObject({ slots: [], next_due_seconds: expect.any(Number) });
    expect((await store.listJobs({ limit: 9 })).length).toBe(1);
  });

  test('of a schedule whose status was changed by hand say so', async () => {
    const id = await createDue(store, {}, 2);
    await query(database.url, "UPDATE cloud_job_schedules SET status = 'paused'");
    expect((await wake(store)).slots).toHaveLength(2);
    expect(await ledger(id)).toEqual(['skipped paused', 'skipped paused']);
  });
});
