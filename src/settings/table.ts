// The one table of settings: key, environment variable, flag, default and meaning of each. The
// loader, the command line's options, `doctor` and the README's table are all made from it.
import { randomUUID } from 'node:crypto';
import { hostname } from 'node:os';
import * as z from 'zod';
import {
  databaseFault,
  keyFault,
  postgresOnlyFault,
  supabaseFault,
  webhookFault,
} from './addresses.ts';
import { httpSettings } from './http_rows.ts';
import { above0, names, numeric, truth, whole } from './kinds.ts';

export interface SettingRow {
  /** environment variable; the key of the table is the name in config.yaml */
  env: string;
  /** as commander reads it; null = no flag */
  flag: string | null;
  /** commands that take the flag; null = all of them */
  commands: string[] | null;
  /** what a flag without an argument stands for */
  flag_value?: string;
  doc: string;
  /** completes "VALUE is not …" */
  expected: string;
  schema: z.ZodType;
  /** takes effect when no source gives a value */
  fallback: () => unknown;
  /** how the default reads, when the value itself does not say it */
  fallback_doc?: string;
  /** says what is wrong with a value where `expected` is not enough; never repeats it */
  fault?: (value: unknown) => string | undefined;
  /** the value may carry a password: it is never printed */
  secret?: true;
}

const drains = ['run', 'work', 'serve'];

const supabaseKey = {
  flag: null,
  commands: null,
  expected: 'a key of a Supabase project',
  schema: z.string().trim(),
  fault: keyFault,
  fallback: () => null,
  fallback_doc: 'none',
  secret: true,
} as const;

