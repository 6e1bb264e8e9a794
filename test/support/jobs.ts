// Valid rows and requests; a test overrides the field it is about.
import { randomUUID } from 'node:crypto';
import type { Claim, ClaimRequest } from '../../src/core/claim.ts';
import type { Pick } from '../../src/core/job.ts';
import type { ExecutionRecord, NewJob } from '../../src/core/store.ts';

export const newJob = (overrides: Partial<NewJob> = {}): NewJob => ({
  job_id: randomUUID(),
  name: 'a job',
  job_type: 'demo',
  config: {},
  description: null,
  priority: 0,
  run_at: null,
  max_retries: 3,
  retry_delay_seconds: 30,
  retry_backoff: 'exponential',
  timeout_seconds: null,
  unique_key: null,
  actor: null,
  source_ip: null,
  metadata: {},
  depends_on: [],
  ...overrides,
});

/** `count` new execution ids. */
export const executionIds = (count: number): string[] =>
  Array.from({ length: count }, () => randomUUID());

/** Asks for one job of type `demo` for a minute. */
export const claimRequest = (overrides: Partial<ClaimRequest> = {}): ClaimRequest => ({
  instance_id: 'instance-a',
  job_types: ['demo'],
  execution_ids: executionIds(1),
  lock_seconds: 60,
  trigger: 'test',
  ...overrides,
});

/** The answer when there is nothing to do, now or later. */
export const emptyClaim: Claim = {
  picks: [],
  released: [],
  next_due_seconds: null,
  too_long: [],
  slots: [],
  more_slots: false,
  to_plan: [],
};

/** The execution of `pick` ends as a success. */
export const succeeded = (
  pick: Pick,
  overrides: Partial<ExecutionRecord> = {},
): ExecutionRecord => ({
  fence: pick.fence,
  status: 'success',
  job_status: 'success',
  delay_seconds: 0,
  retry_used: false,
  stretch_seconds: null,
  result: null,
  error: null,
  logs: [],
  alert: null,
  ...overrides,
});

const fault = { name: 'Error', message: 'it broke', stack: null };

/** The execution of `pick` fails and no retry is left. */
export const failed = (pick: Pick, overrides: Partial<ExecutionRecord> = {}): ExecutionRecord =>
  succeeded(pick, { status: 'failed', job_status: 'failed', error: fault, ...overrides });

/** The execution of `pick` fails, uses a retry, and its job waits for `delay_seconds`. */
export const retried = (pick: Pick, delay_seconds = 0): ExecutionRecord =>
  failed(pick, { job_status: 'waiting', retry_used: true, delay_seconds });

/** The execution of `pick` stopped early without fault; its job goes on later. */
export const yielded = (pick: Pick): ExecutionRecord =>
  succeeded(pick, { status: 'yielded', job_status: 'waiting' });
