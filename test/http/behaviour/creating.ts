// Jobs as they are created: whole, or by the config of their type alone.
import { expect } from '@jest/globals';
import type { CreatedAnswer } from '../../../src/http/wire/answers.ts';
import type { Behaviours } from '../behaviour.ts';
import { LATER, type Stage } from './stage.ts';

const whole = async ({ post, show, host }: Stage) => {
  const asked = {
    name: 'clean up',
    job_type: 'maintenance',
    config: { cleanup_days: 2 },
    description: 'what was left, “and more”',
    priority: 'high',
    run_at: '2099-01-01T01:00:00+01:00',
    max_retries: 1,
    retry_delay_seconds: 5,
    retry_backoff: 'fixed',
    timeout_seconds: 60,
    metadata: { session_id: 's-1' },
  };
  const { status, json, headers } = await post<CreatedAnswer>('/api/v1/jobs', asked);
  const poll_url = `/api/v1/jobs/${json.job_id}`;
  expect({ status, json }).toEqual({
    status: 201,
    json: {
      job_id: expect.any(String),
      status: 'waiting',
      created: true,
      poll_url,
      sse_url: `${poll_url}/stream`,
    },
  });
  expect(headers.get('location')).toBe(poll_url);
  expect(await show(json.job_id)).toMatchObject({
    ...asked,
    priority: 10,
    run_at: '2099-01-01T00:00:00.000Z',
    actor: 'ops',
    source_ip: host.source_ip,
  });
};

const byType = async ({ post, show }: Stage) => {
  const first = await post<CreatedAnswer>(
    `/api/v1/jobs/maintenance?run_at=${LATER}&priority=low&max_retries=0&description=a%20b%26c`,
    { vacuum: true },
  );
  expect(first.status).toBe(201);
  expect(await show(first.json.job_id)).toMatchObject({
    name: 'maintenance',
    job_type: 'maintenance',
    config: { vacuum: true },
    priority: -10,
    max_retries: 0,
    description: 'a b&c',
  });
  const [one, two] = [first.json.job_id, 'dep:2'];
  await post(`/api/v1/jobs/maintenance?run_at=${LATER}&job_id=${two}`);
  const waits = await post<CreatedAnswer>(
    `/api/v1/jobs/maintenance?name=third&depends_on=${one}&depends_on=${two}`,
    {},
  );
  expect(waits.json.status).toBe('blocked');
  const { name, depends_on } = await show(waits.json.job_id);
  expect(name).toBe('third');
  expect(depends_on.map(({ job_id }) => job_id).toSorted()).toEqual([one, two].toSorted());
};

const defaults = async ({ post, show }: Stage) => {
  const { json } = await post<CreatedAnswer>('/api/v1/jobs', {
    name: 'plain',
    job_type: 'maintenance',
  });
  const job = await show(json.job_id);
  expect(job).toMatchObject({
    status: 'waiting',
    priority: 0,
    max_retries: 3,
    retry_delay_seconds: 30,
    retry_backoff: 'exponential',
    unique_key: null,
    progress: null,
    current_step: null,
    steps: [],
    executions: [],
    depends_on: [],
    schedule: null,
  });
  expect(Math.abs(Date.parse(job.run_at) - Date.now())).toBeLessThan(60_000);
};

const uniqueKey = async ({ post, create }: Stage) => {
  const unique_key = 'one at a time';
  const first = await create({ unique_key });
  const asked = { name: 'other', job_type: 'maintenance', unique_key };
  const second = await post<CreatedAnswer>('/api/v1/jobs', asked);
  expect(second.status).toBe(200);
  expect(second.json).toMatchObject({ job_id: first.job_id, created: false });
  await post(`${first.poll_url}/cancel`);
  const third = await post<CreatedAnswer>('/api/v1/jobs', { ...asked, run_at: LATER });
  expect(third.status).toBe(201);
  expect(third.json.job_id).not.toBe(first.job_id);
};

const ownId = async ({ post, create, show }: Stage) => {
  await create({ job_id: 'order-7', name: 'first' });
  const asked = { name: 'again', job_type: 'maintenance', job_id: 'order-7' };
  const { status, json } = await post<CreatedAnswer>('/api/v1/jobs', asked);
  expect({ status, json }).toMatchObject({
    status: 200,
    json: { job_id: 'order-7', created: false, poll_url: '/api/v1/jobs/order-7' },
  });
  expect((await show('order-7')).name).toBe('first');
};

export const creating: Behaviours = {
  'creates a job with all that is asked, and who asked from where': whole,
  'creates a job from the config of its type, and parameters': byType,
  'fills in what nobody asked for': defaults,
  'creates one job of a unique key, and answers it as long as it is unfinished': uniqueKey,
  'creates a job of an id once': ownId,
};
