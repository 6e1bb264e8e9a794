// Text that means something to SQL, to an array, to a format or to a URL means nothing here: wherever
// text is given it is kept, or compared, as it is.
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import type { Store } from '../../src/core/store.ts';
import { migratePostgres } from '../../src/stores/postgres/migrate.ts';
import { openPostgres } from '../../src/stores/postgres.ts';
import { openSupabase } from '../../src/stores/supabase.ts';
import { claimRequest, failed, newJob } from '../support/jobs.ts';
import { paper } from '../support/papers.ts';
import { aScheduleWrite, save } from '../support/schedules.ts';
import { query } from '../support/servers/postgres.ts';
import { detailOf, eventsOf, pickOne } from '../support/store.ts';
import { describeSupabase, type Project, startProject } from '../support/supabase.ts';
import { dumpCatalog } from './catalog.ts';

const hostile = [
  "'; DROP TABLE cloud_jobs CASCADE; --",
  "' OR '1'='1",
  '"; DELETE FROM cloud_jobs; --',
  "\\'; SELECT pg_sleep(100); --",
  '$$; DROP SCHEMA public CASCADE; $$',
  '$1 $2 %s %I %L %% {0}',
  '{a,"b",NULL}',
  'NULL',
  '[1,{"a":"\\"}"}]',
  '*/ /* -- \n\r\t',
  'a&b=c?d#e/f,g.h:*(i)',
  'select=*&limit=1',
].map((text, i) => `${text} ${i}`);

