// Creating jobs: described whole, or by the config of their type alone.
import * as z from 'zod';
import type { JobInput } from '../../core/create.ts';
import { isObject } from '../../core/json.ts';
import { show } from '../../core/rules.ts';
import type { CreatedJob } from '../../core/store.ts';
import { InputError } from '../../errors.ts';
import { keyReused } from '../idempotency.ts';
import { answer, type Call, route } from '../route.ts';
import type { CreatedAnswer } from '../wire/answers.ts';

/** Of these the key and the address are asked, not the caller. */
const ours = ['actor', 'source_ip'];

const refuseOurs = (given: Record<string, unknown>): void => {
  const problems = ours
    .filter((path) => path in given)
    .map((path) => ({ path, message: 'cannot be given; it is taken from the request' }));
  if (problems.length > 0) throw new InputError(problems, 'Job refused');
};

const paths = (base: string, job_id: string) => {
  const poll_url = `${base}/jobs/${encodeURIComponent(job_id)}`;
  return { poll_url, sse_url: `${poll_url}/stream` };
};

/** With its paths; 201 also when a request is repeated that created it. */
export const createdAnswer = (base: string, created: CreatedJob, repeated: boolean): Response => {
  const { poll_url, sse_url } = paths(base, created.job_id);
  const body: CreatedAnswer = { ...created, poll_url, sse_url };
  return answer(body, created.created || repeated ? 201 : 200, {
    location: poll_url,
    ...(repeated && { 'idempotency-replayed': 'true' }),
  });
};

/**
 * Whether the job that was there already is the one that this very request made before. One of the
 * caller's own job_id may have been made under another key, or without any: then it is just there.
 */
const isRepeated = async (
  { deps, idempotency, newId }: Call<unknown>,
  given: string | undefined,
  { created, job_id }: CreatedJob,
): Promise<boolean> => {
  if (idempotency === null || created || job_id !== (given ?? newId())) return false;
  const detail = await deps.runner.store.getJob(job_id);
  const mark = isObject(detail?.job.metadata) ? detail.job.metadata.idempotency : null;
  if (!isObject(mark) || mark.key !== idempotency.key) return false;
  if (mark.request === idempotency.request) return true;
  throw keyReused(idempotency);
};

const create = async (call: Call<unknown>, given: Record<string, unknown>): Promise<Response> => {
  refuseOurs(given);
  const { deps, caller, idempotency, newId, base } = call;
  const { metadata = {}, job_id } = given;
  const { actor, source_ip } = caller;
  const input = {
    ...given,
    ...(actor !== null && { actor }),
    ...(source_ip !== null && { source_ip }),
    // What is no object is refused with the rest.
    ...(idempotency !== null && {
      job_id: job_id ?? newId(),
      metadata: isObject(metadata) ? { ...metadata, idempotency } : metadata,
    }),
  };
  const created = await deps.runner.create(input as unknown as JobInput);
  const chosen = typeof job_id === 'string' ? job_id : undefined;
  return createdAnswer(base, created, await isRepeated(call, chosen, created));
};

const answers = {
  201: { description: 'It is created', schema: 'Created' },
  200: {
    description: 'A job with this id, or an unfinished one with this unique key, was there already',
    schema: 'Created',
  },
} as const;

const REPEATABLE = 'With an `Idempotency-Key` it is created once, however often it is sent.';

export const createJob = route({
  method: 'POST',
  path: '/jobs',
  operation: 'createJob',
  summary: 'Creates a job',
  description: REPEATABLE,
  scope: 'write',
  body: 'JobInput',
  answers,
  run: async (call) => {
    if (isObject(call.body)) return create(call, call.body);
    const given = call.body === undefined ? 'is missing' : `${show(call.body)} cannot be used`;
    const message = `${given}; expected an object with name, job_type and config`;
    throw new InputError([{ path: 'body', message }], 'Job refused');
  },
});

const numeric = ['max_retries', 'retry_delay_seconds', 'timeout_seconds', 'priority'];

/** Parameters are texts: what a job has as a number or a list becomes one. */
const asField = ([name, value]: [string, unknown]): [string, unknown] => {
  if (name === 'depends_on') return [name, [value].flat()];
  if (!numeric.includes(name) || typeof value !== 'string') return [name, value];
  return [name, /^-?\d+(\.\d+)?$/.test(value) ? Number(value) : value];
};

/** Checked with the rest of the job; so that a fault is told in the same words. */
const fields = z.lazy(() => z.record(z.string(), z.unknown()));

/** What else a job has than its type and its config. */
export const jobParameters = [
  'name',
  'job_id',
  'description',
  'priority',
  'run_at',
  'max_retries',
  'retry_delay_seconds',
  'retry_backoff',
  'timeout_seconds',
  'unique_key',
  'depends_on',
] as const satisfies (keyof JobInput)[];

const refuseUnknown = (query: Record<string, unknown>): void => {
  const known: readonly string[] = jobParameters;
  const problems = Object.keys(query)
    .filter((path) => !known.includes(path))
    .map((path) => ({ path, message: `is no parameter; expected only ${known.join(', ')}` }));
  if (problems.length > 0) throw new InputError(problems, 'Parameters refused');
};

export const createJobOf = route<Record<string, unknown>>({
  method: 'POST',
  path: '/jobs/{job_type}',
  operation: 'createJobOf',
  summary: 'Creates a job of this type: the body is its config',
  description: `${REPEATABLE} Its name is that of the type unless a parameter says another.`,
  scope: 'write',
  query: fields,
  body: 'Config',
  answers,
  run: async (call) => {
    const { query, body, params } = call;
    refuseUnknown(query);
    const { job_type } = params;
    const given = Object.fromEntries(Object.entries(query).map(asField));
    const config = body === undefined ? {} : { config: body };
    return create(call, { name: job_type, ...given, job_type, ...config });
  },
});
