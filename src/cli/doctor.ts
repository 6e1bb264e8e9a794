// `doctor`: looks at everything a job needs to get through, and sends one through.

import { duration } from '../core/lengths.ts';
import { type ErrorCode, RunnerError } from '../errors.ts';
import type { Runner } from '../runner.ts';
import { type SettingKey, settingKeys, settingRow } from '../settings/table.ts';
import type { Flags, ResolvedSettings, Settings } from '../settings.ts';
import { type Check, failed, ok, warning } from './check.ts';
import type { AddCommands } from './command.ts';
import { type Desk, type Opened, withOwnTypes } from './desk.ts';
import { count, oneLine } from './format.ts';
import { doubtOfKey } from './key.ts';
import type { Output } from './output.ts';
import { probe } from './probe.ts';

const SKEW_SECONDS = 5;

const shownValue = (settings: Settings, key: SettingKey): string =>
  settingRow(key).secret ? '***' : oneLine(JSON.stringify(settings[key]), 80);

const checkSettings = ({ settings, sources }: ResolvedSettings): Check[] => {
  const shown = settingKeys
    .filter((key) => sources[key] !== 'default')
    .map((key) => `${key}=${shownValue(settings, key)} (${sources[key]})`);
  const message = shown.length === 0 ? 'all at their defaults' : shown.join(', ');
  const checks = [ok('settings', message)];
  const unset = settings.http_request_secrets.filter((name) => !(name in settings.secrets));
  if (unset.length > 0) {
    const { env } = settingRow('http_request_secrets');
    const message = `${env} names ${unset.join(', ')}, not set in the environment or .env`;
    checks.push(warning('secrets', message));
  }
  const doubt = doubtOfKey(settings);
  if (doubt !== null) checks.push(warning('key', doubt));
  return checks;
};

const checkStore = async (runner: Runner, today: () => Date): Promise<Check[]> => {
  const before = today().getTime();
  const seen = await runner.store.inspect();
  const after = today().getTime();
  const skew = (seen.now.getTime() - (before + after) / 2) / 1000;
  const checks = [
    ok('store', `${seen.store} answers`),
    ok('schema', `version ${seen.schema_version}`),
    Math.abs(skew) > SKEW_SECONDS
      ? warning(
          'clock',
          `this machine is ${duration(Math.abs(skew))} ${skew > 0 ? 'behind' : 'ahead of'} the store; the store's clock counts`,
        )
      : ok('clock', `${duration(Math.abs(skew))} away from the store's`),
    seen.expired_locks > 0
      ? warning(
          'locks',
          `${count(seen.expired_locks, 'expired lock')}; cloud-jobs unlock or the next run releases them`,
        )
      : ok('locks', 'none has expired'),
  ];
  const unknown = seen.types.filter(({ job_type }) => !runner.job_types.includes(job_type));
  for (const { job_type, count: jobs } of unknown) {
    const who = `${count(jobs, 'unfinished job')} of type "${oneLine(job_type, 60)}"`;
    checks.push(warning('types', `${who}, which this instance has no code for (see --jobs)`));
  }
  if (unknown.length === 0) checks.push(ok('types', runner.job_types.join(', ')));
  for (const each of seen.stuck) {
    const who = `${oneLine(each.name, 60)} (${each.job_id})`;
    checks.push(
      warning(
        'blocked',
        `${who} waits for ${each.depends_on}, which is ${each.depends_on_status}: retry that or cancel this`,
      ),
    );
  }
  if (seen.stuck.length === 0) checks.push(ok('blocked', 'no job waits in vain'));
  const { checkSchedules } = await import('./schedule/check.ts');
  return [...checks, ...(await checkSchedules(runner, seen.now))];
};

const checkRoundTrip = async ({ runner }: Opened, desk: Desk): Promise<Check> => {
  const started = desk.clock.now();
  const fault = await probe(runner);
  const took = duration((desk.clock.now() - started) / 1000);
  return fault === null
    ? ok('round trip', `a job was created, picked, recorded and deleted in ${took}`)
    : failed('round trip', fault);
};

const marks = (output: Output) => ({
  ok: output.paint.green('✓'),
  warning: output.paint.yellow('!'),
  failed: output.paint.red('✗'),
});

const report = (output: Output, checks: Check[]): number => {
  const bad = checks.filter(({ verdict }) => verdict === 'failed').length;
  const doubtful = checks.filter(({ verdict }) => verdict === 'warning').length;
  if (output.json) {
    output.data({ ok: bad === 0, checks });
    return bad === 0 ? 0 : 1;
  }
  for (const { check, verdict, message } of checks) {
    output.line(`${marks(output)[verdict]} ${check.padEnd(10)} ${message}`);
  }
  const remarks = doubtful > 0 ? `, ${count(doubtful, 'warning')}` : '';
  output.line(bad === 0 ? `\nAll works${remarks}.` : `\n${count(bad, 'check')} failed${remarks}.`);
  return bad === 0 ? 0 : 1;
};

/** What a store says of itself is a check that failed; one that says nothing ends `doctor`. */
const toldBy: Partial<Record<ErrorCode, string>> = {
  schema_missing: 'schema',
  schema_newer: 'schema',
  schema_older: 'schema',
  store_refused: 'store',
};

const checkAll = async (desk: Desk, flags: Flags): Promise<Check[]> => {
  const checks = checkSettings(await desk.resolveSettings(flags));
  try {
    await withOwnTypes(desk, flags, async (opened) => {
      checks.push(...(await checkStore(opened.runner, desk.today)));
      checks.push(await checkRoundTrip(opened, desk));
      return 0;
    });
  } catch (error) {
    const check = error instanceof RunnerError ? toldBy[error.code] : undefined;
    if (check === undefined) throw error;
    checks.push(failed(check, (error as RunnerError).message));
  }
  return checks;
};

export const addDoctor: AddCommands = (program, act) => {
  program
    .command('doctor')
    .summary('check settings, store and one full round trip')
    .description(
      'Checks settings, store, schema, clock, locks, job types, blocked jobs and schedules, and sends ' +
        'one job through. Warnings are allowed; a failed check makes the exit code 1.',
    )
    .helpGroup('Set-up:')
    .action(act(async ({ desk, flags }) => report(desk.output, await checkAll(desk, flags))));
};
