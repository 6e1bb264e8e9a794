// The line as a whole: how many calls it costs, which jobs it takes, in which order, when it ends.
import { describe, expect, test } from '@jest/globals';
import type { AnyDefinition } from '../../src/core/definition.ts';
import { count, emptyTally } from '../../src/core/tally.ts';
import { InputError } from '../../src/index.ts';
import { claimRequest } from '../support/jobs.ts';
import { inSeconds, jobOf } from '../support/store.ts';
import { createLine, demo } from './line.ts';

const named = (type: string): AnyDefinition => demo(() => type, { type });

describe('calls of the store', () => {
  test.each([
    [0, 1],
    [1, 2],
    [2, 3],
    [25, 26],
  ])('%i jobs cost %i', async (jobs, calls) => {
    const line = await createLine([demo(() => 1)]);
    for (let i = 0; i < jobs; i += 1) await line.create();
    const tally = await line.drain();
    expect(tally).toMatchObject({ picked: jobs, stopped: 'empty' });
    expect(line.calls).toHaveLength(calls);
  });

  test('one job alone, as a schedule wakes it, costs 2 and asks for no second', async () => {
    const line = await createLine([demo(() => 1)]);
    await line.create();
    await line.create();
    const { stopped, picked } = await line.drain({ max_jobs: 1 });
    expect([stopped, picked]).toEqual(['limit', 1]);
    expect(line.called()).toEqual(['claimJobs', 'recordExecutions']);
    expect(line.calls[1]?.args[1]).toBeUndefined();
  });

  test('a limit of none costs nothing', async () => {
    const line = await createLine([demo(() => 1)]);
    await line.create();
    expect(await line.drain({ max_jobs: 0 })).toMatchObject({ picked: 0, stopped: 'limit' });
    expect(line.calls).toHaveLength(0);
  });
});

describe('a drain takes', () => {
  test('only the types asked for', async () => {
    const line = await createLine([named('a'), named('b'), named('c')]);
    for (const job_type of ['a', 'b', 'c', 'unknown']) await line.create({ job_type });
    const { executions } = await line.drain({ job_types: ['c', 'a'] });
    expect(executions.map(({ result }) => result)).toEqual(['a', 'c']);
  });

  test('all types it knows, and leaves others to instances that know them', async () => {
    const line = await createLine([named('a'), named('b')]);
    const ids = [];
    for (const job_type of ['newer', 'b', 'a']) ids.push(await line.create({ job_type }));
    expect((await line.drain()).picked).toBe(2);
    expect((await jobOf(line.store, ids[0]!)).status).toBe('waiting');
  });

  test('no type that it does not know: that is refused, naming those it does', async () => {
    const line = await createLine([named('a'), named('b')]);
    const asked = line.start({ job_types: ['a', 'z'] });
    await expect(asked).rejects.toBeInstanceOf(InputError);
    await expect(asked).rejects.toThrow(/"z" is no known job type; expected one of a, b/);
    expect(line.calls).toHaveLength(0);
  });

  test('only priorities within the range, ends included', async () => {
    const line = await createLine([demo(() => 1)]);
    for (const priority of [-11, -10, 0, 10, 11])
      await line.create({ name: `${priority}`, priority });
    const { executions } = await line.drain({ priority: { min: -10, max: 10 } });
    expect(executions.map(({ name }) => name)).toEqual(['10', '0', '-10']);
  });

  test('the higher priority first, then what is due longer, then what was created first', async () => {
    const line = await createLine([demo(() => 1)]);
    const early = new Date('2031-04-17T09:00:00Z');
    await line.create({ name: 'fourth' });
    await line.create({ name: 'fifth' });
    await line.create({ name: 'third', run_at: early });
    await line.create({ name: 'first', priority: 10 });
    await line.create({ name: 'second', priority: 5 });
    const { executions } = await line.drain();
    expect(executions.map(({ name }) => name)).toEqual([
      'first',
      'second',
      'third',
      'fourth',
      'fifth',
    ]);
  });

  test('jobs that become free by what it has just done, in one go', async () => {
    const line = await createLine([demo(({ job }) => job.name)]);
    const a = await line.create({ name: 'a' });
    const b = await line.create({ name: 'b', depends_on: [a], priority: 10 });
    const c = await line.create({ name: 'c', depends_on: [a, b], priority: 100 });
    await line.create({ name: 'd', depends_on: [c] });
    const { executions } = await line.drain();
    expect(executions.map(({ result }) => result)).toEqual(['a', 'b', 'c', 'd']);
    expect(line.calls).toHaveLength(5);
  });

  test('nothing that waits for a job which failed', async () => {
    const line = await createLine([
      demo(() => {
        throw new Error('no');
      }),
    ]);
    const a = await line.create({ name: 'a', max_retries: 0 });
    const b = await line.create({ name: 'b', depends_on: [a] });
    expect((await line.drain()).picked).toBe(1);
    expect((await jobOf(line.store, b)).status).toBe('blocked');
  });

  test('nothing before its time, and tells how long that is', async () => {
    const line = await createLine([demo(() => 1)]);
    await line.create({ run_at: await inSeconds(line.store, 90) });
    await line.create({ run_at: await inSeconds(line.store, 30) });
    expect(await line.drain()).toMatchObject({ picked: 0, stopped: 'empty', next_due_seconds: 30 });
    await line.clock.advance(30_000);
    expect(await line.drain()).toMatchObject({ picked: 1, next_due_seconds: 60 });
  });
});

