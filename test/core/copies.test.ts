// What code is given of its job are copies: changing them changes nothing of the runner's.
import { describe, expect, test } from '@jest/globals';
import type { JobContext } from '../../src/index.ts';
import { detailOf } from '../support/store.ts';
import { createLine, demo } from './line.ts';

const change = (ctx: JobContext): void => {
  Object.assign(ctx.job, {
    job_id: 'another',
    max_retries: 99,
    current_retries: -5,
    retry_delay_seconds: 9999,
    retry_backoff: 'fixed',
  });
  Object.assign(ctx.fence, { job_id: 'another', execution_id: 'another', lock_epoch: 77 });
};

const runChanged = async (run: (ctx: JobContext) => unknown, job: object) => {
  const line = await createLine([
    demo(async (ctx) => {
      change(ctx);
      return run(ctx);
    }),
  ]);
  const { status, job_status, retry_in_seconds, job_id } = await line.runOne(job);
  return { status, job_status, retry_in_seconds, ...(await detailOf(line.store, job_id)) };
};

const broken = () => {
  throw new Error('no');
};

describe('code that changes its ctx.job and ctx.fence', () => {
  test('gets no retry more', async () => {
    const { job_status, job } = await runChanged(broken, { max_retries: 0 });
    expect(job_status).toBe('failed');
    expect(job).toMatchObject({ status: 'failed', max_retries: 0, current_retries: 0 });
  });

  test('waits as long for its retry as was asked for', async () => {
    const { job, ...ended } = await runChanged(broken, { max_retries: 2, retry_delay_seconds: 40 });
    expect(ended).toMatchObject({ status: 'failed', job_status: 'waiting' });
    expect(ended.retry_in_seconds).toBeLessThanOrEqual(60);
    expect(job.current_retries).toBe(1);
  });

  test('still writes behind its own fence, and is recorded', async () => {
    const { status, job, steps, executions } = await runChanged(async ({ step, progress }) => {
      await progress(50, 'half');
      return step('one', () => 1);
    }, {});
    expect(status).toBe('success');
    expect(job.status).toBe('success');
    expect(steps).toMatchObject([{ name: 'one', status: 'success', lock_epoch: 1 }]);
    expect(executions).toMatchObject([{ status: 'success', result: 1 }]);
  });
});