describeSupabase('hostile text', () => {
  let project: Project;
  let catalog: string[];
  const stores: Record<string, Store> = {};
  beforeAll(async () => {
    project = await startProject({ name: 'open_migrated', fill: migratePostgres }, 'open');
    catalog = await dumpCatalog(project.database.url);
    stores.Postgres = await openPostgres(project.database.url);
    stores.Supabase = await openSupabase(project.url, project.service_role_key);
  });
  afterAll(async () => {
    for (const store of Object.values(stores)) await store.close();
  });

  const cases = ['Postgres', 'Supabase'].flatMap((name) =>
    hostile.map((text) => [name, text] as const),
  );

  test.each(cases)('on %s comes back as it was given: %j', async (name, text) => {
    const store = stores[name]!;
    const given = {
      job_id: `${name} ${text}`,
      name: text,
      job_type: text,
      config: { [text]: [text] },
      description: text,
      unique_key: `${name} ${text}`,
      actor: text,
      source_ip: text,
      metadata: { [text]: { [text]: text } },
    };
    const waits = newJob({ depends_on: [given.job_id], name: text });
    const bystander = newJob({ job_type: 'other' });
    await store.createJobs([newJob(given), waits, bystander]);
    const again = await store.createJobs([newJob({ unique_key: given.unique_key })]);
    expect(again).toMatchObject([{ job_id: given.job_id, created: false }]);

    expect(
      (await store.listJobs({ job_type: text, limit: 9 })).map(({ job_id }) => job_id),
    ).toEqual([given.job_id]);
    const request = claimRequest({
      instance_id: text,
      job_types: [text, `${text}!`],
      execution_ids: [`${name} pick ${text}`],
      trigger: text,
    });
    expect((await store.previewClaim(request)).picks).toHaveLength(1);
    const pick = await pickOne(store, request);
    const logs = [{ level: 'info', message: text, fields: { [text]: text } }] as const;
    await store.heartbeat(pick.fence, 60, [...logs]);
    const step = { name: text, step_order: 1, status: 'failed', detail: text } as const;
    await store.saveStep(pick.fence, step);
    await store.saveStep(pick.fence, {
      ...step,
      name: `${text}2`,
      status: 'success',
      output: [text],
    });
    await store.saveProgress(pick.fence, { percent: 1, message: text });
    await store.takeTurn(`${name} ${text}`, 60);
    expect((await store.takeTurn(`${name} ${text}`, 1)).wait_seconds).toBeGreaterThan(0);
    const error = { name: text, message: text, stack: text };
    const result = { [text]: text };
    await store.recordExecutions([failed(pick, { error, result, stretch_seconds: 1 })]);

    const { job, executions, steps } = await detailOf(store, given.job_id);
    expect(job).toMatchObject(given);
    expect(job.progress).toEqual({ percent: 1, message: text });
    expect(executions).toMatchObject([
      {
        execution_id: `${name} pick ${text}`,
        instance_id: text,
        trigger: text,
        error,
        error_message: text,
        result: { [text]: text },
      },
    ]);
    expect(steps).toMatchObject([
      { name: text, detail: text },
      { name: `${text}2`, output: [text] },
    ]);
    const events = (await eventsOf(store, given.job_id)).map(({ data }) => data);
    expect(events).toContainEqual(logs[0]);
    expect(await detailOf(store, waits.job_id)).toMatchObject({
      depends_on: [{ job_id: given.job_id, name: text, status: 'failed' }],
    });

    const saved = paper({ arxiv_id: `${name} ${text}`, title: text, authors: [text, text] });
    expect(await store.savePapers(text, [saved])).toEqual({ added: 1 });
    expect(await store.getPapers([saved.arxiv_id])).toEqual([saved]);

    expect(await store.moveJob(given.job_id, 'retry')).toMatchObject({ moved: true });
    expect(await store.deleteJob(waits.job_id)).toMatchObject({ moved: true });
    expect(await store.deleteJob(given.job_id)).toMatchObject({ moved: true });

    const schedule_id = `${name} ${text}`;
    const said = { name: text, job_type: text, config: { [text]: text }, description: text };
    await save(store, [aScheduleWrite({ ...said, schedule_id, unique_key: text })]);
    const slots = [{ slot_at: new Date('2026-01-01T00:00:00Z'), late_after: null }];
    const end = { gone: [], planned_until: null, plan_at: null };
    expect(await store.planSchedules([{ schedule_id, revision: 1, slots, ...end }])).toBe(1);
    const { picks, slots: fired } = await store.claimJobs(claimRequest({ job_types: [text] }));
    expect(fired).toMatchObject([{ schedule_id, name: text, status: 'fired' }]);
    expect(picks).toMatchObject([{ job: { ...said, schedule_id, unique_key: text } }]);
    const alert = { after: 1, slow_times: null };
    const { alerts } = await store.recordExecutions(picks.map((it) => failed(it, { alert })));
    expect(alerts).toMatchObject([{ subject: `schedule:${schedule_id}` }]);
    const made = `${schedule_id} by hand`;
    await store.triggerSchedule({ schedule_id, job_id: made, actor: text, only_if_idle: true });
    expect((await detailOf(store, made)).job).toMatchObject({ ...said, actor: text });
    expect(await store.listSchedules({ after: text.slice(0, -1), limit: 1 })).toMatchObject([said]);
    expect(await store.getSchedule(text, 1)).toMatchObject({ schedule: said });
    expect(await store.moveSchedule(schedule_id, 'delete')).toMatchObject({ moved: true });
    for (const id of [made, picks[0]?.job.job_id ?? '']) {
      expect(await store.deleteJob(id)).toMatchObject({ moved: true });
    }

    // Nobody else was meant.
    expect((await detailOf(store, bystander.job_id)).job.status).toBe('waiting');
  });

  test('as an id or a type names nothing that has another one', async () => {
    await query(project.database.url, 'DELETE FROM cloud_jobs');
    for (const store of Object.values(stores)) {
      const { job_id } = newJob();
      await store.createJobs([newJob({ job_id })]);
      for (const text of hostile) {
        expect(await store.getJob(text)).toBeNull();
        expect(await store.moveJob(text, 'cancel')).toBeNull();
        expect(await store.deleteJob(text)).toBeNull();
        expect(await store.listJobs({ job_type: text, limit: 9 })).toEqual([]);
        expect((await store.claimJobs(claimRequest({ job_types: [text] }))).picks).toEqual([]);
        expect(await store.getPapers([text])).toEqual([]);
        expect(await store.getSchedule(`${text}!`, 1)).toBeNull();
        expect(await store.moveSchedule(text, 'pause')).toBeNull();
      }
      expect((await detailOf(store, job_id)).job.status).toBe('waiting');
    }
  });

  test('as a type is learned of under its own name', async () => {
    const known = await query<{ job_type: string; stretches: number[] }>(
      project.database.url,
      'SELECT job_type, stretches FROM cloud_job_types',
    );
    const names = known.map(({ job_type }) => job_type);
    expect(names.toSorted()).toEqual(hostile.toSorted());
    // Once over each store.
    expect(new Set(known.map(({ stretches }) => String(stretches)))).toEqual(new Set(['1,1']));
  });

  test('has changed nothing else', async () => {
    expect(await dumpCatalog(project.database.url)).toEqual(catalog);
  });
});
