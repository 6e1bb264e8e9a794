// defineJob and the registry: what a job type is, and which types this instance has code for.
import * as z from 'zod';
import { InputError, type Problem } from '../errors.ts';
import type { Fence, Job, RetryBackoff } from './job.ts';
import { type Json, toJson } from './json.ts';
import { backoff, delaySeconds, maxRetries, problemsOf, rule, timeoutSeconds } from './rules.ts';
import { describeThrown } from './thrown.ts';

/** What a run gets. Each write is fenced: once the lock is lost, every call throws. */
export interface JobContext<Config = unknown> {
  config: Config;
  job: Pick<Job, 'job_id' | 'name' | 'job_type' | 'metadata' | 'current_retries'>;
  /** for idempotency of one's own: the epoch grows with every execution of the job */
  fence: Fence;
  /** the store's time at which this execution began */
  started_at: Date;
  /** milliseconds until running code will be aborted */
  deadline(): number;
  /** aborted on timeout, cancel, a lost lock and the platform's deadline */
  signal: AbortSignal;
  /**
   * Runs `fn` once and keeps its output (JSON, at most 1 MiB); later executions get the kept output
   * back without running it. Names are unique within a job. What is returned is what was kept: a
   * Date comes back as text in the first run too.
   */
  step<T>(name: string, fn: () => T | Promise<T>): Promise<T>;
  /** 0 to 100 */
  progress(percent: number, message?: string): Promise<void>;
  log: Record<'debug' | 'info' | 'warn' | 'error', (message: string, fields?: object) => void>;
  /**
   * Waits for one's turn at a limiter that all instances share through the store: at most one turn
   * per key every `seconds`.
   */
  throttle(key: string, seconds: number): Promise<void>;
}

export interface RetryPolicy {
  /** retries after the first execution; 3 unless given */
  max_retries?: number;
  /** 30 unless given */
  delay_seconds?: number;
  /** `exponential` unless given */
  backoff?: RetryBackoff;
}

export interface JobDefinition<Schema extends z.ZodType = z.ZodType> {
  /** lower-case letters, digits, `_`, `-`, `.`; at most 100 characters */
  type: string;
  config: Schema;
  retry?: RetryPolicy;
  /** seconds one execution may take; 1800 unless given here or with the job */
  timeout?: number;
  run(ctx: JobContext<z.output<Schema>>): unknown;
}

/** A definition with its config type forgotten, as the registry holds them. */
export type AnyDefinition = Omit<JobDefinition, 'run'> & {
  // A method, so that definitions of every config type fit; the schema has checked the config.
  run(ctx: JobContext<never>): unknown;
};

/** What goes for jobs of a type that say nothing else. */
export const policyOf = ({ retry, timeout }: AnyDefinition) => ({
  max_retries: retry?.max_retries ?? 3,
  retry_delay_seconds: retry?.delay_seconds ?? 30,
  retry_backoff: retry?.backoff ?? ('exponential' as const),
  timeout_seconds: timeout ?? 30 * 60,
});

const TYPE_NAME = /^[a-z0-9][a-z0-9_.-]{0,99}$/;

const isSchema = (value: unknown): boolean =>
  typeof value === 'object' && value !== null && 'safeParseAsync' in value;

const definitionSchema = z.object({
  type: rule(
    z.string().regex(TYPE_NAME),
    'a type name of a-z, 0-9, _ . - (at most 100 characters)',
  ),
  config: rule(z.unknown().refine(isSchema), 'a zod schema'),
  retry: z.object({ max_retries: maxRetries, delay_seconds: delaySeconds, backoff }).optional(),
  timeout: timeoutSeconds,
  run: rule(
    z.unknown().refine((value) => typeof value === 'function'),
    'a function',
  ),
});

/** Describes a job type. Throws an InputError that lists every fault of the description. */
export const defineJob = <Schema extends z.ZodType>(
  definition: JobDefinition<Schema>,
): JobDefinition<Schema> => {
  const parsed = definitionSchema.safeParse(definition);
  if (!parsed.success) {
    throw new InputError(problemsOf(parsed.error), 'Job type refused');
  }
  return Object.freeze({ ...definition });
};

/** The types this instance knows, by name. */
export interface Registry {
  types: string[];
  /** Throws InputError naming the known types. */
  get(type: string): AnyDefinition;
}

/** Throws when two definitions share a name. */
export const createRegistry = (definitions: AnyDefinition[]): Registry => {
  const byType = new Map<string, AnyDefinition>();
  for (const definition of definitions) {
    if (byType.has(definition.type)) {
      const message = `"${definition.type}" is defined twice; each job type has one definition`;
      throw new InputError([{ path: 'type', message }], 'Job types refused');
    }
    byType.set(definition.type, definition);
  }
  const types = [...byType.keys()].sort();
  const get = (type: string): AnyDefinition => {
    const definition = byType.get(type);
    if (definition !== undefined) return definition;
    const message = `"${type}" is no known job type; expected one of ${types.join(', ')}`;
    throw new InputError([{ path: 'job_type', message }]);
  };
  return { types, get };
};

/** The types asked for, or all; throws InputError on one that this instance has no code for. */
export const chooseTypes = (wanted: string[] | null, registry: Registry): string[] =>
  wanted?.map((type) => registry.get(type).type) ?? registry.types;

/**
 * The definition's view of a config. Throws InputError with the path of each fault, also when the
 * schema itself throws. Schemas may be asynchronous.
 */
export const parseConfig = async (definition: AnyDefinition, config: unknown): Promise<unknown> => {
  const refuse = (problems: Problem[]): never => {
    throw new InputError(problems, `Config of ${definition.type} refused`);
  };
  const parsed = await definition.config
    .safeParseAsync(config)
    .catch((thrown) => refuse([{ path: 'config', message: describeThrown(thrown).message }]));
  if (parsed.success) return parsed.data;
  return refuse(problemsOf(parsed.error, 'config'));
};

/** A config as it is stored: what the caller gave, once the schema has accepted it. */
export const acceptConfig = async (definition: AnyDefinition, config: unknown): Promise<Json> => {
  const stored = toJson(config ?? {}, 'config');
  await parseConfig(definition, stored);
  return stored;
};
