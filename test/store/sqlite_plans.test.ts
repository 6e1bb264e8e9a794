// What SQLite plans to read: nothing that a drain or running code asks may walk through a table, or
// through all jobs of one status. SQLite chooses without statistics, so the plans are the same for a
// thousand rows and a million.
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import Driver from 'libsql';
import type { Store } from '../../src/core/store.ts';
import { migrateSqlite } from '../../src/stores/sqlite/migrate.ts';
import { openSqlite } from '../../src/stores/sqlite/open.ts';
import { claimRequest, executionIds, failed, newJob, succeeded } from '../support/jobs.ts';
import { paper } from '../support/papers.ts';
import { aScheduleWrite, changeSchedule, plannedSchedule, restore } from '../support/schedules.ts';
import { pickOne } from '../support/store.ts';
import { tempFile } from '../support/temp.ts';

const asked = new Set<string>();
const prepare = Driver.prototype.prepare;

beforeAll(() => {
  Driver.prototype.prepare = function (this: Driver.Database, sql: string) {
    asked.add(sql);
    return prepare.call(this, sql);
  } as typeof prepare;
});
afterAll(() => {
  Driver.prototype.prepare = prepare;
});

/** Everything that drains, running code and creators do, at least once. */
const useAll = async (store: Store, later: () => void): Promise<void> => {
  const first = newJob({ unique_key: 'k', max_retries: 0 });
  const second = newJob({ depends_on: [first.job_id] });
  await store.createJobs([first, second, newJob({ unique_key: 'k' })]);
  await store.previewClaim(claimRequest());
  const request = claimRequest({ priority: { min: -5, max: 5 } });
  const [pick] = (await store.claimJobs(request)).picks;
  if (pick === undefined) throw new Error('nothing was picked');
  await store.claimJobs(request);
  await store.heartbeat(pick.fence, 60, [{ level: 'info', message: 'on' }]);
  await store.saveStep(pick.fence, { name: 's', step_order: 0, status: 'running' });
  await store.saveProgress(pick.fence, { percent: 1, message: null });
  await store.recordExecutions([succeeded(pick)], claimRequest());
  await store.claimJobs(claimRequest({ execution_ids: executionIds(2) }));
  later();
  await store.claimJobs(claimRequest({ job_types: ['none'] }));
  await store.recordExecutions([failed(await pickOne(store))]);
  await store.createJobs([newJob(), newJob(), newJob(), newJob()]);
  const { picks } = await store.claimJobs(claimRequest({ execution_ids: executionIds(3) }));
  const learned = picks.map((it) => succeeded(it, { stretch_seconds: 9 }));
  await store.recordExecutions(learned, claimRequest({ fits: { seconds: 1, share: 1 } }));
  await store.moveJob(second.job_id, 'retry');
  await store.moveJob(second.job_id, 'disable');
  await store.deleteJob(second.job_id);
  await store.getJob(first.job_id);
  await store.listSteps(first.job_id);
  await store.listEvents(first.job_id, 0, 10);
  await store.listJobs({ status: 'failed', limit: 10 });
  await store.takeTurn('k', 1);
  await store.savePapers(first.job_id, [paper()]);
  await store.getPapers([paper().arxiv_id]);
};

/** Every policy of missed times and of jobs side by side, and whatever else is done with schedules. */
const useSchedules = async (store: Store, later: () => void): Promise<void> => {
  const one = await plannedSchedule(store, { concurrency_policy: 'replace', missed: 'all' });
  const two = await plannedSchedule(store, { concurrency_policy: 'forbid', unique_key: 'held' });
  const three = await plannedSchedule(store, { missed: 'skip', starting_deadline_seconds: 1 });
  later();
  const fired = await restore(store);
  expect(new Set(fired.map(({ status }) => status)).size).toBeGreaterThan(2);
  await store.claimJobs(claimRequest());
  later();
  await restore(store);
  const trigger = { schedule_id: two, job_id: 'by hand', actor: 'me', only_if_idle: true };
  await store.triggerSchedule(trigger);
  await store.triggerSchedule({ ...trigger, only_if_idle: false });
  await store.getJob(fired.find(({ status }) => status === 'fired')?.job_id ?? '');
  await changeSchedule(store, one, { schedule_expression: '5 * * * *' });
  await changeSchedule(store, one, { status: 'inactive' });
  await store.saveSchedules([aScheduleWrite({ name: 'new' }), aScheduleWrite({ name: 'new' })]);
  await store.moveSchedule(one, 'resume');
  await restore(store);
  await store.moveSchedule(two, 'pause');
  await store.moveSchedule(three, 'delete');
  await store.getSchedule(one, 10);
  await store.getSchedule('new', 10);
  for (const status of ['active', 'paused', 'deleted'] as const) {
    await store.listSchedules({ status, limit: 10 });
    await store.listSchedules({ status, after: 'a', limit: 10 });
  }
  await store.listSchedules({ limit: 10 });
};

/** Failures one after the other, an execution that is slow, and their end. */
const useAlerts = async (store: Store, later: () => void): Promise<void> => {
  const alert = { after: 1, slow_times: 2 };
  const create = () => store.createJobs([newJob({ job_type: 'told' })]);
  const pick = () => pickOne(store, { job_types: ['told'], lock_seconds: 1e6 });
  for (let turn = 0; turn < 3; turn += 1) {
    await create();
    await store.recordExecutions([succeeded(await pick(), { stretch_seconds: 1 })]);
  }
  await create();
  await store.recordExecutions([failed(await pick(), { alert })]);
  await store.alertTold('type:told', new Date());
  await create();
  const slow = await pick();
  later();
  const { alerts } = await store.recordExecutions([succeeded(slow, { alert })]);
  expect(alerts.map(({ kind }) => kind)).toEqual(['recovered', 'slow']);
};

/** Reads that may walk: a list is in the order of the table, or of an index, and ends at its limit. */
const walks = /ORDER BY (seq DESC|name, created_at, schedule_id) LIMIT/;

test('no statement walks through a table or through all jobs of one status', async () => {
  const path = tempFile();
  await migrateSqlite(path);
  let now = Date.UTC(2031, 0, 1);
  const store = await openSqlite(path, { now: () => new Date(now) });
  const later = () => {
    now += 3 * 3_600_000;
  };
  asked.clear();
  await useAll(store, later);
  await useSchedules(store, later);
  await useAlerts(store, later);
  later();
  await store.prune({ older_than_days: 0, executions: true, jobs: true, limit: 1000 });
  const statements = [...asked].filter((sql) => !/^\s*PRAGMA/.test(sql) && !walks.test(sql));
  const driver = new Driver(path);
  const plans = statements.flatMap((sql) =>
    (driver.prepare(`EXPLAIN QUERY PLAN ${sql}`).all({}) as { detail: string }[]).map(
      ({ detail }) => `${detail} in ${sql.replace(/\s+/g, ' ').trim()}`,
    ),
  );
  driver.close();
  await store.close();
  expect(statements.length).toBeGreaterThan(60);
  expect(plans.some((plan) => plan.includes('cloud_jobs_claim'))).toBe(true);
  const tables = /^SCAN (cloud_|papers|(j|e|d|t|s|l|p|n|needed|first|made)\b)/;
  expect(plans.filter((plan) => tables.test(plan))).toEqual([]);
  expect(plans.filter((plan) => plan.includes('cloud_jobs_aside'))).toEqual([]);
});
