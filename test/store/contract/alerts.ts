// Streaks of failures: counted where someone is to be told, told of once, and once when they end.
import { expect } from '@jest/globals';
import type { NotedAlert } from '../../../src/core/alert.ts';
import type { Pick } from '../../../src/core/job.ts';
import type { ExecutionRecord, Store } from '../../../src/core/store.ts';
import {
  claimRequest,
  executionIds,
  failed,
  newJob,
  retried,
  succeeded,
  yielded,
} from '../../support/jobs.ts';
import { plannedSchedule, restore, until } from '../../support/schedules.ts';
import { START } from '../../support/start.ts';
import { createJob, pickOne } from '../../support/store.ts';
import type { ContractTests } from './world.ts';

const after = (failures: number) => ({ alert: { after: failures, slow_times: null } });
const asked = after(3);

type End = (pick: Pick) => ExecutionRecord;
const fails: End = (pick) => failed(pick, asked);
const succeeds: End = (pick) => succeeded(pick, asked);

/** One new job after the other is executed; what the records gave reason to tell of. */
const run = async (store: Store, ...ends: End[]): Promise<NotedAlert[]> => {
  const alerts: NotedAlert[] = [];
  for (const end of ends) {
    await createJob(store);
    alerts.push(...(await store.recordExecutions([end(await pickOne(store))])).alerts);
  }
  return alerts;
};

const failing = (failures: number, since = START, subject = 'type:demo') => ({
  kind: 'failing',
  subject,
  failures,
  since,
});

