// The shapes of jobs in answers: each has the type that the client knows it by.
import * as z from 'zod';
import { executionStatuses, jobStatuses } from '../../core/job.ts';
import type { Json } from '../../core/json.ts';
import type {
  CreatedAnswer,
  EventAnswer,
  ExecutionAnswer,
  HealthAnswer,
  JobAnswer,
  JobDetailAnswer,
  JobListAnswer,
  JobTypeAnswer,
  JobTypeListAnswer,
  ProblemAnswer,
  StepAnswer,
} from '../wire/answers.ts';

export const time = z.iso.datetime();
export const text = z.string();
export const number = z.number();
export const whole = z.int();
/** anything that JSON can say */
export const json: z.ZodType<Json> = z.unknown() as unknown as z.ZodType<Json>;
const backoff = z.enum(['exponential', 'fixed']);

const jobFields = {
  job_id: text,
  name: text,
  job_type: text,
  config: json,
  description: text.nullable(),
  priority: whole,
  max_retries: whole,
  retry_delay_seconds: number,
  retry_backoff: backoff,
  timeout_seconds: number.nullable(),
  unique_key: text.nullable(),
  schedule_id: text.nullable(),
  actor: text.nullable(),
  source_ip: text.nullable(),
  metadata: json,
  created_at: time,
  status: z.enum(jobStatuses),
  run_at: time,
  current_retries: whole,
  updated_at: time,
  finished_at: time.nullable(),
  lock_epoch: whole,
  locked_at: time.nullable(),
  locked_by: text.nullable(),
  lock_expires_at: time.nullable(),
  last_execution: time.nullable(),
  progress: z.object({ percent: number, message: text.nullable() }).nullable(),
  cancel_requested_at: time.nullable(),
};

export const Job: z.ZodType<JobAnswer> = z.object(jobFields);

export const Execution: z.ZodType<ExecutionAnswer> = z.object({
  execution_id: text,
  job_id: text,
  lock_epoch: whole,
  status: z.enum(executionStatuses),
  started_at: time,
  finished_at: time.nullable(),
  duration_seconds: number.nullable(),
  result: json,
  error_message: text.nullable(),
  error: z.object({ name: text, message: text, stack: text.nullable() }).nullable(),
  instance_id: text,
  trigger: text,
});

export const Step: z.ZodType<StepAnswer> = z.object({
  job_id: text,
  name: text,
  step_order: whole,
  status: z.enum(['pending', 'running', 'success', 'failed']),
  started_at: time.nullable(),
  finished_at: time.nullable(),
  detail: text.nullable(),
  output: json,
  lock_epoch: whole,
});

export const Event: z.ZodType<EventAnswer> = z.object({
  event_id: whole,
  job_id: text,
  execution_id: text.nullable(),
  at: time,
  kind: z.enum(['status', 'step', 'progress', 'log']),
  data: json,
});

export const JobDetail: z.ZodType<JobDetailAnswer> = z.object({
  ...jobFields,
  current_step: text.nullable(),
  steps: z.array(Step),
  executions: z.array(Execution),
  depends_on: z.array(z.object({ job_id: text, name: text, status: z.enum(jobStatuses) })),
  schedule: z.object({ schedule_id: text, name: text, slot_at: time.nullable() }).nullable(),
});

export const JobList: z.ZodType<JobListAnswer> = z.object({
  jobs: z.array(Job),
  next: text.nullable(),
});

export const Created: z.ZodType<CreatedAnswer> = z.object({
  job_id: text,
  status: z.enum(jobStatuses),
  created: z.boolean(),
  poll_url: text,
  sse_url: text,
});

const JobType: z.ZodType<JobTypeAnswer> = z.object({
  job_type: text,
  config_schema: json,
  max_retries: whole,
  retry_delay_seconds: number,
  retry_backoff: backoff,
  timeout_seconds: number,
});

export const JobTypeList: z.ZodType<JobTypeListAnswer> = z.object({ job_types: z.array(JobType) });

export const Problem: z.ZodType<ProblemAnswer> = z.object({
  type: text,
  title: text,
  status: whole,
  detail: text,
  code: text,
  errors: z.array(z.object({ path: text, message: text })).exactOptional(),
  request_id: text.exactOptional(),
});

export const Health: z.ZodType<HealthAnswer> = z.object({
  status: z.enum(['ok', 'unavailable']),
  store: z.enum(['sqlite', 'postgres', 'supabase']),
  schema_version: whole.nullable(),
  code: text.exactOptional(),
});
