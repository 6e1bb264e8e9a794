// Settings: flags over environment over config.yaml over defaults; every problem at once.
import type * as z from 'zod';
import { type Problem, SettingsError } from './errors.ts';
import type { ApiKey } from './http/keys.ts';
import {
  type Flags,
  fromConfigFile,
  fromFlags,
  fromVariables,
  type Given,
  readDotEnv,
  type Variables,
} from './settings/sources.ts';
import { choiceProblems, chooseStore } from './settings/stores.ts';
import { type SettingKey, settingKeys, settingRow, type settingsTable } from './settings/table.ts';

export type { Flags } from './settings/sources.ts';
export { type SettingKey, settingsTable } from './settings/table.ts';

export interface Settings {
  /**
   * `sqlite:PATH` or `postgres://…`; DATABASE_URL, --database-url; default sqlite:./cloud-jobs.db;
   * null = jobs are kept in the Supabase project
   */
  database_url: string | null;
  /** SUPABASE_URL; null unless jobs are kept there, and the same goes for its keys */
  supabase_url: string | null;
  /** SUPABASE_SERVICE_ROLE_KEY */
  supabase_service_role_key: string | null;
  /** SUPABASE_ANON_KEY */
  supabase_anon_key: string | null;
  /** SUPABASE_DB_URL: the project's database, for `init` */
  supabase_db_url: string | null;
  /** JOB_INSTANCE_ID, --instance-id; default HOST-PID-RANDOM */
  instance_id: string;
  /** minutes; JOB_LOCK_DURATION, --lock-duration; null = 2 minutes, extended by the heartbeat */
  lock_duration: number | null;
  /** JOB_MAX_JOBS, --max-jobs; null = until empty */
  max_jobs: number | null;
  /** seconds this invocation may last; JOB_DEADLINE, --deadline; null = no end */
  deadline: number | null;
  /** seconds; JOB_POLL_INTERVAL, --poll-interval; default 5 */
  poll_interval: number;
  /** JOB_MODULE, --jobs: a module whose exports are own job types; null = only the shipped ones */
  jobs: string | null;
  /** LOG_LEVEL, --verbose = debug; default info */
  log_level: 'debug' | 'info' | 'warn' | 'error';
  /** ARXIV_API_URL */
  arxiv_api_url: string;
  /** HTTP_REQUEST_ALLOW_PRIVATE: http_request may call private addresses; default false */
  http_request_allow_private: boolean;
  /** HTTP_REQUEST_SECRETS: names of environment variables that `${env:NAME}` may read; default none */
  http_request_secrets: string[];
  /** ALERT_WEBHOOK_URL: where people are told what goes wrong; null = nobody is told */
  alert_webhook_url: string | null;
  /** ALERT_AFTER: failures in a row before anybody is told; default 3 */
  alert_after: number;
  /** ALERT_SLOW_TIMES: how many times as long as usual an execution may take untold; default 5 */
  alert_slow_times: number;
  /** API_KEYS: who may use the HTTP API, known by their hash; none = this machine alone */
  api_keys: ApiKey[];
  /** HTTP_HOST, --host: where `serve` listens; default 127.0.0.1 */
  http_host: string;
  /** PORT, --port; 0 = any that is free; default 8080 */
  http_port: number;
  /** TRUSTED_PROXIES: how many stand before the HTTP API; default 0 */
  trusted_proxies: number;
  /** CORS_ORIGINS: pages elsewhere that may use the HTTP API; default none */
  cors_origins: string[];
  /** RATE_LIMIT: requests a minute of one key; default 6000 */
  rate_limit: number;
  /** values of the variables that HTTP_REQUEST_SECRETS names; never printed */
  secrets: Readonly<Record<string, string>>;
}

export interface SettingsInput {
  flags?: Flags;
  env?: Variables;
  /** folder of `.env` and `config.yaml` */
  cwd?: string;
}

/** Settings, and for each the place its value came from: `--max-jobs`, `LOG_LEVEL in .env`, `default`. */
export interface ResolvedSettings {
  settings: Settings;
  sources: Record<SettingKey, string>;
}

type Parsed = {
  [Key in SettingKey]:
    | z.output<(typeof settingsTable)[Key]['schema']>
    | ReturnType<(typeof settingsTable)[Key]['fallback']>;
};

const check = (key: SettingKey, given: Given, problems: Problem[]): unknown => {
  const { schema, expected, fault } = settingRow(key);
  const message = fault?.(given.value);
  const parsed = schema.safeParse(given.value);
  if (parsed.success && message === undefined) return parsed.data;
  const text = typeof given.value === 'number' ? String(given.value) : JSON.stringify(given.value);
  problems.push({ path: given.from, message: message ?? `${text} is not ${expected}` });
  return undefined;
};

const pickSecrets = (names: string[], variables: Variables): Record<string, string> =>
  Object.fromEntries(
    names.flatMap((name) => {
      const value = variables[name];
      return value === undefined ? [] : [[name, value]];
    }),
  );

/** Throws a SettingsError that lists everything wrong in all sources. Reads files, changes nothing. */
export const resolveSettings = async ({
  flags = {},
  env = process.env,
  cwd = process.cwd(),
}: SettingsInput = {}): Promise<ResolvedSettings> => {
  const problems: Problem[] = [];
  const dotEnv = readDotEnv(cwd, problems);
  const chain = [
    fromFlags(flags),
    fromVariables(env, 'the environment'),
    fromVariables(dotEnv, '.env'),
    await fromConfigFile(flags.config, cwd, problems),
  ];
  const find = (key: SettingKey) =>
    chain.map((source) => source.get(key)).find((found) => found !== undefined);
  const chosen = chooseStore(flags, find);
  const values: Partial<Record<SettingKey, unknown>> = {};
  const sources: Partial<Record<SettingKey, string>> = {};
  for (const key of settingKeys) {
    const given = chosen.ignored.includes(key) ? undefined : find(key);
    sources[key] = given?.from ?? 'default';
    values[key] = given ? check(key, given, problems) : settingRow(key).fallback();
  }
  const variables = { ...dotEnv, ...env };
  problems.push(...choiceProblems(chosen, find, variables));
  if (problems.length > 0) throw new SettingsError(problems);
  const parsed = values as Parsed;
  const secrets = Object.freeze(pickSecrets(parsed.http_request_secrets, variables));
  const database_url = chosen.store === 'supabase' ? null : parsed.database_url;
  const settings: Settings = Object.freeze({ ...parsed, database_url, secrets });
  return { settings, sources: sources as Record<SettingKey, string> };
};

/** The settings alone, frozen. Throws a SettingsError that lists everything wrong at once. */
export const loadSettings = async (input?: SettingsInput): Promise<Settings> =>
  (await resolveSettings(input)).settings;
