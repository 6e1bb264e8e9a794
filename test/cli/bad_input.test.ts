// What a user sees for each kind of bad input that a command line can bring in.
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeEach, describe, expect, test } from '@jest/globals';
import Driver from 'libsql';
import { newJob } from '../support/jobs.ts';
import { type CommandLine, commandLine } from './command_line.ts';

let cli: CommandLine;
beforeEach(async () => {
  cli = await commandLine();
});

const refused = async (...words: string[]): Promise<string> => {
  const { code, out, err } = await cli.run(...words);
  expect({ code, out }).toEqual({ code: 2, out: '' });
  return err;
};

const detailOf = (id: string) => cli.withRunner(({ store }) => store.getJob(id));

describe('job types', () => {
  test('an unknown type at creation is refused, naming the known ones', async () => {
    const err = await refused('create', 'X', 'gret');
    expect(err).toMatch(
      /^error: .*job_type: "gret" is no known job type; expected one of custom, fail, greet, hang, /,
    );
    expect(JSON.parse((await cli.run('list', '--json')).out)).toEqual([]);
  });

  test('a type unknown to this instance is not picked, and doctor lists it', async () => {
    const job = newJob({ job_type: 'newer-version' });
    await cli.withRunner(({ store }) => store.createJobs([job]));
    expect((await cli.run('run')).out).toBe('Nothing to do.\n');
    expect((await detailOf(job.job_id))?.job.status).toBe('waiting');
    expect((await cli.run('doctor')).out).toContain(
      '! types      1 unfinished job of type "newer-version", which this instance has no code for',
    );
  });
});

describe('config', () => {
  test('a config that fails its schema is refused at creation with the path of each fault', async () => {
    const err = await refused('create', 'X', 'greet', '--job-config', 'whom=5', 'extra=1');
    const [head, ...problems] = err.trimEnd().split('\n');
    expect(head).toMatch(/^error: .* refused:$/);
    expect(problems).toEqual([
      expect.stringContaining('config.whom: Invalid input: expected string, received number'),
      expect.stringContaining('config: Unrecognized key: "extra"'),
    ]);
  });

  test('a config that fails only at execution ends the job as failed, without retries', async () => {
    const job = newJob({ job_type: 'greet', config: { whom: 5 }, max_retries: 3 });
    await cli.withRunner(({ store }) => store.createJobs([job]));
    const { code, out } = await cli.run('run');
    expect(code).toBe(1);
    expect(out).toContain('config.whom');
    expect((await detailOf(job.job_id))?.job).toMatchObject({
      status: 'failed',
      current_retries: 0,
    });
  });
});

describe('ids and dependencies', () => {
  test.each(['', 'a b', '../x', 'x'.repeat(201)])('%j is no id', async (id) => {
    expect(await refused('show', id)).toBe(
      `error: Refused: job-id: "${id}" is no job id; expected a whole id as \`cloud-jobs list\` shows it\n`,
    );
  });

  test('a dependency on a missing job is refused by its id', async () => {
    const err = await refused('create', 'X', 'greet', '--depends-on', 'no-such-job');
    expect(err).toContain('depends_on: "no-such-job" is no job');
  });

  test('a job that others wait for is not deleted', async () => {
    const id = (await cli.run('create', 'First', 'greet')).out.trim();
    await cli.run('create', 'Second', 'greet', '--depends-on', id);
    expect(await refused('delete', id)).toContain('cannot be deleted: other jobs depend on it.');
  });
});

describe('results', () => {
  const module = (run: string): string => {
    const config = '{ safeParseAsync: async (data) => ({ success: true, data }) }';
    const source = `export const odd = { type: 'odd', config: ${config}, retry: { max_retries: 0 }, run: ${run} };`;
    writeFileSync(join(cli.folder, 'odd.mjs'), source);
    return 'odd.mjs';
  };

  test.each([
    [
      'a result that JSON cannot hold',
      '() => ({ n: 10n })',
      'result: is not JSON: "n" is a BigInt',
    ],
    ['a circle', '() => { const a = {}; a.a = a; return a; }', 'result: is not JSON: '],
    ['more than 1 MiB', `() => 'x'.repeat(2 ** 20)`, 'at most 1048576 (1 MiB) are kept'],
  ])('%s fails the execution with that reason', async (_, run, message) => {
    const jobs = module(run);
    const id = (await cli.run('create', 'Odd', 'odd', '--jobs', jobs)).out.trim();
    expect((await cli.run('run', '--jobs', jobs)).code).toBe(1);
    const detail = await detailOf(id);
    expect(detail?.job.status).toBe('failed');
    expect(detail?.executions[0]).toMatchObject({ status: 'failed', result: null });
    expect(detail?.executions[0]?.error_message).toContain(message);
  });
});

describe('the store', () => {
  test('missing tables: one sentence that names the command to run', async () => {
    cli = await commandLine({ init: false });
    expect(await refused('list')).toMatch(
      /^error: There is no database at .*: run `cloud-jobs init`\.\n$/,
    );
  });

  test('tables newer than the code: one sentence that names the command to run', async () => {
    const file = new Driver(join(cli.folder, 'jobs.db'));
    file.exec('PRAGMA user_version = 99');
    file.close();
    expect(await refused('list')).toMatch(
      /of version 99, but this cloud-jobs knows version 4: update/,
    );
    expect((await cli.run('doctor')).code).toBe(1);
  });

  test('a file that is no database: exit code 3', async () => {
    writeFileSync(join(cli.folder, 'x.db'), 'x'.repeat(4096));
    const url = `sqlite:${join(cli.folder, 'x.db')}`;
    const { code, err } = await cli.run('list', '--database-url', url);
    expect(code).toBe(3);
    expect(err).toContain('The file is no SQLite database.');
  });
});

describe('usage', () => {
  test.each([
    [['lst'], "unknown command 'lst' (Did you mean list?)"],
    [['list', '--stauts', 'failed'], "unknown option '--stauts' (Did you mean --status?)"],
    [
      ['list', '--status', 'done'],
      "argument 'done' is invalid. Allowed choices are waiting, blocked, locked, success, failed, cancelled, disabled.",
    ],
    [['list', '--limit', '0'], "argument '0' is invalid. Expected a whole number of 1 or more"],
    [
      ['work', '--priority', 'urgent'],
      "argument 'urgent' is invalid. Allowed choices are high, normal, low, all.",
    ],
    [['cancel'], "missing required argument 'job-id'"],
    [['run', '--config'], "option '-c, --config <file>' argument missing"],
    [['run', '--config', 'gone.yaml'], '--config: there is no file gone.yaml'],
    [['run', '--jobs', 'gone.mjs'], 'Job module refused: gone.mjs: there is no such file'],
  ])('%j', async (words, message) => {
    const err = await refused(...words);
    expect(err).toMatch(/^error: .*\n$/);
    expect(err).toContain(message);
  });

  test('with --json the same is JSON', async () => {
    expect(JSON.parse(await refused('lst', '--json'))).toEqual({
      error: {
        code: 'usage',
        message: "unknown command 'lst' (Did you mean list?)",
        problems: [],
      },
    });
    expect(JSON.parse(await refused('--json'))).toMatchObject({ error: { code: 'usage' } });
  });
});
