import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { StoreRefusedError, StoreUnavailableError } from '../../src/errors.ts';
import { openDatabase } from '../../src/stores/sqlite/database.ts';
import { type CommandLine, commandLine } from './command_line.ts';

const create = async (cli: CommandLine, ...words: string[]): Promise<string> =>
  (await cli.run('create', ...words)).out.trim();

describe('doctor', () => {
  test('a sound store passes every check and is left as it was', async () => {
    const cli = await commandLine();
    const { code, out } = await cli.run('doctor');
    expect(code).toBe(0);
    const marks = out.trimEnd().split('\n');
    expect(marks.slice(0, -2).every((line) => line.startsWith('✓ '))).toBe(true);
    expect(out).toContain('a job was created, picked, recorded and deleted in');
    expect(out).toMatch(/\nAll works\.\n$/);
    expect(JSON.parse((await cli.run('list', '--json')).out)).toEqual([]);
  });

  test('schedules are told of: how many, those nobody woke for, those that cannot be planned', async () => {
    const cli = await commandLine();
    await cli.run('schedule', 'create', 'hourly', 'greet', '0 * * * *');
    await cli.run('schedule', 'create', 'foreign', 'only-here', '@daily', '--jobs', own(cli));
    const fine = await cli.run('doctor', '--jobs', own(cli));
    expect(fine.out).toMatch(/✓ schedules +2 active schedules, the next one due in \d+ (s|min)/);
    const file = openDatabase(join(cli.folder, 'jobs.db'));
    file.exec(`UPDATE cloud_job_schedules SET timezone = 'Mars', next_execution = '2020-01-01T00:00:00.000Z'
      WHERE name = 'hourly'`);
    file.close();
    const { code, out } = await cli.run('doctor');
    expect(code).toBe(0);
    expect(out).toMatch(/! schedules +"hourly" cannot be planned on: "Mars" is no time zone/);
    expect(out).toMatch(
      /! schedules +"hourly" has been due for .*: nothing has woken a drain since/,
    );
    expect(out).toMatch(/! schedules +"foreign" makes jobs of type "only-here", which/);
  });

  test('settings are shown with the place they came from, secrets not at all', async () => {
    const cli = await commandLine();
    writeFileSync(join(cli.folder, 'config.yaml'), 'poll_interval: 3\n');
    const env = { HTTP_REQUEST_SECRETS: 'TOKEN,MISSING', TOKEN: 'hunter2' };
    const { code, out } = await cli.runWith({ env }, 'doctor', '--jobs', own(cli));
    expect(code).toBe(0);
    expect(out).toContain('poll_interval=3 (poll_interval in config.yaml)');
    expect(out).toContain('instance_id="tester" (JOB_INSTANCE_ID in the environment)');
    expect(out).toContain('database_url=*** (DATABASE_URL in the environment)');
    expect(out).toContain('! secrets    HTTP_REQUEST_SECRETS names MISSING, not set');
    expect(out).not.toContain('hunter2');
  });

  test('warnings name expired locks, unknown types and jobs that wait in vain', async () => {
    const cli = await commandLine();
    const broken = await create(cli, 'Broken', 'fail');
    const stuck = await create(cli, 'Stuck', 'greet', '--depends-on', broken);
    await cli.run('run');
    await create(cli, 'Dead', 'greet');
    await cli.withRunner(async ({ store }) => {
      const claim = { instance_id: 'gone', lock_seconds: 0, trigger: 'test' };
      await store.claimJobs({ ...claim, job_types: ['greet'], execution_ids: ['e-1'] });
    });
    await create(cli, 'Foreign', 'only-here', '--jobs', own(cli));
    const { code, out } = await cli.run('doctor', '--json');
    expect(code).toBe(0);
    const { ok, checks } = JSON.parse(out);
    expect(ok).toBe(true);
    expect(checks.filter((check: { verdict: string }) => check.verdict !== 'ok')).toEqual([
      {
        check: 'locks',
        verdict: 'warning',
        message: '1 expired lock; cloud-jobs unlock or the next run releases them',
      },
      {
        check: 'types',
        verdict: 'warning',
        message:
          '1 unfinished job of type "only-here", which this instance has no code for (see --jobs)',
      },
      {
        check: 'blocked',
        verdict: 'warning',
        message: `Stuck (${stuck}) waits for ${broken}, which is failed: retry that or cancel this`,
      },
    ]);
  });

  test('a machine whose clock is off is told by how much', async () => {
    const cli = await commandLine();
    const today = () => new Date(Date.now() - 3_600_000);
    const { code, out } = await cli.runWith({ host: { today } }, 'doctor');
    expect(code).toBe(0);
    expect(out).toMatch(
      /! clock {6}this machine is 1 h behind the store; the store's clock counts\n/,
    );
  });

  test('missing tables are a failed check that names the command: exit code 1', async () => {
    const cli = await commandLine({ init: false });
    const { code, out } = await cli.run('doctor');
    expect(code).toBe(1);
    expect(out).toMatch(/\n✗ schema .*run `cloud-jobs init`/);
    expect(out).toMatch(/\n1 check failed\.\n$/);
  });

  test.each([
    ['SUPABASE_SERVICE_ROLE_KEY', 'sb_publishable_x', 'anon'],
    ['SUPABASE_SERVICE_ROLE_KEY', token({ role: 'authenticated' }), 'authenticated'],
    ['SUPABASE_ANON_KEY', token({ role: 'anon' }), 'anon'],
    ['SUPABASE_ANON_KEY', 'sb_secret_x', null],
    ['SUPABASE_SERVICE_ROLE_KEY', token({ role: 'service_role' }), null],
    ['SUPABASE_SERVICE_ROLE_KEY', 'no.token.atall', null],
    ['SUPABASE_SERVICE_ROLE_KEY', token(null), null],
  ])('a key in %s that is refused: %s is known as one of %s', async (name, key, role) => {
    const cli = await commandLine({ init: false });
    const refused = () => Promise.reject(new StoreRefusedError('Refused.'));
    const env = { DATABASE_URL: '', SUPABASE_URL: 'https://abcd.supabase.co', [name]: key };
    const { resolveSettings } = cli.doorsWith(env);
    const host = { doors: { ...cli.doors, resolveSettings, openRunner: refused } };
    const { code, out } = await cli.runWith({ host }, 'doctor');
    expect(code).toBe(1);
    expect(out).toMatch(/\n✗ store {6}Refused\.\n/);
    const doubt = `\n! key        ${name} is a key of ${role}, which may do only`;
    if (role === null) expect(out).not.toContain('! key');
    else expect(out).toContain(doubt);
    expect(out).not.toContain(key);
  });

  test('a store out of reach exits with 3', async () => {
    const cli = await commandLine();
    const doors = {
      ...cli.doors,
      openRunner: () => Promise.reject(new StoreUnavailableError('The store does not answer.')),
    };
    expect(await cli.runWith({ host: { doors } }, 'doctor')).toEqual({
      code: 3,
      out: '',
      err: 'error: The store does not answer.\n',
    });
  });
});

/** A key as Supabase makes them; nobody checks the signature here. */
function token(payload: object | null): string {
  return `e30.${Buffer.from(JSON.stringify(payload)).toString('base64url')}.x`;
}

/** A module with a job type that no other instance knows. */
const own = ({ folder }: CommandLine): string => {
  const source = `
    const config = { safeParseAsync: async (data) => ({ success: true, data }) };
    export const only = { type: 'only-here', config, run: () => null };`;
  writeFileSync(join(folder, 'own.mjs'), source);
  return 'own.mjs';
};
