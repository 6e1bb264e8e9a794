// Whole drains over a SQLite file that tell a real HTTP server: of what, and how often.
import { describe, expect, test } from '@jest/globals';
import { systemClock } from '../../src/clock.ts';
import { drainOn } from '../support/drain.ts';
import { claimRequest, executionIds } from '../support/jobs.ts';
import { demo } from '../support/runner.ts';
import { createJob } from '../support/store.ts';
import { receiver } from './receiver.ts';
import { alertingTo, byName, world } from './world.ts';

const three = ['a', 'b', 'c'];

describe('failures in a row', () => {
  test('are told of once when there are three, and once when they end', async () => {
    const { url, received, events } = await receiver();
    const { drain } = await world(url);
    await drain(['a', 'b']);
    expect(received).toHaveLength(0);
    await drain(['c']);
    expect(received).toMatchObject([
      {
        message: {
          event: 'job.failing',
          name: 'c',
          job_type: 'demo',
          schedule_id: null,
          failures: 3,
          since: '2031-05-17T09:30:00.123Z',
          error_message: 'c went wrong',
        },
      },
    ]);
    await drain(['d', 'e', 'f', 'g']);
    expect(received).toHaveLength(1);
    await drain(['good']);
    await drain(['good']);
    expect(events()).toEqual(['job.failing', 'job.recovered']);
    expect(received[1]!.message).toMatchObject({ name: 'good', failures: 7 });
  });

  test('that begin anew after their end are told of anew', async () => {
    const { url, received, events } = await receiver();
    const { drain } = await world(url);
    for (const _ of [1, 2]) await drain([...three, 'good']);
    const each = ['job.failing', 'job.recovered'];
    expect(events()).toEqual([...each, ...each]);
    expect(received.map(({ message }) => message.failures)).toEqual([3, 3, 3, 3]);
  });

  test('that a success parts are not told of, nor that they ended', async () => {
    const { url, received } = await receiver();
    const { drain } = await world(url);
    await drain(['a', 'b', 'good', 'c', 'd', 'good']);
    expect(received).toHaveLength(0);
  });

  test('of the retries of one job count as well', async () => {
    const { url, received } = await receiver();
    const { store } = await world(url);
    await createJob(store, { name: 'again', max_retries: 5, retry_delay_seconds: 0 });
    const once = { alerting: alertingTo(url), max_jobs: 1, random: () => 0 };
    await drainOn(store, [byName], once);
    await drainOn(store, [byName], once);
    expect(received).toHaveLength(0);
    await drainOn(store, [byName], once);
    expect(received).toMatchObject([{ message: { name: 'again', failures: 3 } }]);
  });

  test('are told of once by two instances that meet them at the same time', async () => {
    const { url, events } = await receiver();
    const { open } = await world(url);
    const stores = [await open(), await open()];
    for (let i = 0; i < 20; i += 1) await createJob(stores[0]!, { name: `${i}`, max_retries: 0 });
    const tallies = await Promise.all(
      stores.map((store, i) =>
        drainOn(store, [byName], { alerting: alertingTo(url), instance_id: `instance-${i}` }),
      ),
    );
    const counts = tallies.map(({ picked }) => picked);
    expect(counts[0]! + counts[1]!).toBe(20);
    expect(events()).toEqual(['job.failing']);
  });
});

describe('locks that expired', () => {
  test('are told of by the pick that released them, in one message', async () => {
    const { url, received } = await receiver();
    const { store, advance } = await world(url);
    const dead = { instance_id: 'dead', execution_ids: executionIds(2) };
    for (const name of ['one', 'two']) await createJob(store, { name });
    await store.claimJobs(claimRequest(dead));
    await advance(61);
    const good = demo(() => 1);
    const tally = await drainOn(store, [good], { alerting: alertingTo(url) });
    expect(tally).toMatchObject({ released: 2, outcomes: { success: 2 } });
    expect(received).toMatchObject([
      {
        message: {
          event: 'lock.expired',
          expired_count: 2,
          expired: [
            { name: 'one', held_by: 'dead', job_status: 'waiting' },
            { name: 'two', held_by: 'dead', job_status: 'waiting' },
          ],
        },
      },
    ]);
    await drainOn(store, [good], { alerting: alertingTo(url) });
    expect(received).toHaveLength(1);
  });

  test('later are told of by the later pick', async () => {
    const { url, events } = await receiver();
    const { store, advance } = await world(url);
    for (const _ of [1, 2]) {
      await createJob(store, { name: 'good' });
      await store.claimJobs(claimRequest({ instance_id: 'dead' }));
      await advance(61);
      await drainOn(store, [byName], { alerting: alertingTo(url) });
    }
    expect(events()).toEqual(['lock.expired', 'lock.expired']);
  });
});

test('an execution of ten times the usual length is told of, once', async () => {
  const { url, received } = await receiver();
  const { store, advance } = await world(url);
  let gone = 0;
  const clock = { ...systemClock, now: () => systemClock.now() + gone };
  const lasting = demo(async ({ config }) => {
    gone += Number(config.seconds) * 1000;
    await advance(Number(config.seconds));
  });
  const drain = async (...lengths: number[]) => {
    for (const seconds of lengths) await createJob(store, { name: 'good', config: { seconds } });
    await drainOn(store, [lasting], { alerting: alertingTo(url), clock, random: () => 0 });
  };
  await drain(6, 6, 6, 29);
  expect(received).toHaveLength(0);
  await drain(60);
  expect(received).toMatchObject([
    { message: { event: 'job.slow', job_type: 'demo', duration_seconds: 60, usual_seconds: 6 } },
  ]);
  await drain(6);
  expect(received).toHaveLength(1);
});
