// `apply` as people and programs see it.
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeEach, describe, expect, test } from '@jest/globals';
import type { Schedule } from '../../src/core/schedule.ts';
import { type CommandLine, commandLine } from './command_line.ts';

let cli: CommandLine;
beforeEach(async () => {
  cli = await commandLine();
});

const write = (text: string, name = 'jobs.yaml'): void => {
  writeFileSync(join(cli.folder, name), text);
};

const apply = async (text: string, ...words: string[]) => {
  write(text);
  return cli.run('apply', 'jobs.yaml', ...words);
};

const schedules = (): Promise<Schedule[]> =>
  cli.withRunner((runner) => runner.schedules.list({ limit: 100 }));

const two = `
defaults:
  timezone: Europe/Berlin
schedules:
  - name: greet-daily
    job_type: greet
    schedule_expression: "0 3 * * *"
    config: { whom: you }
  - name: put-aside
    job_type: fail
    schedule_expression: "@weekly"
    timezone: UTC
    status: inactive
`;

const NEXT = /next \w{3} \d{4}-\d\d-\d\d 03:00 \+0[12]:00/;

describe('for people', () => {
  test('what is created is told with its next time, and the second time there is nothing to do', async () => {
    const { code, out, err } = await apply(two);
    expect({ code, err }).toEqual({ code: 0, err: '' });
    const [first, second, ...rest] = out.split('\n');
    expect(first).toMatch(/^\+ greet-daily {2}greet {2}0 3 \* \* \* {2}Europe\/Berlin {2}next /);
    expect(first).toMatch(NEXT);
    expect(second).toBe('+ put-aside    fail  @weekly  UTC  inactive');
    expect(rest).toEqual(['', 'Done: 2 created.', '']);
    expect(await apply(two)).toEqual({
      code: 0,
      out: 'Nothing to change: 2 schedules are as the file has them.\n',
      err: '',
    });
  });

  test('what is changed is told value by value, old and new', async () => {
    await apply(two);
    const changed = two
      .replace('whom: you', 'whom: them')
      .replace('"@weekly"', '"@monthly"\n    description: once a month\n    timeout_seconds: 2.5');
    const { code, out } = await apply(changed);
    expect(code).toBe(0);
    expect(out).toBe(
      [
        '~ greet-daily',
        '    config.whom  you → them',
        '~ put-aside    inactive',
        '    schedule_expression  @weekly → @monthly',
        '    description          none → once a month',
        '    timeout_seconds      none → 2.5',
        '',
        'Done: 2 changed.',
        '',
      ].join('\n'),
    );
    expect(await schedules()).toMatchObject([
      { name: 'greet-daily', config: { whom: 'them' } },
      { name: 'put-aside', description: 'once a month', timeout_seconds: 2.5 },
    ]);
  });

  test('long values begin where they differ, one below the other', async () => {
    const withText = (text: string) => two.replace('whom: you', `whom: "${text}"`);
    await apply(withText(`${'a'.repeat(150)}b${'c'.repeat(150)}`));
    const { out } = await apply(withText(`${'a'.repeat(150)}d${'c'.repeat(150)}`));
    const [, old, present] = out.split('\n');
    expect(old).toMatch(/^ {4}config\.whom {2}…a{12}bc+…$/);
    expect(present).toMatch(/^ {15}→ …a{12}dc+…$/);
    for (const line of [old, present]) expect(line?.length).toBeLessThanOrEqual(120);
  });

  test('values that only look alike are told as JSON', async () => {
    const file =
      'schedules: [{name: a, job_type: fail, schedule_expression: "@daily", config: {n: 1, s: ""}}]';
    await apply(file);
    const { out } = await apply(file.replace('n: 1, s: ""', 'n: "1", s: " "'));
    expect(out).toContain('    config.n  1 → "1"\n');
    expect(out).toContain('    config.s  "" → " "\n');
  });

  test('a dry run shows the same and writes nothing', async () => {
    const { code, out } = await apply(two, '--dry-run');
    expect(code).toBe(0);
    expect(out).toMatch(
      /^\+ greet-daily .*\n\+ put-aside .*\n\nNothing was written: 2 to be created\.\n$/,
    );
    expect(await schedules()).toEqual([]);
  });

  test('what the file has no more stays and is told, and goes with --prune', async () => {
    await apply(two);
    await cli.run('schedule', 'create', 'by-hand', 'greet', '@daily');
    const without = 'schedules: []\n';
    const stayed = await apply(without);
    expect(stayed.out).toBe('Nothing to change: the file has no schedules.\n');
    expect(stayed.err).toBe(
      '2 applied schedules are not in the file; --prune deletes them: greet-daily, put-aside.\n',
    );
    const pruned = await apply(without, '--prune');
    expect(pruned).toMatchObject({ code: 0, err: '' });
    expect(pruned.out).toMatch(/^- greet-daily .*\n- put-aside .*\n\nDone: 2 deleted\.\n$/);
    expect((await schedules()).map(({ name }) => name)).toEqual(['by-hand']);
  });

  test('a paused one stays so, as a note says', async () => {
    await apply(two);
    await cli.run('schedule', 'pause', 'greet-daily');
    const { out, err } = await apply(two);
    expect(out).toBe('Nothing to change: 2 schedules are as the file has them.\n');
    expect(err).toBe('Paused, and stays so until `cloud-jobs schedule resume`: greet-daily.\n');
  });

  test('one made by hand is adopted', async () => {
    await cli.run('schedule', 'create', 'by-hand', 'greet', '@daily');
    const file = 'schedules: [{name: by-hand, job_type: greet, schedule_expression: "@daily"}]';
    expect((await apply(file)).out).toBe(
      '~ by-hand  made by hand, now of this file\n\nDone: 1 adopted.\n',
    );
  });

  test('colours only on a terminal: green, yellow, red', async () => {
    await apply(two);
    write(two.replace('greet-daily', 'new').replace('"@weekly"', '"@daily"'));
    const { out } = await cli.runWith({ terminal: true }, 'apply', 'jobs.yaml', '--prune');
    expect(out).toContain('\u001b[32m+ new\u001b[39m');
    expect(out).toContain('\u001b[33m~ put-aside\u001b[39m');
    expect(out).toContain('\u001b[31m- greet-daily\u001b[39m');
  });

  test('names and values cannot steer the terminal', async () => {
    const file = JSON.stringify({
      schedules: [
        {
          name: 'a\u001b[2J',
          job_type: 'greet',
          schedule_expression: '@daily',
          config: { whom: 'x\u001b[31m\ny' },
        },
      ],
    });
    const created = await apply(file);
    const changed = await apply(file.replace('\\ny', '\\nz'));
    expect(created.out + changed.out).not.toMatch(/\u001b/);
    expect(changed.out).toContain('config.whom  x y → x z');
  });
});

