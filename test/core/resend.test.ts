// A store that goes away: calls are sent again inside the deadline, and a fixed outcome stays fixed.
import { describe, expect, test } from '@jest/globals';
import type { Store } from '../../src/core/store.ts';
import { StoreUnavailableError } from '../../src/index.ts';
import { claimRequest } from '../support/jobs.ts';
import { detailOf, dump, eventsOf, jobOf } from '../support/store.ts';
import { type Faults, onCalls } from './faults.ts';
import { createLine, demo, type LineOptions } from './line.ts';

const success = (options: LineOptions) =>
  createLine([demo(({ job }) => `result of ${job.name}`)], options);

const from =
  (method: keyof Store, first: number): Faults =>
  (call) =>
    call.method === method && call.nth >= first ? 'down' : undefined;

describe('a call that is not answered', () => {
  test.each(['down', 'answer lost'] as const)(
    'is sent again: three picks in vain (%s)',
    async (fault) => {
      const line = await success({ faults: onCalls('claimJobs', fault, 1, 2, 3) });
      const id = await line.create();
      const { outcomes } = await line.drain();
      expect(outcomes).toEqual({ success: 1 });
      const { executions } = await detailOf(line.store, id);
      expect(executions).toHaveLength(1);
    },
  );

  test('asks for the same execution each time', async () => {
    const line = await success({ faults: onCalls('claimJobs', 'answer lost', 1, 2) });
    await line.create();
    await line.drain({ max_jobs: 1 });
    const asked = line.calls.filter(({ method }) => method === 'claimJobs');
    expect(asked).toHaveLength(3);
    expect(asked[1]?.args).toEqual(asked[0]?.args);
    expect(asked[2]?.args).toEqual(asked[0]?.args);
  });

  test.each([
    [0, [0.1, 0.2, 0.4, 0.8, 1.6, 3.2, 5, 5, 5, 5]],
    [0.5, [0.075, 0.15, 0.3, 0.6, 1.2, 2.4, 3.75, 3.75]],
  ])('is sent again after pauses that double up to 5 s (random %d)', async (random, pauses) => {
    const at: number[] = [];
    const faults = () => {
      at.push(line.clock.now());
      return 'down' as const;
    };
    const line = await createLine([demo(() => 1)], { faults, random: () => random });
    await expect(line.drain({}, 5)).rejects.toBeInstanceOf(StoreUnavailableError);
    const seen = at.slice(1).map((time, i) => Math.round(time - at[i]!) / 1000);
    expect(seen.slice(0, pauses.length)).toEqual(pauses.slice(0, seen.length));
    expect(seen.length).toBeGreaterThan(7);
    expect(line.eventsNamed('store.retried').map(({ sending }) => sending)).toEqual(
      seen.map((_, i) => i + 1),
    );
  });

  test('is given up after 30 seconds when no deadline is nearer', async () => {
    const line = await success({ faults: () => 'down' });
    await expect(line.drain()).rejects.toBeInstanceOf(StoreUnavailableError);
    expect(line.seconds()).toBeGreaterThan(24);
    expect(line.seconds()).toBeLessThanOrEqual(30.5);
  });

  test('is given up before the deadline', async () => {
    const line = await success({ faults: () => 'down' });
    await expect(line.drain({ time_left_ms: 10_000 })).rejects.toBeInstanceOf(
      StoreUnavailableError,
    );
    expect(line.seconds()).toBeLessThanOrEqual(10);
  });

  test('for another reason than the store being away is not sent again', async () => {
    const line = await success({ faults: onCalls('claimJobs', new RangeError('odd'), 1) });
    await expect(line.drain()).rejects.toThrow('odd');
    expect(line.calls).toHaveLength(1);
  });
});

