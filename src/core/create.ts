// From what a caller asks for to a job with every default filled in, every fault named at once.
import * as z from 'zod';
import { InputError } from '../errors.ts';
import { type AnyDefinition, acceptConfig, policyOf, type Registry } from './definition.ts';
import { JOB_ID, priorities, type RetryBackoff } from './job.ts';
import { toJson } from './json.ts';
import {
  backoff,
  delaySeconds,
  jobTypeRule,
  maxRetries,
  priorityRule,
  problemsOf,
  proseRule,
  rule,
  textRule,
  timeoutSeconds,
} from './rules.ts';
import type { NewJob } from './store.ts';

export interface JobInput {
  name: string;
  job_type: string;
  config?: unknown;
  /** chosen by the caller to make creation safe to repeat; a new UUID unless given */
  job_id?: string;
  description?: string;
  priority?: number | keyof typeof priorities;
  /** a Date, or ISO 8601 with a zone */
  run_at?: Date | string;
  max_retries?: number;
  retry_delay_seconds?: number;
  retry_backoff?: RetryBackoff;
  timeout_seconds?: number;
  /** at most one unfinished job has a given key; creating another answers the first */
  unique_key?: string;
  actor?: string;
  source_ip?: string;
  metadata?: Record<string, unknown>;
  /** job_ids that must be `success` first */
  depends_on?: string[];
}

// Built when it is first used: most functions that are loaded never do.
export const jobInputSchema = z.lazy(() => {
  const runAt = z.union([
    z.date(),
    z.iso.datetime({ offset: true }).transform((text) => new Date(text)),
  ]);
  const inRange = runAt.refine((date) => {
    const year = date.getUTCFullYear();
    return year >= 1970 && year <= 9999;
  });

  const jobId = rule(
    z.string().regex(JOB_ID),
    'an id of letters, digits and _ . : - (at most 200)',
  );

  return z.strictObject({
    name: textRule(200),
    job_type: jobTypeRule(),
    config: z.unknown().optional(),
    job_id: jobId.optional(),
    description: proseRule(10_000).optional(),
    priority: priorityRule().optional(),
    run_at: rule(inRange, 'a time with its zone, such as 2030-01-31T09:00:00Z').optional(),
    max_retries: maxRetries,
    retry_delay_seconds: delaySeconds,
    retry_backoff: backoff,
    timeout_seconds: timeoutSeconds,
    unique_key: textRule(500).optional(),
    actor: textRule(200).optional(),
    source_ip: textRule(100).optional(),
    metadata: rule(z.record(z.string(), z.unknown()), 'an object').optional(),
    depends_on: z.array(jobId).max(1000).optional(),
  });
});

const parse = (input: unknown): z.output<typeof jobInputSchema> => {
  const parsed = jobInputSchema.safeParse(input);
  if (parsed.success) return parsed.data;
  throw new InputError(problemsOf(parsed.error), 'Job refused');
};

const complete = async (
  job: z.output<typeof jobInputSchema>,
  definition: AnyDefinition,
  newId: () => string,
): Promise<NewJob> => {
  const policy = policyOf(definition);
  return {
    job_id: job.job_id ?? newId(),
    name: job.name,
    job_type: job.job_type,
    config: await acceptConfig(definition, job.config),
    description: job.description ?? null,
    priority: job.priority ?? priorities.normal,
    run_at: job.run_at ?? null,
    max_retries: job.max_retries ?? policy.max_retries,
    retry_delay_seconds: job.retry_delay_seconds ?? policy.retry_delay_seconds,
    retry_backoff: job.retry_backoff ?? policy.retry_backoff,
    timeout_seconds: job.timeout_seconds ?? null,
    unique_key: job.unique_key ?? null,
    actor: job.actor ?? null,
    source_ip: job.source_ip ?? null,
    metadata: toJson(job.metadata ?? {}, 'metadata'),
    depends_on: job.depends_on ?? [],
  };
};

/** The job as it will be stored. Throws InputError naming each field, its value and what is expected. */
export const prepareJob = async (
  input: JobInput,
  registry: Registry,
  newId: () => string,
): Promise<NewJob> => {
  const job = parse(input);
  return complete(job, registry.get(job.job_type), newId);
};
