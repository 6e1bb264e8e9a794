// `create`: one job from the words of the command line.
import { Option } from 'commander';
import type { Runner } from '../app.ts';
import type { JobInput } from '../core/create.ts';
import { InputError } from '../errors.ts';
import { jobIds, keyValues, priority, type RunAt, runAt, seconds, wholeFrom } from './arguments.ts';
import type { AddCommands } from './command.ts';
import { type Desk, withOwnTypes } from './desk.ts';
import { moment } from './format.ts';

interface CreateOptions {
  description?: string;
  jobConfig?: string[];
  configFile?: string;
  priority?: number;
  runAt?: RunAt;
  dependsOn?: string[];
  maxRetries?: number;
  retryDelay?: number;
  retryBackoff?: 'exponential' | 'fixed';
  timeout?: number;
  uniqueKey?: string;
}

const readConfigFile = async (desk: Desk, path: string): Promise<Record<string, unknown>> => {
  const refuse = (message: string): never => {
    throw new InputError([{ path: '--config-file', message: `${path} ${message}` }]);
  };
  const text = await desk
    .readText(path)
    .catch((error: NodeJS.ErrnoException) => refuse(`cannot be read (${error.code ?? error})`));
  // JSON is YAML too, so one reader serves both.
  const { parseDocument } = await import('yaml');
  const document = parseDocument(text);
  const [fault] = document.errors;
  if (fault) refuse(`is neither JSON nor YAML: ${fault.message.split('\n')[0]?.replace(/:$/, '')}`);
  const content: unknown = document.toJS();
  if (typeof content !== 'object' || content === null || Array.isArray(content)) {
    return refuse('does not hold an object of config values');
  }
  return { ...content };
};

/** `+10m` counts from the store's now: this machine's clock decides nothing. */
const startOf = async (runner: Runner, when: RunAt): Promise<Date> => {
  if ('at' in when) return when.at;
  const { at } = await runner.store.stats();
  return new Date(at.getTime() + when.after_seconds * 1000);
};

const given = <Value>(key: keyof JobInput, value: Value | undefined): Partial<JobInput> =>
  value === undefined ? {} : { [key]: value };

const toInput = async (
  desk: Desk,
  runner: Runner,
  name: string,
  job_type: string,
  options: CreateOptions,
): Promise<JobInput> => {
  const file =
    options.configFile === undefined ? {} : await readConfigFile(desk, options.configFile);
  return {
    name,
    job_type,
    config: { ...file, ...keyValues(options.jobConfig ?? []) },
    ...given('description', options.description),
    ...given('priority', options.priority),
    ...given('run_at', options.runAt && (await startOf(runner, options.runAt))),
    ...given('depends_on', options.dependsOn),
    ...given('max_retries', options.maxRetries),
    ...given('retry_delay_seconds', options.retryDelay),
    ...given('retry_backoff', options.retryBackoff),
    ...given('timeout_seconds', options.timeout),
    ...given('unique_key', options.uniqueKey),
  };
};

export const addCreate: AddCommands = (program, act) => {
  program
    .command('create')
    .summary('put a job into the store')
    .description('Puts a job into the store; the next drain executes it.')
    .argument('<name>', 'what people call the job')
    .argument('<type>', 'its job type, e.g. paper_fetch')
    .option('-d, --description <text>', 'what it is for')
    .option('--job-config <key=value...>', 'config values; what reads as JSON is JSON, else text')
    .option('--config-file <file>', 'config as JSON or YAML; --job-config adds and overrides')
    .option('-p, --priority <word>', 'low, normal, high or a number; higher goes first', priority)
    .option('--run-at <when>', 'not before: 2026-12-24T18:00Z or +90s, +10m, +2h, +1d', runAt)
    .option('--depends-on <job-id>', 'wait until that job is success (may be repeated)', jobIds)
    .option('--max-retries <count>', 'executions after a failed one', wholeFrom(0))
    .option('--retry-delay <seconds>', 'wait before a retry', wholeFrom(0))
    .addOption(
      new Option('--retry-backoff <kind>', 'whether the wait grows').choices([
        'exponential',
        'fixed',
      ]),
    )
    .option('--timeout <seconds>', 'time one execution may take', seconds)
    .option('--unique-key <key>', 'make no second unfinished job with this key')
    .helpGroup('Jobs:')
    .action(
      act<CreateOptions>(({ desk, flags, options }, name = '', type = '') =>
        withOwnTypes(desk, flags, async ({ runner }) => {
          const { output } = desk;
          const input = await toInput(desk, runner, name, type, options);
          const created = await runner.create(input);
          if (output.json) {
            output.data(created);
            return 0;
          }
          if (!created.created) {
            output.note(`There is such a job already (${created.status}); nothing was created.`);
          }
          output.line(created.job_id);
          if (input.run_at instanceof Date) output.note(`Due at ${moment(input.run_at)}.`);
          const next = created.status === 'waiting' ? 'cloud-jobs run executes it, ' : '';
          output.note(`Next: ${next}cloud-jobs show ${created.job_id}`);
          return 0;
        }),
      ),
    );
};
