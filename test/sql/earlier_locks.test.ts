// Workers that were at work when the tables were upgraded end what they began.
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import type { Store } from '../../src/core/store.ts';
import { migratePostgres } from '../../src/stores/postgres/migrate.ts';
import { openSupabase } from '../../src/stores/supabase.ts';
import { query } from '../support/servers/postgres.ts';
import { detailOf } from '../support/store.ts';
import { describeSupabase, type Project, startProject } from '../support/supabase.ts';
import { executions, insertRows, jobs } from './earlier_rows.ts';
import { earlierSetup } from './earlier_setup.ts';
import { earlierWorker } from './earlier_worker.ts';

describeSupabase('an upgrade under a worker of the earlier set-up', () => {
  let project: Project;
  let store: Store;
  beforeAll(async () => {
    project = await startProject({
      name: 'upgraded_rows',
      fill: async (url) => {
        await query(url, earlierSetup(), ...insertRows(jobs, executions));
        await migratePostgres(url);
      },
    });
    store = await openSupabase(project.url, project.service_role_key);
  });
  afterAll(() => store?.close());

  test.each([
    ['that runs the job', 'live', 'worker-live', 'live-1'],
    ['that has only picked', 'live-picked', 'worker-picked', undefined],
    ['whose job ran before', 'live-second', 'worker-second', 'second-1'],
    ['that has ended the execution, not the job', 'live-ended', 'worker-ended', 'ended-1'],
  ] as const)('%s lets it end the job, in the one execution of its pick', async (...it) => {
    const [, job_id, name, had] = it;
    const worker = earlierWorker(project.url, project.service_role_key, name);
    const { job } = await detailOf(store, job_id);
    const pick = had ? { ...job, execution_id: had } : await worker.begin(job);
    expect(await worker.end(pick, { status: 'success', result: { kept: true } })).toEqual([1, 1]);
    const { job: after, executions: all } = await detailOf(store, job_id);
    expect(after).toMatchObject({ status: 'success', locked_by: null });
    expect(all.filter(({ status }) => status === 'success')).toMatchObject([
      { execution_id: pick.execution_id, result: { kept: true }, lock_epoch: after.lock_epoch },
    ]);
    expect(all.filter(({ status }) => status === 'running')).toEqual([]);
  });
});
