// From what a person or a file says of a schedule to its fields with every default filled in, every
// fault named at once.
import * as z from 'zod';
import { InputError, type Problem } from '../errors.ts';
import { parseCron } from './cron/expression.ts';
import { faultsOf, nextTime, ruleFaults } from './cron/rule.ts';
import { acceptConfig, policyOf, type Registry } from './definition.ts';
import { priorities, type RetryBackoff } from './job.ts';
import {
  backoff,
  delaySeconds,
  jobTypeRule,
  MAX_SECONDS,
  maxRetries,
  priorityRule,
  problemsOf,
  proseRule,
  rule,
  textRule,
  timeoutSeconds,
  wordRule,
} from './rules.ts';
import {
  type ConcurrencyPolicy,
  concurrencyPolicies,
  type MissedPolicy,
  missedPolicies,
  type ScheduleFields,
} from './schedule.ts';

export interface ScheduleInput {
  /** unique among schedules; its jobs have the same name */
  name: string;
  job_type: string;
  /** five fields of cron, or a nickname such as `@daily` */
  schedule_expression: string;
  /** a name of the tz database; UTC unless given */
  timezone?: string;
  config?: unknown;
  description?: string;
  priority?: number | keyof typeof priorities;
  max_retries?: number;
  retry_delay_seconds?: number;
  retry_backoff?: RetryBackoff;
  timeout_seconds?: number;
  /** no job is made while an unfinished one has this key */
  unique_key?: string;
  /** `latest` unless given */
  missed?: MissedPolicy;
  starting_deadline_seconds?: number;
  /** `allow` unless given */
  concurrency_policy?: ConcurrencyPolicy;
  run_on_startup?: boolean;
}

// Built when it is first used: most functions that are loaded never do.
export const scheduleInputSchema = z.lazy(() =>
  z.strictObject({
    name: textRule(200),
    job_type: jobTypeRule(),
    schedule_expression: textRule(500),
    timezone: textRule(100).optional(),
    config: z.unknown().optional(),
    description: proseRule(10_000).optional(),
    priority: priorityRule().optional(),
    max_retries: maxRetries,
    retry_delay_seconds: delaySeconds,
    retry_backoff: backoff,
    timeout_seconds: timeoutSeconds,
    unique_key: textRule(500).optional(),
    missed: wordRule(missedPolicies).optional(),
    starting_deadline_seconds: rule(
      z.number().min(1).max(MAX_SECONDS),
      `a number of seconds from 1 to ${MAX_SECONDS}`,
    ).optional(),
    concurrency_policy: wordRule(concurrencyPolicies).optional(),
    run_on_startup: rule(z.boolean(), 'true or false').optional(),
  }),
);

type Parsed = z.output<typeof scheduleInputSchema>;

/** From any moment a rule either falls due some time, or never. */
const ANY_MOMENT = new Date('2000-01-01T00:00:00Z');

const timesFaults = ({ schedule_expression, timezone = 'UTC' }: Parsed): Problem[] => {
  const rule = { schedule_expression, timezone };
  const faults = ruleFaults(rule);
  if (faults.length > 0 || nextTime(rule, ANY_MOMENT) !== null) return faults;
  const message = `${JSON.stringify(schedule_expression)} never falls due; expected days that some month has`;
  return [{ path: 'schedule_expression', message }];
};

const togetherFaults = ({ unique_key, concurrency_policy }: Parsed): Problem[] => {
  if (unique_key === undefined || concurrency_policy !== 'replace') return [];
  const message =
    '"replace" cannot be used with a unique_key, which would keep the later job from being made; expected allow or forbid';
  return [{ path: 'concurrency_policy', message }];
};

const at = (problem: Problem, prefix: string): Problem =>
  prefix === '' ? problem : { ...problem, path: `${prefix}.${problem.path}` };

/**
 * Throws an InputError naming each field, its value and what is expected; `prefix` is put before the
 * fields, for those who prepare many.
 */
export const prepareSchedule = async (
  input: unknown,
  registry: Registry,
  prefix = '',
): Promise<ScheduleFields> => {
  const refuse = (problems: Problem[]): never => {
    throw new InputError(
      problems.map((problem) => at(problem, prefix)),
      'Schedule refused',
    );
  };
  const parsed = scheduleInputSchema.safeParse(input);
  if (!parsed.success) return refuse(problemsOf(parsed.error));
  const given = parsed.data;
  const faults = [...timesFaults(given), ...togetherFaults(given)];
  const known = faultsOf(() => registry.get(given.job_type));
  const definition = known.length > 0 ? null : registry.get(given.job_type);
  const accepted =
    definition === null
      ? null
      : await acceptConfig(definition, given.config).catch((error: unknown) => {
          if (!(error instanceof InputError)) throw error;
          faults.push(...error.problems);
          return null;
        });
  if (definition === null || faults.length > 0) return refuse([...faults, ...known]);
  const policy = policyOf(definition);
  return {
    name: given.name,
    job_type: given.job_type,
    schedule_expression: parseCron(given.schedule_expression).text,
    timezone: given.timezone ?? 'UTC',
    config: accepted,
    description: given.description ?? null,
    priority: given.priority ?? priorities.normal,
    max_retries: given.max_retries ?? policy.max_retries,
    retry_delay_seconds: given.retry_delay_seconds ?? policy.retry_delay_seconds,
    retry_backoff: given.retry_backoff ?? policy.retry_backoff,
    timeout_seconds: given.timeout_seconds ?? null,
    unique_key: given.unique_key ?? null,
    missed: given.missed ?? 'latest',
    starting_deadline_seconds: given.starting_deadline_seconds ?? null,
    concurrency_policy: given.concurrency_policy ?? 'allow',
    run_on_startup: given.run_on_startup ?? false,
  };
};