describe('a drain tells', () => {
  test('a count per outcome, and each execution in short', async () => {
    const line = await createLine([
      demo(({ config }) => {
        if (config.fail) throw new Error('as asked');
        return 'fine';
      }),
    ]);
    const ok = await line.create({ name: 'ok', priority: 1 });
    await line.create({ name: 'bad', config: { fail: true }, max_retries: 0 });
    const tally = await line.drain({ source: 'aws.scheduler', id: 'e-1' });
    expect(tally).toMatchObject({ picked: 2, outcomes: { success: 1, failed: 1 }, released: 0 });
    expect(tally.executions).toMatchObject([
      {
        job_id: ok,
        name: 'ok',
        job_type: 'demo',
        lock_epoch: 1,
        status: 'success',
        result: 'fine',
        error_message: null,
      },
      {
        name: 'bad',
        status: 'failed',
        job_status: 'failed',
        result: null,
        error_message: 'as asked',
      },
    ]);
    expect(line.events.map(({ event }) => event)).toEqual([
      'drain.started',
      'job.picked',
      'job.recorded',
      'job.picked',
      'job.recorded',
      'drain.stopped',
    ]);
    const detail = await line.store.getJob(ok);
    expect(detail?.executions[0]).toMatchObject({
      instance_id: 'instance-a',
      trigger: 'aws.scheduler:e-1',
    });
  });

  test('which expired locks it released on the way', async () => {
    const line = await createLine([demo(() => 1)]);
    const id = await line.create({ name: 'orphan' });
    await line.store.claimJobs(claimRequest({ instance_id: 'dead', lock_seconds: 60 }));
    await line.clock.advance(60_000);
    expect(await line.drain()).toMatchObject({ picked: 1, released: 1, outcomes: { success: 1 } });
    expect(line.eventsNamed('lock.released')).toMatchObject([
      { job_id: id, held_by: 'dead', job_status: 'waiting' },
    ]);
    expect((await jobOf(line.store, id)).current_retries).toBe(1);
  });

  test('the first thousand executions in short and counts the rest', async () => {
    const line = await createLine([demo(() => 1)]);
    const summary = await line.runOne();
    const tally = emptyTally();
    for (let i = 0; i < 1003; i += 1) count(tally, summary);
    expect(tally).toMatchObject({ picked: 1003, outcomes: { success: 1003 } });
    expect(tally.executions).toHaveLength(1000);
  });
});

test('two drains at once share the jobs and never one of them', async () => {
  const line = await createLine([demo(({ job }) => job.name)]);
  for (let i = 0; i < 30; i += 1) await line.create({ name: `${i}` });
  const drains = ['a', 'b', 'c'].map((instance_id) => line.start({}, { instance_id }));
  const tallies = await line.until(Promise.all(drains));
  const done = tallies.flatMap(({ executions }) => executions.map(({ result }) => result));
  expect(done).toHaveLength(30);
  expect(new Set(done).size).toBe(30);
});