export const alertTests: ContractTests = {
  'as many failures as asked for, one after the other, are told of once': async ({
    store,
    advance,
  }) => {
    expect(await run(store, fails)).toEqual([]);
    await advance(30);
    expect(await run(store, fails)).toEqual([]);
    expect(await run(store, fails)).toEqual([failing(3)]);
    await store.alertTold('type:demo', START);
    expect(await run(store, fails, fails)).toEqual([]);
    await advance(86_400);
    expect(await run(store, fails)).toEqual([]);
  },

  'one failure is enough where one is asked for': async ({ store }) => {
    expect(await run(store, (pick) => failed(pick, after(1)))).toEqual([failing(1)]);
  },

  'a streak that nobody was told of is told of again, a minute later': async ({
    store,
    advance,
  }) => {
    expect(await run(store, fails, fails, fails)).toEqual([failing(3)]);
    await advance(59);
    expect(await run(store, fails)).toEqual([]);
    await advance(2);
    expect(await run(store, fails, fails)).toEqual([failing(5)]);
    await advance(61);
    expect(await run(store, fails)).toEqual([failing(7)]);
  },

  'a success ends a streak, and is told of where the streak was': async ({ store, advance }) => {
    await run(store, fails, fails, fails);
    await store.alertTold('type:demo', START);
    await run(store, fails);
    expect(await run(store, succeeds)).toEqual([{ ...failing(4), kind: 'recovered' }]);
    expect(await run(store, succeeds)).toEqual([]);
    await advance(60);
    const since = new Date(START.getTime() + 60_000);
    expect(await run(store, fails, fails, fails)).toEqual([failing(3, since)]);
    expect(await run(store, succeeds)).toEqual([{ ...failing(3, since), kind: 'recovered' }]);
  },

  'a streak too short to be told of ends without a word': async ({ store }) => {
    const ends = [fails, fails, succeeds, fails, fails, succeeds, fails];
    expect(await run(store, ...ends)).toEqual([]);
  },

  'timeouts and failures that are retried count; stopping early and cancels do not': async ({
    store,
  }) => {
    const ends: End[] = [
      (pick) => failed(pick, { ...asked, status: 'timeout' }),
      (pick) => ({ ...retried(pick, 86_400), ...asked }),
      (pick) => ({ ...yielded(pick), delay_seconds: 86_400, ...asked }),
      (pick) => failed(pick, { ...asked, status: 'cancelled', job_status: 'cancelled' }),
    ];
    expect(await run(store, ...ends)).toEqual([]);
    expect(await run(store, fails)).toEqual([failing(3)]);
  },

  'what does not ask for it counts for nothing': async ({ store }) => {
    const silently: End = (pick) => failed(pick);
    expect(await run(store, silently, silently, silently, fails, fails, silently)).toEqual([]);
    expect(await run(store, (pick) => succeeded(pick))).toEqual([]);
    expect(await run(store, fails)).toEqual([failing(3)]);
  },

  'failures of each type, and of each schedule, are counted apart': async (world) => {
    const { store } = world;
    const id = await plannedSchedule(store, { schedule_expression: '*/10 * * * *' });
    const subjects: string[] = [];
    for (const time of ['09:40', '09:50', '10:00']) {
      await until(world, time);
      await restore(store);
      await store.createJobs([newJob(), newJob({ job_type: 'other' })]);
      const request = { job_types: ['demo', 'other'], execution_ids: executionIds(3) };
      const { picks } = await store.claimJobs(claimRequest(request));
      expect(picks).toHaveLength(3);
      const { alerts } = await store.recordExecutions(picks.map(fails));
      subjects.push(...alerts.flatMap((it) => (it.kind === 'failing' ? it.subject : [])));
    }
    expect(subjects.sort()).toEqual([`schedule:${id}`, 'type:demo', 'type:other']);
  },

  'several failures in one call are counted one by one': async ({ store }) => {
    await store.createJobs([newJob(), newJob(), newJob()]);
    const { picks } = await store.claimJobs(claimRequest({ execution_ids: executionIds(3) }));
    const answer = await store.recordExecutions(picks.map(fails));
    expect(answer).toMatchObject({ verdicts: ['recorded', 'recorded', 'recorded'] });
    expect(answer.alerts).toEqual([failing(3)]);
  },

  'a record that is sent again counts once and is answered with nothing': async ({ store }) => {
    for (const told of [[], [], [failing(3)]]) {
      await createJob(store);
      const record = fails(await pickOne(store));
      expect((await store.recordExecutions([record])).alerts).toEqual(told);
      expect(await store.recordExecutions([record])).toMatchObject({
        verdicts: ['recorded'],
        alerts: [],
      });
    }
  },

  'a record of a lost lock counts for nothing': async ({ store, advance }) => {
    await run(store, fails, fails);
    await createJob(store, { max_retries: 0 });
    const late = fails(await pickOne(store));
    await advance(61);
    expect(await store.recordExecutions([late])).toMatchObject({ verdicts: ['lost'], alerts: [] });
    await store.releaseExpired(10);
    expect(await run(store, fails)).toEqual([failing(3)]);
  },

  'failures that many record at once are all recorded, and told of once': async ({
    store,
    open,
  }) => {
    const other = await open();
    await store.createJobs(Array.from({ length: 12 }, () => newJob()));
    const { picks } = await store.claimJobs(claimRequest({ execution_ids: executionIds(12) }));
    const answers = await Promise.all(
      picks.map((pick, i) => (i % 2 === 0 ? store : other).recordExecutions([fails(pick)])),
    );
    expect(answers.flatMap(({ verdicts }) => verdicts)).toEqual(Array(12).fill('recorded'));
    const told = answers.flatMap(({ alerts }) => alerts);
    expect(told.length).toBeLessThanOrEqual(1);
    // One that could not be counted without waiting may be left out, so there may be fewer than twelve.
    told.push(...(await run(store, fails, fails, fails)));
    expect(told).toHaveLength(1);
    expect(told[0]).toMatchObject({ kind: 'failing', subject: 'type:demo' });
  },

  'that people were told of a streak says nothing of the next one': async ({ store, advance }) => {
    await run(store, fails, fails, fails, succeeds);
    await advance(5);
    await run(store, fails);
    await store.alertTold('type:demo', START);
    const since = new Date(START.getTime() + 5000);
    expect(await run(store, fails, fails)).toEqual([failing(3, since)]);
  },

  'that people were told of what is no streak changes nothing': async ({ store }) => {
    await store.alertTold('type:demo', START);
    expect(await run(store, fails, fails)).toEqual([]);
    await store.alertTold('type:other', START);
    expect(await run(store, fails)).toEqual([failing(3)]);
  },
};
