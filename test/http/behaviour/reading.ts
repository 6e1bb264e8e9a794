// Jobs as they are read: page by page, and whole with all that came of them.
import { expect } from '@jest/globals';
import type {
  CreatedAnswer,
  JobListAnswer,
  JobTypeListAnswer,
} from '../../../src/http/wire/answers.ts';
import type { Behaviours } from '../behaviour.ts';
import type { Answered, Stage } from './stage.ts';
import { work } from './work.ts';

const pages = async ({ ask, create }: Stage) => {
  const made: CreatedAnswer[] = [];
  for (let count = 0; count < 5; count += 1) made.push(await create());
  const wanted = made.map(({ job_id }) => job_id).toReversed();
  const found: string[] = [];
  let path: string | null = '/api/v1/jobs?status=waiting&job_type=maintenance&limit=2';
  for (let page = 0; path !== null && page < 3; page += 1) {
    const { json }: Answered<JobListAnswer> = await ask(path);
    expect(json.jobs).toHaveLength(2);
    found.push(...json.jobs.map(({ job_id }) => job_id));
    path = json.next;
    expect(path).toMatch(/^\/api\/v1\/jobs\?.*status=waiting&job_type=maintenance&limit=2&before=/);
  }
  expect(found.slice(0, 5)).toEqual(wanted);
};

const lastPage = async ({ ask }: Stage) => {
  const { json } = await ask<JobListAnswer>('/api/v1/jobs?limit=500');
  expect(json.next).toBeNull();
  const last = json.jobs.at(-1)!;
  const after = await ask<JobListAnswer>(`/api/v1/jobs?before=${encodeURIComponent(last.job_id)}`);
  expect(after.json).toEqual({ jobs: [], next: null });
};

const filters = async ({ ask, create, post }: Stage) => {
  const { job_id, poll_url } = await create({ name: 'filtered' });
  await post(`${poll_url}/disable`);
  const idsOf = async (query: string) => {
    const { json } = await ask<JobListAnswer>(`/api/v1/jobs?limit=500&${query}`);
    return json.jobs.map((job) => job.job_id);
  };
  expect(await idsOf('status=disabled')).toContain(job_id);
  expect(await idsOf('status=waiting')).not.toContain(job_id);
  expect(await idsOf('job_type=maintenance')).toContain(job_id);
  expect(await idsOf('job_type=paper_fetch')).toEqual([]);
};

const whole = async ({ create, show, drain }: Stage) => {
  const { job_id } = await create({ run_at: undefined });
  await drain(work);
  const job = await show(job_id);
  expect(job).toMatchObject({
    status: 'success',
    progress: { percent: 50, message: 'half of it' },
    current_step: null,
    steps: [
      { name: 'first', step_order: 0, status: 'success', output: 'one' },
      { name: 'second', step_order: 1, status: 'success', output: { of: 2 } },
    ],
    executions: [
      { status: 'success', result: { first: 'one', second: { of: 2 } }, instance_id: 'worker' },
    ],
  });
  expect(job.finished_at).toMatch(/^\d{4}-\d\d-\d\dT[\d:.]+Z$/);
};

const failed = async ({ create, show, drain }: Stage) => {
  const { job_id } = await create({ name: 'fails', run_at: undefined, max_retries: 0 });
  await drain(work);
  expect(await show(job_id)).toMatchObject({
    status: 'failed',
    executions: [{ status: 'failed', error_message: 'it broke', error: { name: 'Error' } }],
  });
};

const running = async ({ create, show, drain }: Stage) => {
  const { job_id } = await create({ run_at: undefined });
  await drain((ctx) =>
    ctx.step('looked at', async () => {
      expect(await show(job_id)).toMatchObject({
        status: 'locked',
        locked_by: 'worker',
        current_step: 'looked at',
        executions: [{ status: 'running', finished_at: null }],
      });
    }),
  );
  expect((await show(job_id)).status).toBe('success');
};

const types = async ({ ask }: Stage) => {
  const { json } = await ask<JobTypeListAnswer>('/api/v1/job-types');
  const names = json.job_types.map(({ job_type }) => job_type);
  expect(names).toEqual(names.toSorted());
  expect(names).toEqual(expect.arrayContaining(['custom', 'http_request', 'maintenance']));
  expect(json.job_types.find(({ job_type }) => job_type === 'maintenance')).toMatchObject({
    config_schema: { properties: { cleanup_days: { type: 'number', minimum: 0, default: 30 } } },
    timeout_seconds: expect.any(Number),
  });
};

const unknown = async ({ ask }: Stage) => {
  const { status, json } = await ask('/api/v1/jobs/no-such-job');
  expect(status).toBe(404);
  expect(json).toMatchObject({ title: 'Not Found', status: 404, code: 'not_found' });
  expect(json.detail).toContain('no-such-job');
};

export const reading: Behaviours = {
  'lists jobs page by page, newest first, with the path of the next page': pages,
  'ends the list with a page that names no next one': lastPage,
  'lists jobs of one status, or of one type': filters,
  'shows a job with the steps, progress and results of its executions': whole,
  'shows why a job failed': failed,
  'shows the step that runs now': running,
  'lists the job types it has code for, with the shape of their configs': types,
  'answers 404 for a job that is not there': unknown,
};
