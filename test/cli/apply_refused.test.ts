// What `apply` refuses, and how it says where the fault is.
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeEach, describe, expect, test } from '@jest/globals';
import { type CommandLine, commandLine } from './command_line.ts';

let cli: CommandLine;
beforeEach(async () => {
  cli = await commandLine();
});

/** Everything on stderr; nothing may be written, to stdout or into the store. */
const refused = async (text: string, ...words: string[]): Promise<string> => {
  writeFileSync(join(cli.folder, 'jobs.yaml'), text);
  const { code, out, err } = await cli.run('apply', 'jobs.yaml', ...words);
  expect({ code, out }).toEqual({ code: 2, out: '' });
  expect(await cli.withRunner(({ schedules }) => schedules.list({ limit: 1 }))).toEqual([]);
  return err;
};

describe('a file that is not what was meant', () => {
  test('every fault with its path, its line, the value and what is expected, in order', async () => {
    const err = await refused(`
defaults:
  timezone: Nowhere
schedules:
  - name: good
    job_type: greet
    schedule_expression: "@daily"
  - name: bad
    job_type: greet
    schedule_expression: "61 * * * *"
    config:
      whom: 5
    colour: red
  - { job_type: gret, schedule_expression: "@daily" }
`);
    expect(err.split('\n')).toEqual([
      'error: jobs.yaml refused:',
      '  defaults.timezone: line 3: "Nowhere" is no time zone; expected a name such as UTC or Europe/Berlin ("good", "bad")',
      '  schedules[1].schedule_expression: line 10: minute "61" cannot be used; expected 0 to 59 ("bad")',
      '  schedules[1].config.whom: line 12: Invalid input: expected string, received number ("bad")',
      expect.stringMatching(
        /^ {2}schedules\[1\]\.colour: line 13: unknown field; known are name, /,
      ),
      '  schedules[2].name: line 14: is missing; expected a text of 1 to 200 characters',
      expect.stringMatching(/^ {2}schedules\[2\]\.job_type: line 14: "gret" is no known job type/),
      '',
    ]);
  });

  test.each([
    ['', 'nothing is in it; expected a mapping with a list of `schedules`, [] for none'],
    ['# later\n', 'nothing is in it; expected a mapping with a list of `schedules`, [] for none'],
    ['- a\n', 'a list cannot be used; expected a mapping with a list of `schedules`'],
    ['schedules:\n', 'schedules: line 1: null cannot be used; expected a list, [] for none'],
    ['schedule: []\n', 'schedule: line 1: unknown field; did you mean schedules?'],
  ])('%j', async (text, expected) => {
    expect(await refused(text)).toContain(expected);
    expect(await refused(text, '--prune')).toContain(expected);
  });

  test('a doubled name', async () => {
    const one = '{ name: a, job_type: greet, schedule_expression: "@daily" }';
    expect(await refused(`schedules:\n  - ${one}\n  - ${one}\n`)).toBe(
      'error: jobs.yaml refused: schedules[1].name: line 3: "a" is the name of schedules[0], too; expected a name of its own\n',
    );
  });

  test('for programs the faults are JSON', async () => {
    const err = await refused('schedules: [{}]\n', '--json');
    expect(JSON.parse(err)).toMatchObject({
      error: {
        code: 'input_invalid',
        problems: [
          { path: 'schedules[0].name' },
          { path: 'schedules[0].job_type' },
          { path: 'schedules[0].schedule_expression' },
        ],
      },
    });
  });
});

