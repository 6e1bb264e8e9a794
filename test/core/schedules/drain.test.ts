// A drain and schedules: due slots make jobs in the same round trip, plans are extended on the way.
import { describe, expect, test } from '@jest/globals';
import { emptyTally } from '../../../src/core/tally.ts';
import { openDatabase } from '../../../src/stores/sqlite/database.ts';
import { decided, HOUR, MINUTE, scene } from './scene.ts';

describe('a slot that is due', () => {
  test('makes a job that the same drain executes', async () => {
    const line = await scene();
    await line.schedule({ config: { a: 1 }, priority: 'high', max_retries: 1 });
    await line.clock.advance(31 * MINUTE);
    line.calls.length = 0;
    const tally = await line.drain();
    // The plan is half used up: one call more, beside the job.
    expect(line.called()).toEqual(['claimJobs', 'planSchedules', 'recordExecutions']);
    expect(tally).toMatchObject({ picked: 1, slots: { fired: 1 }, outcomes: { success: 1 } });
    const { schedule, slots } = await line.detail();
    const fired = slots.find(({ status }) => status === 'fired')!;
    const { job, schedule: told } = (await line.store.getJob(fired.job_id!))!;
    expect(job).toMatchObject({ name: 'hourly', config: { a: 1 }, priority: 10, max_retries: 1 });
    expect(told).toMatchObject({ name: 'hourly', slot_at: fired.slot_at });
    expect(fired).toMatchObject({ reason: 'due', job_status: 'success' });
    expect(schedule.last_execution?.toISOString()).toBe('2031-05-17T10:01:00.000Z');
    expect(schedule.next_execution?.toISOString()).toBe('2031-05-17T11:00:00.000Z');
  });

  test('is told of in the log', async () => {
    const line = await scene();
    await line.schedule();
    await line.clock.advance(31 * MINUTE);
    await line.drain();
    expect(line.events).toContainEqual(
      expect.objectContaining({ event: 'slot.fired', name: 'hourly', reason: 'due' }),
    );
  });

  test('costs no more than its job while the plan is long enough', async () => {
    const line = await scene();
    await line.schedule({ schedule_expression: '*/10 * * * *' });
    await line.clock.advance(11 * MINUTE);
    line.calls.length = 0;
    await line.drain();
    expect(line.called()).toEqual(['claimJobs', 'recordExecutions']);
  });

  test('costs one call more when the plan is half used up', async () => {
    const line = await scene();
    await line.schedule({ schedule_expression: '*/10 * * * *' });
    await line.clock.advance(41 * MINUTE);
    line.calls.length = 0;
    await line.drain();
    expect(line.called()).toEqual(['claimJobs', 'planSchedules', 'recordExecutions']);
  });
});

test('with nothing due a drain is one round trip, however many schedules there are', async () => {
  const line = await scene();
  for (let i = 0; i < 5; i += 1) await line.schedule({ name: `schedule ${i}` });
  line.calls.length = 0;
  const tally = await line.drain();
  expect(line.called()).toEqual(['claimJobs']);
  expect(tally).toMatchObject({ picked: 0, stopped: 'empty', next_due_seconds: 1800 });
});

test('a plan that is over is extended first, and what is due then runs in the same drain', async () => {
  const line = await scene();
  await line.schedule();
  await line.clock.advance(5 * HOUR);
  line.calls.length = 0;
  const tally = await line.drain();
  expect(line.called()).toEqual(['claimJobs', 'planSchedules', 'claimJobs', 'recordExecutions']);
  expect(tally).toMatchObject({ picked: 1, slots: { fired: 1, missed: 2 } });
  expect(decided(await line.ledger())).toEqual([
    '10:00 missed superseded',
    '11:00 missed superseded',
    '12:00-13:00 missed superseded 2',
    '14:00 fired due',
  ]);
});

test('a rule that someone broke by hand stops no drain, and is told of; what was planned still runs', async () => {
  const line = await scene();
  const { schedule_id } = await line.schedule();
  await line.schedule({ name: 'sound' });
  const file = openDatabase(line.path);
  file.exec(
    `UPDATE cloud_job_schedules SET schedule_expression = 'at dawn' WHERE schedule_id = '${schedule_id}'`,
  );
  file.close();
  await line.clock.advance(5 * HOUR);
  const tally = await line.drain();
  expect(tally).toMatchObject({ picked: 2, stopped: 'empty' });
  expect(line.events).toContainEqual(
    expect.objectContaining({ event: 'schedule.unplannable', schedule_id }),
  );
});

test('when planning does not get through, a job in hand is executed all the same', async () => {
  let away = false;
  const line = await scene({
    faults: ({ method }) => (away && method === 'planSchedules' ? 'down' : undefined),
  });
  await line.schedule();
  const by_hand = await line.create();
  await line.clock.advance(HOUR);
  away = true;
  const tally = emptyTally();
  await expect(line.until(line.start({}, {}, tally))).rejects.toThrow('nobody answers');
  expect(tally.executions.map(({ job_id }) => job_id)).toContain(by_hand);
  expect(tally.outcomes).toEqual({ success: 2 });
  away = false;
  await line.drain();
  const planned = (await line.ledger()).filter((row) => row.endsWith('planned'));
  expect(planned.length).toBeGreaterThan(1);
});
