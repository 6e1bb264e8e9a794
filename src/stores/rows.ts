// Row ↔ domain, shared by the stores: columns carry the names of the domain, so a row is checked and
// its times become Dates; nothing is renamed. JSON columns arrive already parsed.
import * as z from 'zod';
import {
  type Execution,
  executionStatuses,
  type Job,
  type JobEvent,
  type JobStatus,
  jobStatuses,
  type Pick,
  type Step,
} from '../core/job.ts';
import type { Json } from '../core/json.ts';
import type { Paper } from '../core/paper.ts';
import type { Stats } from '../core/upkeep.ts';

// East of Greenwich the last hours of 9999 are told as those of the year 10000.
const known = (value: unknown) =>
  typeof value === 'string' ? value.replace(/^(\d{5})-/, '+0$1-') : value;
export const instant = z.preprocess(known, z.coerce.date());
export const maybeInstant = instant.nullable();
export const text = z.string();
export const maybeText = text.nullable();
export const json = z.custom<Json>(() => true).transform((value) => value ?? null);

const jobRow = z.object({
  job_id: text,
  name: text,
  job_type: text,
  config: json,
  description: maybeText,
  status: z.enum(jobStatuses),
  priority: z.number(),
  run_at: instant,
  max_retries: z.number(),
  current_retries: z.number(),
  retry_delay_seconds: z.number(),
  retry_backoff: z.enum(['exponential', 'fixed']),
  timeout_seconds: z.number().nullable(),
  lock_epoch: z.number(),
  locked_at: maybeInstant,
  locked_by: maybeText,
  lock_expires_at: maybeInstant,
  unique_key: maybeText,
  schedule_id: maybeText,
  actor: maybeText,
  source_ip: maybeText,
  metadata: json,
  progress: z.object({ percent: z.number(), message: maybeText }).nullable(),
  cancel_requested_at: maybeInstant,
  created_at: instant,
  updated_at: instant,
  last_execution: maybeInstant,
  finished_at: maybeInstant,
});

const executionRow = z.object({
  execution_id: text,
  job_id: text,
  lock_epoch: z.number(),
  status: z.enum(executionStatuses),
  started_at: instant,
  finished_at: maybeInstant,
  duration_seconds: z.number().nullable(),
  result: json,
  error_message: maybeText,
  error: z.object({ name: text, message: text, stack: maybeText }).nullable(),
  instance_id: text,
  trigger: text,
});

const stepRow = z.object({
  job_id: text,
  name: text,
  step_order: z.number(),
  status: z.enum(['pending', 'running', 'success', 'failed']),
  started_at: maybeInstant,
  finished_at: maybeInstant,
  detail: maybeText,
  output: json,
  lock_epoch: z.number(),
});

const eventRow = z.object({
  event_id: z.number(),
  job_id: text,
  execution_id: maybeText,
  at: instant,
  kind: z.enum(['status', 'step', 'progress', 'log']),
  data: json,
});

const paperRow = z.object({
  arxiv_id: text,
  version: z.number(),
  title: text,
  abstract: text,
  authors: z.array(text),
  primary_category: maybeText,
  categories: z.array(text),
  published_at: instant,
  updated_at: instant,
  comment: maybeText,
  journal_ref: maybeText,
  doi: maybeText,
  abstract_url: text,
  pdf_url: maybeText,
  withdrawn: z.coerce.boolean(),
});

export const toJob = (row: unknown): Job => jobRow.parse(row);
export const toExecution = (row: unknown): Execution => executionRow.parse(row);
export const toStep = (row: unknown): Step => stepRow.parse(row);
export const toEvent = (row: unknown): JobEvent => eventRow.parse(row);
export const toPaper = (row: unknown): Paper => paperRow.parse(row);

/** A locked job with the execution that was opened for it. Throws when the row has no lock. */
export const toPick = (row: unknown, execution_id: string): Pick => {
  const job = toJob(row);
  const { job_id, lock_epoch, locked_at, lock_expires_at } = job;
  if (locked_at === null || lock_expires_at === null) throw new Error(`job ${job_id} has no lock`);
  const fence = { job_id, execution_id, lock_epoch };
  return { job, fence, started_at: locked_at, lock_expires_at };
};

/** Counts per status, every status named. */
export const countStatuses = (types: Stats['types']): Record<JobStatus, number> => {
  const jobs = Object.fromEntries(jobStatuses.map((status) => [status, 0]));
  for (const { status, count } of types) jobs[status] = (jobs[status] ?? 0) + count;
  return jobs as Record<JobStatus, number>;
};
