// Every call of the API by its name.
import type { HealthAnswer } from '../http/wire/answers.ts';
import type { Call, Connection } from './connection.ts';
import { ApiError } from './error.ts';
import { eventsOf } from './events.ts';
import { BASE, jobPath, schedulePath } from './paths.ts';
import type { CallOptions, Client, JobsClient, SchedulesClient, WriteOptions } from './types.ts';
import { waitFor } from './wait.ts';

/** A UUID would do, but on a page without https there is no crypto.randomUUID. */
const newKey = (): string =>
  Array.from(crypto.getRandomValues(new Uint8Array(16)), (byte) =>
    byte.toString(16).padStart(2, '0'),
  ).join('');

/** Get, post and delete, each with the body of the answer. */
const verbsOf = ({ ask }: Connection) => ({
  get: <Answer>(path: string, { signal }: CallOptions = {}, query: Call['query'] = {}) =>
    ask<Answer>({ method: 'GET', path, query, signal }),
  post: <Answer>(path: string, options: WriteOptions = {}, body?: unknown) => {
    const { signal, idempotency_key = newKey() } = options;
    const headers = { 'idempotency-key': idempotency_key };
    return ask<Answer>({ method: 'POST', path, headers, body, signal });
  },
  remove: (path: string, { signal }: CallOptions = {}) =>
    ask<void>({ method: 'DELETE', path, signal }),
});

type Verbs = ReturnType<typeof verbsOf>;

const jobsOf = (connection: Connection, { get, post, remove }: Verbs): JobsClient => ({
  create: async (job, options) => post(`${BASE}/jobs`, options, job),
  createOf: async (job_type, config, job, options) =>
    post(`${BASE}/jobs`, options, { name: job_type, ...job, job_type, config }),
  list: async (query, options) => get(`${BASE}/jobs`, options, { ...query }),
  get: async (job_id, options) => get(jobPath(job_id), options),
  cancel: async (job_id, options) => post(`${jobPath(job_id)}/cancel`, options),
  retry: async (job_id, options) => post(`${jobPath(job_id)}/retry`, options),
  enable: async (job_id, options) => post(`${jobPath(job_id)}/enable`, options),
  disable: async (job_id, options) => post(`${jobPath(job_id)}/disable`, options),
  delete: async (job_id, options) => remove(jobPath(job_id), options),
  events: (job_id, options = {}) => eventsOf(connection, job_id, options),
  wait: (job_id, options = {}) => waitFor(connection, job_id, options),
});

const schedulesOf = ({ get, post, remove }: Verbs): SchedulesClient => ({
  list: async (query, options) => get(`${BASE}/schedules`, options, { ...query }),
  get: async (id_or_name, { slots, ...options } = {}) =>
    get(schedulePath(id_or_name), options, { slots }),
  create: async (schedule, options) => post(`${BASE}/schedules`, options, schedule),
  pause: async (id_or_name, options) => post(`${schedulePath(id_or_name)}/pause`, options),
  resume: async (id_or_name, options) => post(`${schedulePath(id_or_name)}/resume`, options),
  trigger: async (id_or_name, options) => post(`${schedulePath(id_or_name)}/trigger`, options),
  delete: async (id_or_name, options) => remove(schedulePath(id_or_name), options),
});

const healthOf = async ({ ask }: Connection, { signal }: CallOptions): Promise<HealthAnswer> => {
  const health = await ask<HealthAnswer | undefined>({
    method: 'GET',
    path: '/healthz',
    signal,
    sendings: 1,
    also: 503,
  });
  if (health?.status === 'ok' || health?.status === 'unavailable') return health;
  const message = 'GET /healthz was answered by something else than the API.';
  throw new ApiError(message, { status: 200, code: 'answer_invalid' });
};

export const callsOf = (connection: Connection): Client => {
  const verbs = verbsOf(connection);
  return {
    jobs: jobsOf(connection, verbs),
    job_types: { list: (options) => verbs.get(`${BASE}/job-types`, options) },
    schedules: schedulesOf(verbs),
    stats: (options) => verbs.get(`${BASE}/stats`, options),
    timeline: ({ hours, ...options } = {}) =>
      verbs.get(`${BASE}/stats/timeline`, options, { hours }),
    health: (options = {}) => healthOf(connection, options),
  };
};
