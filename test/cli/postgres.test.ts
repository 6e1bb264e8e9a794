// The command line on Postgres: the built file in processes of its own, against a real server.
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, expect, test } from '@jest/globals';
import { printPostgresSchema } from '../../src/stores/postgres/schema.ts';
import { earlierSetup } from '../sql/earlier_setup.ts';
import { describePostgres, newDatabase, newProject } from '../support/postgres.ts';
import { migrated } from '../support/postgres_data.ts';
import type { Database, Template } from '../support/servers/database.ts';
import { query } from '../support/servers/postgres.ts';
import { startWire } from '../support/servers/wire.ts';
import { tempFolder } from '../support/temp.ts';
import { build, commandsIn } from './bundle.ts';
import { nothing } from './job_types.ts';

beforeAll(build);

const folder = tempFolder();
writeFileSync(join(folder, 'jobs.mjs'), nothing);

/** Every command's words are searched for the password, which needs escaping in a URL. */
const on = (url: string) => {
  const { run } = commandsIn(folder, { DATABASE_URL: url, JOB_MODULE: 'jobs.mjs' });
  const { password } = new URL(url);
  return async (...words: string[]) => {
    const ran = await run(...words);
    const text = ran.out + ran.err;
    if (password !== '' && text.includes(password)) throw new Error('the password was told');
    if (password !== '' && text.includes(decodeURIComponent(password))) {
      throw new Error('the password was told, decoded');
    }
    return ran;
  };
};

const onNew = async (template?: Template) => {
  const database = await newDatabase(template);
  return { database, run: on(database.url) };
};

const placeOf = ({ name, url }: Database) => `Postgres database ${name} at ${new URL(url).host}`;

const withPassword = (database: string, password: string): string => {
  const url = new URL(database);
  url.password = password;
  return url.href;
};

