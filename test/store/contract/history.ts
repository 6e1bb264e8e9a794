// History of another system: finished jobs of schedules, written once however often they come.
import { expect } from '@jest/globals';
import type { PastExecution } from '../../../src/core/history.ts';
import type { Store } from '../../../src/core/store.ts';
import { createSchedule, scheduleOf } from '../../support/schedules.ts';
import { detailOf, dump, eventsOf, jobOf, pickOne } from '../../support/store.ts';
import type { ContractTests } from './world.ts';

const at = (text: string) => new Date(`2025-07-01T${text}Z`);

const aPast = (overrides: Partial<PastExecution> = {}): PastExecution => ({
  job_id: 'imported:a:1',
  schedule_id: 'imported:a',
  status: 'success',
  job_status: 'success',
  created_at: at('10:00:00.100'),
  started_at: at('10:00:01.123'),
  finished_at: at('10:00:03.500'),
  duration_seconds: 2.4,
  result: { papers: 4 },
  error: null,
  logs: [],
  metadata: { imported: { job_id: 'a', execution_id: '1' } },
  ...overrides,
});

const importing = (store: Store, ...executions: PastExecution[]) => store.importHistory(executions);

const limits = {
  name: 'Fetch',
  job_type: 'demo',
  config: { max: 5 },
  description: 'what for',
  priority: 3,
  max_retries: 2,
  retry_delay_seconds: 60,
  retry_backoff: 'fixed',
  timeout_seconds: 900,
} as const;

/** A schedule `imported:a`. */
const aSchedule = (store: Store) =>
  createSchedule(store, { ...limits, schedule_id: 'imported:a', unique_key: 'one at a time' });

