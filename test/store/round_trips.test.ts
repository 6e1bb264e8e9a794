// How often a drain goes to the store, counted where it cannot be denied: on the wire.
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { describePostgres, newDatabase } from '../support/postgres.ts';
import { migrated } from '../support/postgres_data.ts';
import { databaseEnv, demo, projectEnv, runnerWith } from '../support/runner.ts';
import { startWire, type Wire } from '../support/servers/wire.ts';
import { describeSupabase, type Project, startProject } from '../support/supabase.ts';

/** jobs waiting, and round trips of the drain that finds them */
const drains = [
  ['an empty queue', 0, 1],
  ['a scheduled invocation with one job', 1, 2],
  ['a drain of 25 jobs', 25, 26],
] as const;

const jobs = [demo(() => 'done')];

/** Creates `waiting` jobs, then drains in another process's place, `before` which counting begins. */
const drained = async (env: Record<string, string>, waiting: number, before: () => void) => {
  const creator = await runnerWith(env, { jobs });
  const input = { name: 'a job', job_type: 'demo' };
  if (waiting > 0) await creator.createMany(Array.from({ length: waiting }, () => input));
  const runner = await runnerWith(env, { jobs });
  before();
  const { picked, outcomes, stopped } = await runner.drain({ source: 'schedule' });
  expect({ picked, stopped }).toEqual({ picked: waiting, stopped: 'empty' });
  expect(outcomes).toEqual(waiting > 0 ? { success: waiting } : {});
};

describePostgres('on the wire to Postgres', () => {
  let wire: Wire;
  beforeAll(async () => {
    wire = await startWire((await newDatabase(migrated)).url);
  });
  afterAll(() => wire.stop());

  test.each(drains)('%s (%i) takes %i round trips', async (_what, waiting, trips) => {
    await drained(databaseEnv(wire.url), waiting, wire.reset);
    expect(wire.trips).toMatchObject({ connections: 1, queries: trips });
  });
});

describeSupabase('over HTTP to Supabase', () => {
  let project: Project;
  beforeAll(async () => {
    project = await startProject(migrated);
  });

  test.each(drains)('%s (%i) takes %i requests', async (_what, waiting, requests) => {
    await drained(projectEnv(project), waiting, () => project.requests.splice(0));
    expect(project.requests).toHaveLength(requests);
    const methods = new Set(project.requests.map(({ path }) => path));
    expect([...methods].every((path) => path.startsWith('/rpc/'))).toBe(true);
  });
});
