// Jobs: list, look at, delete.
import * as z from 'zod';
import { type Job, jobStatuses } from '../../core/job.ts';
import { wordRule } from '../../core/rules.ts';
import type { JobDetail } from '../../core/store.ts';
import { InputError, NotFoundError } from '../../errors.ts';
import { textIn, wholeIn } from '../query.ts';
import { answer, type Call, noContent, route } from '../route.ts';
import type { JobDetailAnswer, JobListAnswer } from '../wire/answers.ts';

const filter = z.lazy(() =>
  z.strictObject({
    status: wordRule(jobStatuses).optional(),
    job_type: textIn(100).optional(),
    limit: wholeIn(1, 500).optional(),
    before: textIn(200).optional(),
  }),
);

const nextOf = ({ base, query }: Call<z.output<typeof filter>>, last: Job): string => {
  const wanted = Object.entries({ ...query, before: last.job_id });
  const given = wanted.flatMap(([name, value]) =>
    value === undefined ? [] : [[name, `${value}`]],
  );
  return `${base}/jobs?${new URLSearchParams(given as [string, string][])}`;
};

export const listJobs = route<z.output<typeof filter>>({
  method: 'GET',
  path: '/jobs',
  operation: 'listJobs',
  summary: 'Lists jobs, newest first',
  scope: 'read',
  query: filter,
  answers: {
    200: { description: 'A page of jobs, and the path of the next one', schema: 'JobList' },
  },
  run: async (call) => {
    const { limit = 50, status, job_type, before } = call.query;
    const wanted = {
      ...(status !== undefined && { status }),
      ...(job_type !== undefined && { job_type }),
      ...(before !== undefined && { before }),
    };
    const { store } = call.deps.runner;
    // One more than is wanted tells whether there are more.
    const found = await store.listJobs({ ...wanted, limit: limit + 1 });
    if (found.length === 0 && before !== undefined && (await store.getJob(before)) === null) {
      const message = `there is no job ${JSON.stringify(before)} any more; begin again without it`;
      throw new InputError([{ path: 'before', message }], 'Parameters refused');
    }
    const jobs = found.slice(0, limit);
    const last = jobs.at(-1);
    const next = found.length > limit && last !== undefined ? nextOf(call, last) : null;
    return answer({ jobs, next } satisfies Record<keyof JobListAnswer, unknown>);
  },
});

const wholeJob = ({ job, ...more }: JobDetail): Record<keyof JobDetailAnswer, unknown> => {
  const running = more.steps.find(({ status }) => status === 'running');
  const current_step = job.status === 'locked' ? (running?.name ?? null) : null;
  return { ...job, current_step, ...more };
};

export const getJob = route({
  method: 'GET',
  path: '/jobs/{job_id}',
  operation: 'getJob',
  summary: 'Shows a job with its progress, steps and executions',
  scope: 'read',
  answers: { 200: { description: 'The job, whole', schema: 'JobDetail' } },
  run: async ({ deps, params: { job_id = '' } }) => {
    const detail = await deps.runner.store.getJob(job_id);
    if (detail === null) throw new NotFoundError('job', job_id);
    return answer(wholeJob(detail));
  },
});

export const deleteJob = route({
  method: 'DELETE',
  path: '/jobs/{job_id}',
  operation: 'deleteJob',
  summary: 'Deletes a job and all that belongs to it, unless it is running or needed by others',
  scope: 'write',
  answers: { 204: { description: 'It is gone' } },
  run: async ({ deps, params: { job_id = '' } }) => {
    await deps.runner.remove(job_id);
    return noContent();
  },
});