describe('an outcome', () => {
  test.each([
    ['down', 1],
    ['down', 6],
    ['answer lost', 1],
    ['answer lost', 6],
  ] as const)('is recorded once when the store is away (%s, %i times)', async (fault, times) => {
    const numbers = Array.from({ length: times }, (_, i) => i + 1);
    const line = await success({ faults: onCalls('recordExecutions', fault, ...numbers) });
    const id = await line.create({ name: 'a' });
    const { outcomes, executions } = await line.drain();
    expect(outcomes).toEqual({ success: 1 });
    expect(executions[0]).toMatchObject({ status: 'success', result: 'result of a' });
    const ends = (await eventsOf(line.store, id)).filter(
      ({ kind, data }) => kind === 'status' && JSON.stringify(data).includes('"success"'),
    );
    expect(ends).toHaveLength(1);
    expect((await detailOf(line.store, id)).executions).toMatchObject([
      { status: 'success', result: 'result of a' },
    ]);
  });

  test('whose answer was lost does not lose the next pick, nor pick it twice', async () => {
    const line = await success({ faults: onCalls('recordExecutions', 'answer lost', 1, 3) });
    const ids = [];
    for (const name of ['a', 'b', 'c']) ids.push(await line.create({ name, max_retries: 0 }));
    const { outcomes } = await line.drain();
    expect(outcomes).toEqual({ success: 3 });
    for (const id of ids) {
      const { job, executions } = await detailOf(line.store, id);
      expect(job).toMatchObject({ status: 'success', lock_epoch: 1 });
      expect(executions).toHaveLength(1);
    }
  });

  test('of failure, answer lost, uses one retry only', async () => {
    const line = await createLine(
      [
        demo(() => {
          throw new Error('no');
        }),
      ],
      { faults: onCalls('recordExecutions', 'answer lost', 1, 2) },
    );
    const { job_id, job_status } = await line.runOne();
    expect(job_status).toBe('waiting');
    expect((await jobOf(line.store, job_id)).current_retries).toBe(1);
  });

  test('that stays unrecorded leaves its job whole, to be found when the lock expires', async () => {
    const line = await success({ faults: from('recordExecutions', 1) });
    const id = await line.create();
    const untouched = await line.create({ name: 'not reached' });
    const before = await dump(line.store, [untouched]);
    await expect(line.drain()).rejects.toBeInstanceOf(StoreUnavailableError);
    const { job, executions } = await detailOf(line.store, id);
    expect([job.status, job.current_retries]).toEqual(['locked', 0]);
    expect(executions).toMatchObject([{ status: 'running', result: null, error: null }]);
    expect(await dump(line.store, [untouched])).toEqual(before);

    await line.clock.advance(120_000);
    const { released } = await line.store.claimJobs(claimRequest({ job_types: ['none'] }));
    expect(released).toMatchObject([{ job_id: id, job_status: 'waiting' }]);
    expect((await jobOf(line.store, id)).current_retries).toBe(1);
  });

  test('of success never becomes a failure, whichever call of the drain goes wrong', async () => {
    const methods = ['claimJobs', 'saveStep', 'heartbeat', 'recordExecutions'] as const;
    for (const method of methods) {
      for (const fault of ['down', 'answer lost'] as const) {
        for (const nth of [1, 2]) {
          const faults = onCalls(method, fault, nth);
          const line = await createLine(
            [
              demo(async ({ step }) => {
                await step('a', () => 1);
                await step(
                  'b',
                  () => new Promise((done) => line.clock.after(16_000, () => done(2))),
                );
                return 'fine';
              }),
            ],
            { faults },
          );
          const id = await line.create();
          await line.create();
          const { outcomes } = await line.drain({}, 500);
          const { executions, job } = await detailOf(line.store, id);
          expect([method, fault, nth, outcomes, job.status, executions.length]).toEqual([
            method,
            fault,
            nth,
            { success: 2 },
            'success',
            1,
          ]);
        }
      }
    }
  });
});

test('a step whose answer was lost is not done twice', async () => {
  let ran = 0;
  const line = await createLine([demo(({ step }) => step('s', () => ++ran))], {
    faults: onCalls('saveStep', 'answer lost', 1, 2, 3),
  });
  expect((await line.runOne()).result).toBe(1);
  expect(ran).toBe(1);
});
