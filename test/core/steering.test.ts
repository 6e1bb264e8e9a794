// Code that steers its own end: RetryLater, Discard, and those of another copy of the package.
import { describe, expect, test } from '@jest/globals';
import { Discard, RetryLater } from '../../src/index.ts';
import { detailOf, jobOf } from '../support/store.ts';
import { createLine, demo } from './line.ts';

const throws = async (thrown: unknown) => {
  const line = await createLine([
    demo(() => {
      throw thrown;
    }),
  ]);
  const summary = await line.runOne();
  return { line, ...summary, job: await jobOf(line.store, summary.job_id) };
};

/** What another copy of this package throws: no class of ours, the same shared symbol. */
const STEER = Symbol.for('cloud-jobs.steer');
const foreignRetryLater = Object.assign(new Error('busy'), {
  [STEER]: 'retry_later',
  delaySeconds: 45,
});
const foreignDiscard = Object.assign(new Error('no such paper'), { [STEER]: 'discard' });

describe('RetryLater', () => {
  test('lets the job wait that long, uses no retry, and keeps the reason', async () => {
    const { line, job, ...summary } = await throws(new RetryLater(90, 'the shop is closed'));
    expect(summary).toMatchObject({
      status: 'yielded',
      job_status: 'waiting',
      retry_in_seconds: 90,
      error_message: 'the shop is closed',
    });
    expect(job).toMatchObject({ status: 'waiting', current_retries: 0 });
    expect((await line.start()).next_due_seconds).toBe(90);
  });

  test('goes on from the saved steps, as often as it likes', async () => {
    let calls = 0;
    const line = await createLine([
      demo(async ({ step, fence }) => {
        await step('once', () => {
          calls += 1;
        });
        if (fence.lock_epoch < 10) throw new RetryLater(5);
        return 'done';
      }),
    ]);
    const id = await line.create({ max_retries: 0 });
    for (let i = 0; i < 10; i += 1) {
      await line.drain();
      await line.clock.advance(5000);
    }
    expect(calls).toBe(1);
    const { job, executions } = await detailOf(line.store, id);
    expect(job).toMatchObject({ status: 'success', current_retries: 0 });
    expect(executions).toHaveLength(10);
  });

  test('of no delay waits a second, so that one drain is not kept busy by one job', async () => {
    const { line, retry_in_seconds } = await throws(new RetryLater(0));
    expect(retry_in_seconds).toBe(1);
    expect(line.called()).toEqual(['claimJobs', 'recordExecutions']);
  });

  test.each<[string, unknown]>([
    ['a negative one', -1],
    ['NaN', Number.NaN],
    ['Infinity', Number.POSITIVE_INFINITY],
    ['a text', '30'],
    ['undefined', undefined],
  ])('with a delay that is %s is a failure that says so', async (_, delay) => {
    const { status, job_status, error_message } = await throws(new RetryLater(delay as number));
    expect([status, job_status]).toEqual(['failed', 'waiting']);
    const shown = typeof delay === 'string' ? `"${delay}"` : String(delay);
    expect(error_message).toContain(
      `RetryLater was given ${shown}; expected a number of seconds from 0 to 31536000`,
    );
  });

  test('with a delay that cannot even be printed is a failure too', async () => {
    const { status } = await throws(new RetryLater(Symbol('soon') as never));
    expect(status).toBe('failed');
  });

  test.each([
    ['beyond the year 9999', 1e12],
    ['beyond all dates', 1e300],
  ])('with a delay %s does not make the job due at once, nor break the drain', async (_, delay) => {
    const line = await createLine([
      demo(() => {
        throw new RetryLater(delay);
      }),
    ]);
    const { job_id, job_status } = await line.runOne();
    expect(job_status).not.toBeNull();
    const { status, run_at } = await jobOf(line.store, job_id);
    expect(status).not.toBe('locked');
    expect(run_at.getUTCFullYear()).toBeLessThanOrEqual(9999);
    expect((await line.drain()).picked).toBe(0);
  });

  test('of another copy of the package is understood', async () => {
    expect(await throws(foreignRetryLater)).toMatchObject({
      status: 'yielded',
      job_status: 'waiting',
      retry_in_seconds: 45,
      error_message: 'busy',
    });
  });
});

describe('Discard', () => {
  test.each([
    ['ends the job as failed at once', new Discard('no such paper')],
    ['of another copy of the package is understood', foreignDiscard],
  ])('%s', async (_, thrown) => {
    const { status, job_status, error_message, job } = await throws(thrown);
    expect([status, job_status, error_message]).toEqual(['failed', 'failed', 'no such paper']);
    expect(job).toMatchObject({ status: 'failed', current_retries: 0 });
    expect(job.finished_at).not.toBeNull();
  });
});