export const historyTests: ContractTests = {
  'a past execution becomes a finished job of its schedule, with one execution': async ({
    store,
  }) => {
    await aSchedule(store);
    const past = aPast();
    expect(await importing(store, past)).toEqual({ added: 1 });
    const { job, executions, steps, depends_on, schedule } = await detailOf(store, past.job_id);
    const { created_at, started_at, finished_at } = past;
    expect(job).toEqual({
      ...limits,
      job_id: 'imported:a:1',
      status: 'success',
      run_at: started_at,
      current_retries: 0,
      lock_epoch: 1,
      locked_at: null,
      locked_by: null,
      lock_expires_at: null,
      unique_key: null,
      schedule_id: 'imported:a',
      actor: null,
      source_ip: null,
      metadata: past.metadata,
      progress: null,
      cancel_requested_at: null,
      created_at,
      updated_at: finished_at,
      last_execution: started_at,
      finished_at,
    });
    expect(executions).toEqual([
      {
        execution_id: 'imported:a:1',
        job_id: 'imported:a:1',
        lock_epoch: 1,
        status: 'success',
        started_at,
        finished_at,
        duration_seconds: 2.4,
        result: { papers: 4 },
        error_message: null,
        error: null,
        instance_id: 'imported',
        trigger: 'imported',
      },
    ]);
    expect([steps, depends_on]).toEqual([[], []]);
    expect(schedule).toEqual({ schedule_id: 'imported:a', name: 'Fetch', slot_at: started_at });
  },

  'a past execution stands in the ledger as fired and imported, and leaves the plan alone': async ({
    store,
  }) => {
    await aSchedule(store);
    const { schedule } = await scheduleOf(store, 'imported:a');
    const past = aPast({ status: 'timeout', job_status: 'failed' });
    await importing(store, past);
    const after = await scheduleOf(store, 'imported:a');
    expect(after.slots).toEqual([
      {
        schedule_id: 'imported:a',
        slot_at: past.started_at,
        until_at: null,
        times: 1,
        status: 'fired',
        reason: 'imported',
        job_id: past.job_id,
        decided_at: past.started_at,
        job_status: 'failed',
      },
    ]);
    expect(after.schedule).toEqual({ ...schedule, last_execution: past.started_at });
  },

  'a past execution tells its events at the times it had them': async ({ store }) => {
    await aSchedule(store);
    const error = { name: 'Error', message: 'no luck', stack: 'at x.py' };
    const logs = [
      { level: 'info' as const, message: 'one' },
      { level: 'info' as const, message: 'two' },
    ];
    const past = aPast({ status: 'failed', job_status: 'failed', result: null, error, logs });
    await importing(store, past);
    const events = await eventsOf(store, past.job_id);
    expect(
      events.map(({ event_id, execution_id, at: when, kind, data }) => [
        event_id,
        execution_id,
        when,
        kind,
        data,
      ]),
    ).toEqual([
      [1, null, past.created_at, 'status', { status: 'waiting' }],
      [
        2,
        past.job_id,
        past.started_at,
        'status',
        { status: 'locked', lock_epoch: 1, instance_id: 'imported' },
      ],
      [3, past.job_id, past.finished_at, 'log', logs[0]],
      [4, past.job_id, past.finished_at, 'log', logs[1]],
      [
        5,
        past.job_id,
        past.finished_at,
        'status',
        { status: 'failed', execution_status: 'failed', error_message: 'no luck' },
      ],
    ]);
    const [execution] = (await detailOf(store, past.job_id)).executions;
    expect(execution).toMatchObject({ result: null, error, error_message: 'no luck' });
  },

  'history that comes again changes nothing, not even what became of it here': async ({
    store,
  }) => {
    await aSchedule(store);
    const [first, second] = [
      aPast({ status: 'failed', job_status: 'failed' }),
      aPast({ job_id: 'imported:a:2', started_at: at('12:00:00'), finished_at: at('12:00:01') }),
    ];
    expect(await importing(store, first, first, second)).toEqual({ added: 2 });
    await store.moveJob(first.job_id, 'retry');
    const everything = async () => ({
      jobs: await dump(store, [first.job_id, second.job_id]),
      schedule: await scheduleOf(store, 'imported:a'),
    });
    const before = await everything();
    expect(await importing(store, first, second)).toEqual({ added: 0 });
    expect(await everything()).toEqual(before);
  },

  'a job that failed there can be retried here': async ({ store }) => {
    await aSchedule(store);
    const past = aPast({ status: 'lost', job_status: 'failed' });
    await importing(store, past);
    expect((await store.moveJob(past.job_id, 'retry'))?.moved).toBe(true);
    const { fence } = await pickOne(store);
    expect(fence).toMatchObject({ job_id: past.job_id, lock_epoch: 2 });
    expect((await detailOf(store, past.job_id)).executions).toHaveLength(2);
  },

  'history without its schedule is left out': async ({ store }) => {
    await aSchedule(store);
    const other = aPast({ job_id: 'imported:b:1', schedule_id: 'imported:b' });
    expect(await importing(store, other, aPast())).toEqual({ added: 1 });
    expect(await store.getJob('imported:b:1')).toBeNull();
    expect(await importing(store)).toEqual({ added: 0 });
  },

  'two past executions of one moment are two jobs, and one row of the ledger': async ({
    store,
  }) => {
    await aSchedule(store);
    const [first, second] = [aPast(), aPast({ job_id: 'imported:a:2' })];
    expect(await importing(store, first, second)).toEqual({ added: 2 });
    const { slots } = await scheduleOf(store, 'imported:a');
    expect(slots.map(({ job_id }) => job_id)).toEqual(['imported:a:1']);
    expect((await jobOf(store, 'imported:a:2')).status).toBe('success');
  },

  'older history does not move the last execution back': async ({ store }) => {
    await aSchedule(store);
    await importing(store, aPast());
    const older = aPast({ job_id: 'imported:a:0', started_at: at('08:00:00') });
    expect(await importing(store, older)).toEqual({ added: 1 });
    const { schedule } = await scheduleOf(store, 'imported:a');
    expect(schedule.last_execution).toEqual(at('10:00:01.123'));
  },

  'history of all outcomes is listed newest first, in the order in which it came': async ({
    store,
  }) => {
    await aSchedule(store);
    const outcomes = [
      ['success', 'success'],
      ['failed', 'failed'],
      ['timeout', 'failed'],
      ['cancelled', 'cancelled'],
      ['lost', 'failed'],
    ] as const;
    const pasts = outcomes.map(([status, job_status], index) =>
      aPast({
        job_id: `imported:a:${index}`,
        status,
        job_status,
        started_at: at(`11:0${index}:00`),
      }),
    );
    await importing(store, ...pasts);
    const listed = await store.listJobs({ limit: 10 });
    expect(listed.map(({ job_id, status }) => [job_id, status])).toEqual(
      outcomes.map(([, job_status], index) => [`imported:a:${index}`, job_status]).reverse(),
    );
    const details = await Promise.all(pasts.map(({ job_id }) => detailOf(store, job_id)));
    expect(details.map(({ executions }) => executions[0]?.status)).toEqual(
      outcomes.map(([status]) => status),
    );
    const lost = await eventsOf(store, 'imported:a:4');
    expect(lost.at(-1)?.data).toEqual({ status: 'failed', execution_status: 'lost' });
  },
};
