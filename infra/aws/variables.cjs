// What serverless.yml cannot say by itself: which store's bundle to take, which settings to pass on.
const { argv, env } = process;

/** Settings of the HTTP API alone: the function that drains is told of no key that it does not need. */
const apiSettings = ['API_KEYS', 'CORS_ORIGINS', 'RATE_LIMIT', 'TRUSTED_PROXIES'];

/** Settings any function may be given. Not the names of an instance, nor what only commands use. */
const settings = [
  'DATABASE_URL',
  'SUPABASE_URL',
  'SUPABASE_SERVICE_ROLE_KEY',
  'SUPABASE_ANON_KEY',
  'JOB_LOCK_DURATION',
  'JOB_MAX_JOBS',
  'JOB_DEADLINE',
  'LOG_LEVEL',
  'ALERT_WEBHOOK_URL',
  'ALERT_AFTER',
  'ALERT_SLOW_TIMES',
  'ARXIV_API_URL',
  'HTTP_REQUEST_ALLOW_PRIVATE',
  'HTTP_REQUEST_SECRETS',
];

/** The same choice as that of src/settings: DATABASE_URL, else Supabase, else a file. */
const storeOf = (url) => {
  if (/^postgres(ql)?:/i.test(url)) return 'postgres';
  if (url === '' && env.SUPABASE_URL) return 'supabase';
  if (argv.includes('invoke') && argv.includes('local')) return 'sqlite';
  // Nothing set: what is packaged is for a Supabase project that is told to the function later.
  if (url === '') return 'supabase';
  throw new Error(
    `DATABASE_URL names no store that a Lambda function can reach (a file is gone with its instance); set it to postgres://…, or set SUPABASE_URL and SUPABASE_SERVICE_ROLE_KEY instead`,
  );
};

/** What jobs read: secrets of http_request, and what job types of your own need. */
const named = [env.HTTP_REQUEST_SECRETS, env.JOB_RUNNER_VARIABLES]
  .flatMap((names) => (names ?? '').split(','))
  .map((name) => name.trim());

const given = (names) =>
  Object.fromEntries(names.filter((name) => env[name]).map((name) => [name, env[name]]));

module.exports = () => ({
  store: storeOf(env.DATABASE_URL ?? ''),
  environment: given([...settings, ...named]),
  apiEnvironment: given(apiSettings),
});

module.exports.settings = [...settings, ...apiSettings];
