import { describe, expect, test } from '@jest/globals';
import { age, count, oneLine } from '../../src/cli/format.ts';
import { type Audience, createOutput } from '../../src/cli/output.ts';
import { duration } from '../../src/core/lengths.ts';
import { InputError, SettingsError } from '../../src/errors.ts';

interface Terminal {
  terminal?: boolean;
  colors?: boolean;
  columns?: number;
}

const outputs = (audience: Audience, given: Terminal = {}) => {
  const { terminal = false, colors = terminal, columns = 60 } = given;
  const texts = { out: '', err: '' };
  const sink = (key: keyof typeof texts) => ({
    isTTY: terminal,
    columns,
    hasColors: () => colors,
    write: (text: string) => {
      texts[key] += text;
    },
  });
  return { output: createOutput(sink('out'), sink('err'), audience), texts };
};

describe('errors', () => {
  const two = new SettingsError([
    { path: 'A', message: 'is wrong' },
    { path: 'B', message: 'is worse' },
  ]);

  test('one problem is one sentence, several are a line each', () => {
    const { output, texts } = outputs({ json: false });
    output.error(new InputError([{ path: 'name', message: 'is missing' }], 'Job refused'));
    output.error(two);
    expect(texts.err).toBe(
      'error: Job refused: name: is missing\n' +
        'error: Settings cannot be used:\n  A: is wrong\n  B: is worse\n',
    );
  });

  test('programs get code, message and problems as JSON', () => {
    const { output, texts } = outputs({ json: true });
    output.error(two);
    expect(JSON.parse(texts.err).error).toMatchObject({
      code: 'settings_invalid',
      problems: [
        { path: 'A', message: 'is wrong' },
        { path: 'B', message: 'is worse' },
      ],
    });
  });

  test('what was not foreseen says so, and where it arose only with --verbose', () => {
    const quiet = outputs({ json: false });
    quiet.output.error(new TypeError('x is not a function'));
    expect(quiet.texts.err).toBe(
      'error: x is not a function\nThis was not foreseen; --verbose shows where.\n',
    );
    const verbose = outputs({ json: false, verbose: true });
    verbose.output.error(new TypeError('x is not a function'));
    expect(verbose.texts.err).toContain('output.test.ts');
  });

  test('a message cannot steer the terminal', () => {
    const { output, texts } = outputs({ json: false });
    output.error(new InputError([{ path: 'name', message: 'is \u001b[2J\nodd' }]));
    expect(texts.err).toBe('error: Refused: name: is odd\n');
  });
});

describe('tables', () => {
  const wide = [['a', 'word '.repeat(30).trim()]];

  test('on a terminal the last column ends at its edge', async () => {
    const { output, texts } = outputs({ json: false }, { terminal: true, colors: false });
    await output.table(['id', 'text'], wide);
    const lines = texts.out.trimEnd().split('\n');
    expect(lines).toHaveLength(2);
    expect(lines[1]).toMatch(/^a {3}word .*…$/);
    expect(lines[1]?.length).toBeLessThanOrEqual(60);
  });

  test('in a file nothing is cut', async () => {
    const { output, texts } = outputs({ json: false });
    await output.table(['id', 'text'], wide);
    expect(texts.out).toBe(`id  text\na   ${wide[0]?.[1]}\n`);
  });

  test('a terminal without colours gets none', async () => {
    const { output, texts } = outputs({ json: false }, { terminal: true, colors: false });
    await output.table(['id'], [['a']]);
    expect(texts.out).not.toContain('\u001b');
  });
});

describe('words', () => {
  test.each([
    [0, '0 ms'],
    [0.0084, '8 ms'],
    [1.234, '1.23 s'],
    [59.4, '59 s'],
    [60, '1 min'],
    [200, '3 min 20 s'],
    [7500, '2 h 5 min'],
    [360_000, '4 d 4 h'],
  ])('%d seconds are %j', (value, expected) => {
    expect(duration(value)).toBe(expected);
  });

  test.each([
    [0, 'now'],
    [-12, '12 s ago'],
    [185, 'in 3 min'],
    [-90_000, '1 d ago'],
  ])('%d seconds from now is %j', (seconds, expected) => {
    const today = new Date('2026-01-01T00:00:00Z');
    expect(age(new Date(today.getTime() + seconds * 1000), today)).toBe(expected);
  });

  test('one is singular, all else plural', () => {
    expect([count(0, 'job'), count(1, 'job'), count(2, 'job')]).toEqual([
      '0 jobs',
      '1 job',
      '2 jobs',
    ]);
  });

  test('a long text is cut between letters', () => {
    expect(oneLine('a😀b😀c', 4)).toBe('a😀b…');
  });
});