describePostgres('the command line on Postgres', () => {
  test('makes tables, sends a job through and tells of it, and never the password', async () => {
    const { database, run } = await onNew();
    const place = placeOf(database);
    const first = await run('init', '--verbose');
    expect(first).toMatchObject({ code: 0, err: '' });
    expect(first.out).toMatch(`Created the tables in ${place} (schema version `);
    expect((await run('init')).out).toMatch(`The tables in ${place} are up to date`);
    const doctor = await run('doctor');
    expect(doctor.out).toMatch(/^✓ settings {3}database_url=\*\*\* \(DATABASE_URL in the env/);
    expect(doctor.out).toContain(`✓ store      ${place} answers\n`);
    expect(doctor).toMatchObject({ code: 0, out: expect.stringMatching(/\nAll works\.\n$/) });
    const id = (await run('create', 'First', 'nothing')).out.trim();
    expect(await run('run', '--verbose')).toMatchObject({ code: 0 });
    const { job, executions } = JSON.parse((await run('show', id, '--json')).out);
    expect(job).toMatchObject({ name: 'First', status: 'success' });
    expect(executions).toMatchObject([{ status: 'success', result: 'done' }]);
  });

  test('asks the store twice for a drain of one job, and once for an empty one', async () => {
    const { database, run } = await onNew(migrated);
    await run('create', 'First', 'nothing');
    const wire = await startWire(database.url);
    try {
      const through = on(wire.url);
      expect((await through('run')).out).toContain('1 success; nothing more is due.');
      expect(wire.trips).toEqual({ connections: 1, setup: 3, queries: 2 });
      wire.reset();
      expect((await through('run')).out).toBe('Nothing to do.\n');
      expect(wire.trips).toEqual({ connections: 1, setup: 3, queries: 1 });
    } finally {
      wire.stop();
    }
  });

  test('prints the SQL without asking the store', async () => {
    const ran = await on('postgres://me:hunter2@127.0.0.1:9/nowhere')('init', '--print');
    expect(ran).toEqual({ code: 0, out: printPostgresSchema(), err: '' });
  });

  test('tells which open doors `init` closed, to people and to programs', async () => {
    const { url } = await newProject('open');
    await query(url, earlierSetup());
    const run = on(url);
    const { notes } = JSON.parse((await run('init', '--json')).out);
    expect(notes).toContainEqual(expect.stringMatching(/^Closed: policy .* on cloud_jobs for /));
    const again = await newProject('open');
    await query(again.url, earlierSetup());
    const { out } = await on(again.url)('init');
    for (const note of notes) expect(out).toContain(`\n${note}\n`);
  });

  test('without tables says which command to run: exit code 2, and a failed check', async () => {
    const { database, run } = await onNew();
    const sentence = `There are no cloud-jobs tables in ${placeOf(database)}, or older ones: run \`cloud-jobs init\`.`;
    expect(await run('run')).toEqual({ code: 2, out: '', err: `error: ${sentence}\n` });
    const doctor = await run('doctor');
    expect(doctor.code).toBe(1);
    expect(doctor.out).toContain(`\n✗ schema     ${sentence}\n`);
  });

  test('refuses tables of a newer version, and leaves them: exit code 2', async () => {
    const { database, run } = await onNew(migrated);
    const newer = `CREATE OR REPLACE FUNCTION cloud_job_schema_version() RETURNS integer
      LANGUAGE sql IMMUTABLE AS 'SELECT 99'`;
    const ledger = `INSERT INTO cloud_job_migrations (version, name, checksum) VALUES (99, '', '')`;
    await query(database.url, newer, ledger);
    const sentence =
      /^error: The tables in .* are of version 99, but .* update cloud-jobs \(.*\)\.\n$/;
    for (const command of ['run', 'init', 'list']) {
      const { code, err } = await run(command);
      expect({ command, code }).toEqual({ command, code: 2 });
      expect(err).toMatch(sentence);
    }
    expect((await run('doctor')).out).toMatch(/\n✗ schema +The tables in .* are of version 99,/);
  });

  test.each([
    ['a wrong password', (url: string) => withPassword(url, 'hunter2')],
    ['a database that is not there', (url: string) => url.replace(/\/[^/]*$/, '/nowhere')],
  ])('%s is refused at once: exit code 2, and a failed check', async (_what, change) => {
    const { database } = await onNew(migrated);
    const run = on(change(database.url));
    for (const command of ['run', 'init', 'list']) {
      const { code, out, err } = await run(command);
      expect({ command, code, out }).toEqual({ command, code: 2, out: '' });
      expect(err).toMatch(/^error: Postgres database .* refuses the given user or key: .*\n$/);
    }
    expect((await run('list', '--verbose')).err).toContain('cause');
    const doctor = await run('doctor');
    expect(doctor.code).toBe(1);
    expect(doctor.out).toMatch(/\n✗ store +Postgres database .* refuses the given user/);
  });

  test('an address without a password, where the server asks for one, is refused at once', async () => {
    const { database } = await onNew(migrated);
    const url = new URL(database.url);
    url.password = '';
    for (const command of ['run', 'init']) {
      const { code, err } = await on(url.href)(command);
      expect({ command, code }).toEqual({ command, code: 2 });
      expect(err).toMatch(/^error: Postgres database .* asks for a password, and the address/);
    }
  });

  test('a server that is away, or never answers: exit code 3 when the time given is over', async () => {
    const { database } = await onNew(migrated);
    const silent = await startWire(database.url);
    silent.hang();
    const away = 'postgres://me:hunter2@127.0.0.1:9/nowhere';
    try {
      const began = performance.now();
      const drain = (url: string) => on(url)('run', '--deadline', '2');
      const [refused, unanswered] = await Promise.all([drain(away), drain(silent.url)]);
      expect(performance.now() - began).toBeLessThan(8000);
      expect([refused.code, unanswered.code]).toEqual([3, 3]);
      expect(refused.err).toContain('"event":"store.retried"');
      expect(refused.err).toMatch(
        /error: Postgres database nowhere at 127\.0\.0\.1:9 cannot be reach/,
      );
      expect(unanswered.err).toMatch(/error: the store did not answer claimJobs within /);
      expect(await on(away)('init')).toMatchObject({ code: 3, out: '' });
    } finally {
      silent.stop();
    }
  });
});