describe('a file that is no YAML', () => {
  const inRule = (rule: string) => `schedules:\n  - name: a\n    schedule_expression: ${rule}\n`;

  test.each([
    [
      'an unquoted star',
      inRule('* * * * *'),
      'line 3, column 26: Alias cannot be an empty string; a text that begins with * or @ must be in quotes',
    ],
    ['an unquoted step', inRule('*/5 * * * *'), 'text that begins with * or @ must be in quotes'],
    ['an unquoted nickname', inRule('@daily'), 'text that begins with * or @ must be in quotes'],
    ['a tab', 'schedules:\n\t- a: 1\n', 'line 2, column 1: Tabs are not allowed as indentation'],
    ['a key twice', 'a: 1\nschedules: []\na: 2\n', 'line 3, column 1: Map keys must be unique'],
    ['a second document', 'a: 1\n---\nb: 2\n', 'line 2, column 1: a second document begins here'],
    ['an unknown anchor', 'a: 1\nb: *c\n', 'line 2, column 4: *c has no anchor &c before it'],
    ['an anchor after its alias', 'a: *c\nb: &c 1\n', '*c has no anchor &c before it'],
    ['a circle', 'a: &a [[*a]]\n', 'line 1, column 9: *a stands within its own anchor'],
    ['a tag', 'schedules: !mine []\n', 'line 1, column 12: Unresolved tag: !mine'],
    ['a tag of bytes', 'a: !!binary aGk=\n', 'line 1, column 4: Unresolved tag'],
    ['levels without end', `a: ${'['.repeat(20_000)}`, 'too many levels, one within the other'],
    ['keys that are no texts', '? [a]\n: 1\n', 'all keys must be strings'],
  ])('%s', async (_, text, expected) => {
    const err = await refused(text);
    expect(err).toMatch(/^error: jobs\.yaml: ?\n?/);
    expect(err).toContain('is neither JSON nor YAML: line ');
    expect(err).toContain(expected);
  });

  test('each line is told once, and no more than twenty of them', async () => {
    const err = await refused(`schedules:\n${'  - @a\n'.repeat(30)}`);
    const lines = err.trimEnd().split('\n');
    expect(lines).toHaveLength(22);
    expect(lines[1]).toContain('line 2, column 5');
    expect(lines[21]).toContain('and faults in 10 lines more');
  });
});

describe('bounds', () => {
  test('a file of more than 1 MiB', async () => {
    expect(await refused(`# ${'x'.repeat(1024 * 1024)}\nschedules: []\n`)).toBe(
      'error: jobs.yaml: is larger than 1048576 bytes (1 MiB)\n',
    );
  });

  test('aliases of aliases that come to more than a machine holds', async () => {
    const letters = 'abcdefghij'.split('');
    const lines = letters.map((letter, at) => {
      const before = letters[at - 1];
      return `${letter}: &${letter} [${Array(10)
        .fill(before ? `*${before}` : 'x')
        .join(', ')}]`;
    });
    const err = await refused(`${lines.join('\n')}\nschedules: []\n`);
    expect(err).toMatch(
      /^error: jobs\.yaml: comes to \d+ characters with its aliases; expected 16777216 at most\n$/,
    );
  });

  test('more aliases than are looked up', async () => {
    const many = Array(10_001).fill('*a').join(',');
    expect(await refused(`a: &a 1\nschedules: [${many}]\n`)).toContain('at most 10000 aliases');
  });
});

test('anchors, aliases and merge keys within these bounds are understood', async () => {
  const text = `
defaults: &common { job_type: greet, schedule_expression: "@daily" }
schedules:
  - { name: a, config: &config { whom: you } }
  - { name: b, config: *config }
  - <<: *common
    name: c
    schedule_expression: "@weekly"
`;
  writeFileSync(join(cli.folder, 'jobs.yaml'), text);
  expect((await cli.run('apply', 'jobs.yaml')).err).toBe('');
  const made = await cli.withRunner(({ schedules }) => schedules.list({ limit: 10 }));
  expect(
    made.map(({ name, config, schedule_expression }) => [name, config, schedule_expression]),
  ).toEqual([
    ['a', { whom: 'you' }, '@daily'],
    ['b', { whom: 'you' }, '@daily'],
    ['c', {}, '@weekly'],
  ]);
});

test.each([
  [['apply'], "missing required argument 'file'"],
  [['apply', 'gone.yaml'], 'gone.yaml: cannot be read (ENOENT)'],
  [['apply', '.'], '.: cannot be read (EISDIR)'],
  [['apply', 'a', 'b'], "too many arguments for 'apply'"],
  [['apply', 'a', '--prun'], "unknown option '--prun' (Did you mean --prune?)"],
])('%j', async (words, message) => {
  const { code, out, err } = await cli.run(...words);
  expect({ code, out }).toEqual({ code: 2, out: '' });
  expect(err).toMatch(/^error: .*\n$/);
  expect(err).toContain(message);
});