describe('for programs', () => {
  test('--json tells every change', async () => {
    await apply(two);
    const text = two.replace('whom: you', 'whom: them').replace('put-aside', 'new');
    const { code, out, err } = await apply(text, '--prune', '--json');
    expect({ code, err }).toEqual({ code: 0, err: '' });
    expect(JSON.parse(out)).toMatchObject({
      changes: [
        {
          action: 'changed',
          name: 'greet-daily',
          fields: [{ field: 'config', from: { whom: 'you' }, to: { whom: 'them' } }],
        },
        { action: 'created', name: 'new', status: 'inactive', next_execution: null },
        { action: 'deleted', name: 'put-aside' },
      ],
      created: 1,
      changed: 1,
      adopted: 0,
      deleted: 1,
      unchanged: 0,
      dry_run: false,
    });
  });

  test('job types of one’s own are known', async () => {
    const source = `export const mine = { type: 'mine', config: { safeParseAsync: async (data) => ({ success: true, data }) }, run: () => 1 };`;
    writeFileSync(join(cli.folder, 'mine.mjs'), source);
    write('schedules: [{name: a, job_type: mine, schedule_expression: "@daily"}]');
    expect((await cli.run('apply', 'jobs.yaml', '--jobs', 'mine.mjs')).code).toBe(0);
    expect((await cli.run('apply', 'jobs.yaml')).err).toContain('"mine" is no known job type');
  });
});

test('the help shows a file that can be applied as it stands', async () => {
  const { out } = await cli.run('apply', '--help');
  expect(out).toContain('the two are not\nmerged');
  const [, example = ''] = /Example of a file:\n(.*?)\n\n/s.exec(out) ?? [];
  const { code, out: told } = await apply(example.replaceAll(/^ {2}/gm, ''));
  expect(code).toBe(0);
  expect(told).toContain('+ nightly-papers  paper_fetch  0 3 * * *  Europe/Berlin');
});
