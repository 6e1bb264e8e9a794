// Jobs as people steer them: what their status allows, and what it does not.
import { expect } from '@jest/globals';
import type { JobAnswer } from '../../../src/http/wire/answers.ts';
import type { Behaviours } from '../behaviour.ts';
import type { Stage } from './stage.ts';
import { work } from './work.ts';

const moves = async ({ create, post }: Stage) => {
  const { job_id, poll_url } = await create();
  for (const [move, status] of [
    ['disable', 'disabled'],
    ['enable', 'waiting'],
    ['cancel', 'cancelled'],
    ['retry', 'waiting'],
  ]) {
    const moved = await post<JobAnswer>(`${poll_url}/${move}`);
    expect(moved).toMatchObject({ status: 200, json: { job_id, status } });
  }
};

const conflicts = async ({ create, post }: Stage) => {
  const { job_id, poll_url } = await create({ name: 'as it is' });
  for (const [move, allowed] of [
    ['retry', 'failed or cancelled'],
    ['enable', 'disabled'],
  ]) {
    const { status, json } = await post(`${poll_url}/${move}`);
    expect({ status, code: json.code }).toEqual({ status: 409, code: 'conflict' });
    expect(json.detail).toContain(
      `Job ${job_id} ("as it is") is waiting; only a job that is ${allowed}`,
    );
  }
};

const deletes = async ({ create, ask }: Stage) => {
  const { poll_url } = await create();
  const gone = await ask(poll_url, { method: 'DELETE' });
  expect([gone.status, gone.bytes.length]).toEqual([204, 0]);
  expect((await ask(poll_url)).status).toBe(404);
  expect((await ask(poll_url, { method: 'DELETE' })).status).toBe(404);
};

const needed = async ({ create, ask }: Stage) => {
  const { job_id, poll_url } = await create();
  const other = await create({ depends_on: [job_id] });
  const refused = await ask(poll_url, { method: 'DELETE' });
  expect(refused).toMatchObject({ status: 409, json: { code: 'conflict' } });
  expect(refused.json.detail).toContain('other jobs depend on it');
  expect((await ask(other.poll_url, { method: 'DELETE' })).status).toBe(204);
  expect((await ask(poll_url, { method: 'DELETE' })).status).toBe(204);
};

const again = async ({ create, post, drain, show }: Stage) => {
  const { job_id, poll_url } = await create({ name: 'fails', run_at: undefined, max_retries: 0 });
  await drain(work);
  expect(await post(`${poll_url}/retry`)).toMatchObject({ json: { status: 'waiting' } });
  await drain(() => 'well now');
  expect((await show(job_id)).executions.map(({ status }) => status)).toEqual([
    'failed',
    'success',
  ]);
};

const whileRunning = async ({ create, post, ask, drain, show }: Stage) => {
  const { job_id, poll_url } = await create({ run_at: undefined });
  const tally = await drain(async (ctx) => {
    expect((await ask(poll_url, { method: 'DELETE' })).status).toBe(409);
    const asked = await post<JobAnswer>(`${poll_url}/cancel`);
    expect(asked).toMatchObject({ status: 200, json: { status: 'locked' } });
    expect(asked.json.cancel_requested_at).not.toBeNull();
    // The worker hears of it with its next write.
    await ctx.progress(1);
    await new Promise((_, reject) => {
      ctx.signal.addEventListener('abort', () => reject(ctx.signal.reason));
      if (ctx.signal.aborted) reject(ctx.signal.reason);
    });
  });
  expect(tally.outcomes).toMatchObject({ cancelled: 1 });
  expect((await show(job_id)).status).toBe('cancelled');
};

const nobody = async ({ post, ask }: Stage) => {
  for (const move of ['cancel', 'retry', 'enable', 'disable']) {
    expect((await post(`/api/v1/jobs/no-such-job/${move}`)).status).toBe(404);
  }
  expect((await ask('/api/v1/jobs/no-such-job', { method: 'DELETE' })).status).toBe(404);
};

export const steering: Behaviours = {
  'disables, enables, cancels and retries a job': moves,
  'refuses a move that the status of a job does not allow, and says which do': conflicts,
  'deletes a job': deletes,
  'does not delete a job that others depend on': needed,
  'gives a failed job all its retries again': again,
  'asks a running job to stop, and does not delete it': whileRunning,
  'answers 404 for moves of a job that is not there': nobody,
};