export const settingsTable = {
  database_url: {
    env: 'DATABASE_URL',
    flag: '--database-url <url>',
    commands: null,
    doc: 'Where jobs are kept: `sqlite:PATH`, a file, or `postgres://USER:PASSWORD@HOST/DATABASE`.',
    expected: 'an address of a store',
    schema: z.string().trim(),
    fault: databaseFault,
    fallback: () => 'sqlite:./cloud-jobs.db',
    secret: true,
  },
  supabase_url: {
    env: 'SUPABASE_URL',
    flag: null,
    commands: null,
    doc: 'Supabase project to keep jobs in, `https://REF.supabase.co`; counts unless `database_url` is set.',
    expected: 'an address of a Supabase project',
    schema: z.string().trim(),
    fault: supabaseFault,
    fallback: () => null,
    fallback_doc: 'none',
  },
  supabase_service_role_key: {
    ...supabaseKey,
    env: 'SUPABASE_SERVICE_ROLE_KEY',
    doc: 'Its secret key, `sb_secret_…` or the one of `service_role`.',
  },
  supabase_anon_key: {
    ...supabaseKey,
    env: 'SUPABASE_ANON_KEY',
    doc: 'Used without the secret key; needs `sql/optional/anon_access.sql`.',
  },
  supabase_db_url: {
    env: 'SUPABASE_DB_URL',
    flag: null,
    commands: null,
    doc: 'Its database, `postgres://…`; only `init` connects to it.',
    expected: 'an address of a database',
    schema: z.string().trim(),
    fault: postgresOnlyFault,
    fallback: () => null,
    fallback_doc: 'none',
    secret: true,
  },
  instance_id: {
    env: 'JOB_INSTANCE_ID',
    flag: '--instance-id <name>',
    commands: drains,
    doc: 'Name of this process in locks and executions; no two running at once may share it.',
    expected: 'a name of 1 to 200 characters',
    schema: z.string().trim().min(1).max(200),
    fallback: () => `${hostname()}-${process.pid}-${randomUUID().slice(0, 8)}`,
    fallback_doc: 'host, process id and a random part',
  },
  lock_duration: {
    env: 'JOB_LOCK_DURATION',
    flag: '--lock-duration <minutes>',
    commands: drains,
    doc: 'How long a pick holds its job, in minutes, unless it is extended.',
    expected: 'a number of minutes above 0',
    schema: above0,
    fallback: () => null,
    fallback_doc: '2 minutes, extended while the code runs',
  },
  max_jobs: {
    env: 'JOB_MAX_JOBS',
    flag: '--max-jobs <count>',
    commands: ['run'],
    doc: 'Executions of one drain at most.',
    expected: 'a whole number of 1 or more',
    schema: whole,
    fallback: () => null,
    fallback_doc: 'until nothing is due',
  },
  deadline: {
    env: 'JOB_DEADLINE',
    flag: '--deadline <seconds>',
    commands: ['run'],
    doc: 'Seconds one drain may last; what still runs then is saved and goes on next time.',
    expected: 'a number of seconds above 0',
    schema: above0,
    fallback: () => null,
    fallback_doc: 'no end',
  },
  poll_interval: {
    env: 'JOB_POLL_INTERVAL',
    flag: '--poll-interval <seconds>',
    commands: ['work', 'serve'],
    doc: 'Seconds `work` waits at most before it looks for new jobs again.',
    expected: 'a number of seconds above 0',
    schema: above0,
    fallback: () => 5,
  },
  jobs: {
    env: 'JOB_MODULE',
    flag: '--jobs <file>',
    commands: null,
    doc: 'Path of a JavaScript module whose exports are job types of your own.',
    expected: 'the path of a module',
    schema: z.string().min(1),
    fallback: () => null,
    fallback_doc: 'only the shipped job types',
  },
  log_level: {
    env: 'LOG_LEVEL',
    flag: '--verbose',
    flag_value: 'debug',
    commands: null,
    doc: 'Least severe log line that is written: debug (`--verbose`), info, warn or error.',
    expected: 'debug, info, warn or error',
    schema: z
      .string()
      .trim()
      .toLowerCase()
      .pipe(z.enum(['debug', 'info', 'warn', 'error'])),
    fallback: () => 'info' as const,
  },
  arxiv_api_url: {
    env: 'ARXIV_API_URL',
    flag: null,
    commands: null,
    doc: 'Address `paper_fetch` asks.',
    expected: 'an http or https URL',
    schema: z.url({ protocol: /^https?$/ }),
    fallback: () => 'https://export.arxiv.org/api/query',
  },
  http_request_allow_private: {
    env: 'HTTP_REQUEST_ALLOW_PRIVATE',
    flag: null,
    commands: null,
    doc: 'Whether `http_request` may call private and local addresses.',
    expected: 'true or false',
    schema: truth,
    fallback: () => false,
  },
  http_request_secrets: {
    env: 'HTTP_REQUEST_SECRETS',
    flag: null,
    commands: null,
    doc: 'Names of the environment variables that `http_request` may read by `${env:NAME}`.',
    expected: 'names of environment variables, separated by commas',
    schema: names,
    fallback: () => [],
    fallback_doc: 'none',
  },
  alert_webhook_url: {
    env: 'ALERT_WEBHOOK_URL',
    flag: null,
    commands: null,
    doc: 'Where people are told what goes wrong: a webhook of Slack, or any that takes a POST of JSON.',
    expected: 'an address of a webhook',
    schema: z.string().trim(),
    fault: webhookFault,
    fallback: () => null,
    fallback_doc: 'nobody is told',
    secret: true,
  },
  alert_after: {
    env: 'ALERT_AFTER',
    flag: null,
    commands: null,
    doc: 'Failures in a row of one schedule, or of one job type, before anybody is told.',
    expected: 'a whole number of 1 to 1000000',
    schema: whole.pipe(z.int().max(1e6)),
    fallback: () => 3,
  },
  alert_slow_times: {
    env: 'ALERT_SLOW_TIMES',
    flag: null,
    commands: null,
    doc: 'An execution is told of that takes so many times as long as is usual for its type, and 10 s at least.',
    expected: 'a number above 1',
    schema: numeric.pipe(z.number().gt(1).max(1e9)),
    fallback: () => 5,
  },
  ...httpSettings,
} as const satisfies Record<string, SettingRow>;

export type SettingKey = keyof typeof settingsTable;

export const settingKeys = Object.keys(settingsTable) as SettingKey[];

/** The row with its literal types forgotten. */
export const settingRow = (key: SettingKey): SettingRow => settingsTable[key];
