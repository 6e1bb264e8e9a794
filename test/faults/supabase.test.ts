// A Supabase project that answers 503, HTML, late or not at all, under running drains.
import { afterEach, beforeAll, beforeEach, expect, test } from '@jest/globals';
import type { RunnerEvent } from '../../src/core/events.ts';
import type { Store } from '../../src/core/store.ts';
import { openSupabase } from '../../src/stores/supabase.ts';
import { drainOn } from '../support/drain.ts';
import { emptyTables, migrated } from '../support/postgres_data.ts';
import { demo, projectEnv, runnerWith } from '../support/runner.ts';
import { query } from '../support/servers/postgres.ts';
import { describeSupabase, type Project, startProject } from '../support/supabase.ts';
import { counting, createDemo, type Effect, until, violations } from './scene.ts';

describeSupabase('a call to Supabase', () => {
  let project: Project;
  let store: Store;
  let effects: Effect[];
  let resent: string[];
  beforeAll(async () => {
    project = await startProject(migrated);
  });
  beforeEach(async () => {
    await query(project.database.url, emptyTables);
    store = await openSupabase(project.url, project.service_role_key);
    effects = [];
    resent = [];
  });
  afterEach(async () => {
    project.calm();
    await store.close();
  });

  const emit = (event: RunnerEvent) => {
    if (event.event === 'store.retried') resent.push(event.method);
  };
  const expectDone = async (jobIds: string[]) => {
    expect(await violations(project.database.url, jobIds, effects)).toEqual([]);
    expect(effects).toHaveLength(jobIds.length);
  };

  test.each([
    ['answered 503', 'unavailable', /claim_jobs/, 'claimJobs'],
    ['answered 503', 'unavailable', /record_executions/, 'recordExecutions'],
    ['answered with a page of HTML', 'bad_gateway', /claim_jobs/, 'claimJobs'],
    ['answered with a page of HTML', 'bad_gateway', /record_executions/, 'recordExecutions'],
    ['cut off unheard', 'refuse', /claim_jobs/, 'claimJobs'],
    ['cut off unheard', 'refuse', /record_executions/, 'recordExecutions'],
    ['done, its answer lost,', 'lose', /claim_jobs/, 'claimJobs'],
    ['done, its answer lost,', 'lose', /record_executions/, 'recordExecutions'],
  ] as const)('that is %s (%s %s) is sent again, and done once', async (_, fate, call, method) => {
    const jobIds = await createDemo(store, 3);
    project.misbehave(fate, 3, call);
    const tally = await drainOn(store, counting(effects), { emit });
    expect(tally).toMatchObject({ outcomes: { success: 3 }, stopped: 'empty' });
    expect(resent).toEqual([method, method, method]);
    await expectDone(jobIds);
  });

  test('that creates jobs creates each once when its answer is lost', async () => {
    const jobs = [demo(() => 1)];
    const { create, store: read } = await runnerWith(projectEnv(project), { jobs });
    project.misbehave('lose', 2, /create_jobs/);
    const { job_id } = await create({ name: 'a', job_type: 'demo', unique_key: 'k' });
    expect(await read.listJobs({ limit: 10 })).toMatchObject([{ job_id }]);
  });

  test('that hangs is sent again, and does no harm when it arrives after all', async () => {
    const hasty = await openSupabase(project.url, project.service_role_key, {
      answer_within_ms: 200,
    });
    const jobIds = await createDemo(store, 3);
    project.requests.splice(0);
    project.misbehave('hang', 2, /claim_jobs/);
    project.misbehave('hang', 2, /record_executions/);
    const tally = await drainOn(hasty, counting(effects), { emit });
    expect(tally).toMatchObject({ outcomes: { success: 3 }, stopped: 'empty' });
    expect(resent).toEqual(['claimJobs', 'claimJobs', 'recordExecutions', 'recordExecutions']);
    expect(project.hanging).toBe(4);
    project.release();
    await until(() => project.requests.every(({ status }) => status !== undefined));
    expect(project.requests.map(({ status }) => status)).not.toContain(500);
    await expectDone(jobIds);
  });

  test('that goes wrong at random, in three drains at once, is done once', async () => {
    const jobIds = await createDemo(store, 60);
    const troubles = ['unavailable', 'bad_gateway', 'refuse', 'lose'] as const;
    const definitions = counting(effects, (before) => {
      if (before % 3 === 0) project.misbehave(troubles[(before / 3) % troubles.length]!);
    });
    const key = project.secret_key;
    const stores = await Promise.all([1, 2, 3].map(() => openSupabase(project.url, key)));
    await Promise.all(stores.map((each) => drainOn(each, definitions, { emit })));
    expect(resent.length).toBeGreaterThan(10);
    await expectDone(jobIds);
  });

  test('ends with the store: nothing waits for it any more', async () => {
    project.misbehave('hang');
    const asked = store.stats();
    await until(() => project.hanging === 1);
    await store.close();
    await expect(asked).rejects.toMatchObject({ code: 'store_unavailable' });
  });
});
