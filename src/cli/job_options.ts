// The options that say what a job is like, for `create` and `schedule create` alike.
import { type Command, Option } from 'commander';
import type { JobInput } from '../core/create.ts';
import type { AskedFields } from '../core/job.ts';
import { isObject } from '../core/json.ts';
import { InputError } from '../errors.ts';
import { keyValues, priority, seconds, wholeFrom } from './arguments.ts';
import type { Desk } from './desk.ts';
import { readYaml } from './yaml.ts';

export interface JobOptions {
  description?: string;
  jobConfig?: string[];
  configFile?: string;
  priority?: number;
  maxRetries?: number;
  retryDelay?: number;
  retryBackoff?: 'exponential' | 'fixed';
  timeout?: number;
  uniqueKey?: string;
}

export const addJobOptions = (command: Command): Command =>
  command
    .option('-d, --description <text>', 'what it is for')
    .option('--job-config <key=value...>', 'config values; what reads as JSON is JSON, else text')
    .option('--config-file <file>', 'config as JSON or YAML; --job-config adds and overrides')
    .option('-p, --priority <word>', 'low, normal, high or a number; higher goes first', priority)
    .option('--max-retries <count>', 'executions after a failed one', wholeFrom(0))
    .option('--retry-delay <seconds>', 'wait before a retry', wholeFrom(0))
    .addOption(
      new Option('--retry-backoff <kind>', 'whether the wait grows').choices([
        'exponential',
        'fixed',
      ]),
    )
    .option('--timeout <seconds>', 'time one execution may take', seconds)
    .option('--unique-key <key>', 'make no second unfinished job with this key');

const readConfigFile = async (desk: Desk, path: string): Promise<Record<string, unknown>> => {
  const refuse = (faults: string[]): never => {
    throw new InputError(
      faults.map((message) => ({ path: '--config-file', message: `${path} ${message}` })),
    );
  };
  const { content } = await readYaml(desk, path, refuse);
  return isObject(content) ? content : refuse(['does not hold an object of config values']);
};

/** An entry that is there only when it was given. */
export const given = <Key extends string, Value>(
  key: Key,
  value: Value | undefined,
): { [K in Key]?: Value } =>
  (value === undefined ? {} : { [key]: value }) as { [K in Key]?: Value };

type JobFields = Pick<JobInput, Exclude<AskedFields, 'job_type'>>;

/** What was given, by the names that the runner has for it. */
export const jobFields = async (desk: Desk, options: JobOptions): Promise<JobFields> => {
  const file =
    options.configFile === undefined ? {} : await readConfigFile(desk, options.configFile);
  return {
    config: { ...file, ...keyValues(options.jobConfig ?? []) },
    ...given('description', options.description),
    ...given('priority', options.priority),
    ...given('max_retries', options.maxRetries),
    ...given('retry_delay_seconds', options.retryDelay),
    ...given('retry_backoff', options.retryBackoff),
    ...given('timeout_seconds', options.timeout),
    ...given('unique_key', options.uniqueKey),
  };
};
