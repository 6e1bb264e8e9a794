import { readFileSync } from 'node:fs';
import { describe, expect, test } from '@jest/globals';
import { version } from '../../src/version.ts';
import { commandLine } from './command_line.ts';

describe('init', () => {
  test('the first time it creates the tables, the second time it says that they are there', async () => {
    const cli = await commandLine({ init: false });
    const first = await cli.run('init');
    expect(first.code).toBe(0);
    expect(first.out).toMatch(
      /^Created the tables in sqlite:.* \(schema version 4\): 0001_jobs\.sql, 0002_types\.sql, 0003_schedules\.sql, 0004_reading\.sql\.\n/,
    );
    expect(first.out).toContain('Next: cloud-jobs doctor');
    const second = await cli.run('init');
    expect(second.code).toBe(0);
    expect(second.out).toMatch(/^The tables in sqlite:.* are up to date \(schema version 4\)\.\n$/);
  });

  test('--json answers the versions', async () => {
    const cli = await commandLine({ init: false });
    expect(JSON.parse((await cli.run('init', '--json')).out)).toEqual({
      from: 0,
      to: 4,
      applied: ['0001_jobs.sql', '0002_types.sql', '0003_schedules.sql', '0004_reading.sql'],
      notes: [],
    });
  });

  test('what there is to tell besides stands on lines of its own', async () => {
    const cli = await commandLine({ init: false });
    const done = {
      from: 3,
      to: 4,
      applied: ['4.sql'],
      notes: ['Closed: a.', 'Closed: \u001b[1mb.'],
    };
    const initStore = async () => ({ ...done, where: 'a database' });
    const { out } = await cli.runWith({ host: { doors: { ...cli.doors, initStore } } }, 'init');
    expect(out).toBe(
      'Upgraded the tables from version 3 in a database (schema version 4): 4.sql.\n' +
        'Closed: a.\nClosed: b.\n' +
        'Next: cloud-jobs doctor, or cloud-jobs create NAME TYPE\n',
    );
  });

  test('rows of an earlier set-up are told of: it was upgraded, not created', async () => {
    const cli = await commandLine({ init: false });
    const kept = '2 jobs and 1 execution of the earlier set-up';
    const done = { from: 0, to: 4, applied: ['1.sql', '2.sql'], kept, notes: [`Kept ${kept}.`] };
    const initStore = async () => ({ ...done, where: 'a database' });
    const desk = { host: { doors: { ...cli.doors, initStore } } };
    expect((await cli.runWith(desk, 'init')).out).toBe(
      'Upgraded the earlier set-up in a database (schema version 4): 1.sql, 2.sql.\n' +
        `Kept ${kept}.\n` +
        'Next: cloud-jobs doctor, or cloud-jobs create NAME TYPE\n',
    );
    expect(JSON.parse((await cli.runWith(desk, 'init', '--json')).out)).toEqual(done);
  });

  test('--print gives the SQL and touches nothing', async () => {
    const cli = await commandLine({ init: false });
    const { code, out, err } = await cli.run('init', '--print');
    expect({ code, err }).toEqual({ code: 0, err: '' });
    expect(out).toContain('CREATE TABLE cloud_jobs (');
    expect((await cli.run('list')).code).toBe(2);
  });
});

describe('the program itself', () => {
  test('--version prints the version of the package', async () => {
    const cli = await commandLine({ init: false });
    expect(await cli.run('--version')).toEqual({ code: 0, out: `${version}\n`, err: '' });
    const packageJson = readFileSync(new URL('../../package.json', import.meta.url), 'utf8');
    expect(version).toBe(JSON.parse(packageJson).version);
  });

  test('--help goes to stdout; no command at all is wrong usage with the same help on stderr', async () => {
    const cli = await commandLine({ init: false });
    const help = await cli.run('--help');
    expect(help.code).toBe(0);
    expect(help.out).toContain('Usage: cloud-jobs [options] [command]');
    expect(await cli.run()).toEqual({ code: 2, out: '', err: help.out });
  });

  test('the help of a command names its own and the common options', async () => {
    const cli = await commandLine({ init: false });
    const { code, out } = await cli.run('help', 'run');
    expect(code).toBe(0);
    expect(out).toMatch(/--lock-duration <minutes> .*JOB_LOCK_DURATION/);
    expect(out).toMatch(/--database-url <url>/);
  });
});
