// Executions that take much longer than is usual for their type.
import { expect } from '@jest/globals';
import type { NotedAlert } from '../../../src/core/alert.ts';
import { claimRequest, executionIds, failed, newJob, succeeded } from '../../support/jobs.ts';
import { createJob, pickOne } from '../../support/store.ts';
import type { ContractTests, World } from './world.ts';

const asked = { alert: { after: 3, slow_times: 3 } };

/** Executes `count` jobs at once, which succeed after so many seconds and teach it. */
const learn = async ({ store, advance }: World, seconds: number, count = 1): Promise<void> => {
  await store.createJobs(Array.from({ length: count }, () => newJob()));
  const ask = { execution_ids: executionIds(count), lock_seconds: 3600 };
  const { picks } = await store.claimJobs(claimRequest(ask));
  await advance(seconds);
  await store.recordExecutions(picks.map((pick) => succeeded(pick, { stretch_seconds: seconds })));
};

/** What is told of an execution that takes so many seconds, and teaches nothing. */
const toldOf = async (
  { store, advance }: World,
  seconds: number,
  given: Parameters<typeof succeeded>[1] = asked,
): Promise<NotedAlert[]> => {
  await createJob(store);
  const pick = await pickOne(store, { lock_seconds: 3600 });
  await advance(seconds);
  return (await store.recordExecutions([succeeded(pick, given)])).alerts;
};

const usual = (alerts: NotedAlert[]) =>
  alerts.map((it) => (it.kind === 'slow' ? it.usual_seconds : it.kind));

export const slowTests: ContractTests = {
  'an execution that takes more than so many times what is usual is told of': async (world) => {
    await learn(world, 10, 3);
    expect(await toldOf(world, 30)).toEqual([]);
    expect(await toldOf(world, 31)).toEqual([
      { kind: 'slow', execution_id: expect.any(String), usual_seconds: 10, duration_seconds: 31 },
    ]);
  },

  'a slow execution is told of by its own id, and once': async (world) => {
    const { store, advance } = world;
    await learn(world, 10, 3);
    await createJob(store);
    const pick = await pickOne(store, { lock_seconds: 3600 });
    await advance(100);
    const record = succeeded(pick, asked);
    const { execution_id } = pick.fence;
    expect((await store.recordExecutions([record])).alerts).toMatchObject([{ execution_id }]);
    expect((await store.recordExecutions([record])).alerts).toEqual([]);
  },

  'nothing is called slow before three executions are known': async (world) => {
    await learn(world, 10, 2);
    expect(await toldOf(world, 1000, { ...asked, stretch_seconds: 10 })).toEqual([]);
    expect(usual(await toldOf(world, 1000))).toEqual([10]);
  },

  'what is usual is the middle one, of an even number the lower': async (world) => {
    await learn(world, 10, 2);
    await learn(world, 40, 1);
    expect(usual(await toldOf(world, 31))).toEqual([10]);
    await learn(world, 40, 1);
    expect(usual(await toldOf(world, 31))).toEqual([10]);
    await learn(world, 40, 1);
    expect(usual(await toldOf(world, 31))).toEqual([]);
    expect(usual(await toldOf(world, 121))).toEqual([40]);
  },

  'only the last twenty executions tell what is usual': async (world) => {
    await learn(world, 10, 20);
    await learn(world, 100, 10);
    expect(usual(await toldOf(world, 31))).toEqual([10]);
    await learn(world, 100, 1);
    expect(usual(await toldOf(world, 301))).toEqual([100]);
  },

  'what fails, and what teaches nothing, does not tell what is usual': async (world) => {
    const { store } = world;
    for (let i = 0; i < 3; i += 1) {
      await toldOf(world, 10, {});
      await createJob(store);
      await store.recordExecutions([failed(await pickOne(store), { stretch_seconds: 10 })]);
    }
    expect(await toldOf(world, 1000)).toEqual([]);
  },

  'nothing is told of where nobody asks': async (world) => {
    await learn(world, 10, 3);
    expect(await toldOf(world, 1000, {})).toEqual([]);
    expect(await toldOf(world, 1000, { alert: { after: 3, slow_times: null } })).toEqual([]);
  },
};
