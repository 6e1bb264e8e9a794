import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeEach, describe, expect, test } from '@jest/globals';
import type { Job } from '../../src/core/job.ts';
import { type CommandLine, commandLine } from './command_line.ts';

let cli: CommandLine;
beforeEach(async () => {
  cli = await commandLine();
});

const created = async (...words: string[]): Promise<Job> => {
  const { code, out, err } = await cli.run('create', ...words, '--json');
  if (code !== 0) throw new Error(err);
  const { job_id } = JSON.parse(out) as { job_id: string };
  const detail = await cli.withRunner((runner) => runner.store.getJob(job_id));
  return detail?.job as Job;
};

describe('create', () => {
  test('the id alone goes to stdout, what to do next to stderr', async () => {
    const { code, out, err } = await cli.run('create', 'Hello', 'greet');
    expect(code).toBe(0);
    expect(out).toMatch(/^[0-9a-f-]{36}\n$/);
    expect(err).toBe(`Next: cloud-jobs run executes it, cloud-jobs show ${out}`);
  });

  test('every option reaches the job', async () => {
    const first = await created('First', 'greet');
    const job = await created(
      ...['Second', 'greet', '--description', 'what for', '--job-config', 'whom=you'],
      ...['--priority', 'high', '--max-retries', '7', '--retry-delay', '5'],
      ...['--retry-backoff', 'fixed', '--timeout', '1.5', '--unique-key', 'k'],
      ...['--run-at', '2030-06-01T12:00+02:00', '--depends-on', first.job_id],
    );
    expect(job).toMatchObject({
      name: 'Second',
      job_type: 'greet',
      status: 'blocked',
      description: 'what for',
      config: { whom: 'you' },
      priority: 10,
      max_retries: 7,
      retry_delay_seconds: 5,
      retry_backoff: 'fixed',
      timeout_seconds: 1.5,
      unique_key: 'k',
      run_at: new Date('2030-06-01T10:00:00Z'),
    });
  });

  test('a config value that reads as JSON is JSON, any other is text', async () => {
    const words = [
      'n=5',
      'list=["a",1]',
      'text=hello world',
      'quoted="5"',
      'none=null',
      'eq=a=b',
      'a.b=1',
    ];
    const job = await created('Config', 'fail', '--job-config', ...words);
    expect(job.config).toEqual({
      n: 5,
      list: ['a', 1],
      text: 'hello world',
      quoted: '5',
      none: null,
      eq: 'a=b',
      'a.b': 1,
    });
  });

  test('--job-config may be repeated and overrides --config-file', async () => {
    writeFileSync(join(cli.folder, 'c.yaml'), 'a: 1\nb: [x]\n');
    const words = ['--config-file', 'c.yaml', '--job-config', 'a=2', '--job-config', 'c=3'];
    expect((await created('Both', 'fail', ...words)).config).toEqual({ a: 2, b: ['x'], c: 3 });
  });

  test('--config-file reads JSON too', async () => {
    writeFileSync(join(cli.folder, 'c.json'), '{"a": {"b": [1, null, "x"]}}');
    const { config } = await created('File', 'fail', '--config-file', 'c.json');
    expect(config).toEqual({ a: { b: [1, null, 'x'] } });
  });

  test.each([
    ['+90s', 90],
    ['+10m', 600],
    ['+2h', 7200],
    ['+1d', 86_400],
  ])('--run-at %s counts from the store’s now', async (word, seconds) => {
    const job = await created('Later', 'greet', '--run-at', word);
    const delay = (job.run_at.getTime() - job.created_at.getTime()) / 1000;
    expect(Math.abs(delay - seconds)).toBeLessThan(5);
  });

  test('a second unfinished job with the same unique key is not made', async () => {
    const first = await cli.run('create', 'One', 'greet', '--unique-key', 'k');
    const second = await cli.run('create', 'Two', 'greet', '--unique-key', 'k');
    expect(second.out).toBe(first.out);
    expect(second.code).toBe(0);
    expect(second.err).toContain('There is such a job already (waiting); nothing was created.');
  });
});

describe('what create refuses', () => {
  test.each([
    [['X'], "missing required argument 'type'"],
    [['X', 'greet', 'more'], "too many arguments for 'create'. Expected 2 arguments but got 3."],
    [['X', 'greet', '--prio', 'high'], "unknown option '--prio'"],
    [
      ['X', 'greet', '--priority', 'urgent'],
      "argument 'urgent' is invalid. Expected low, normal, high or a whole number from -32768 to 32767.",
    ],
    [['X', 'greet', '--priority', '40000'], "argument '40000' is invalid."],
    [
      ['X', 'greet', '--run-at', 'tomorrow'],
      "argument 'tomorrow' is invalid. Expected a date-time such as 2026-12-24T18:00Z, or +90s, +10m, +2h, +1d from now.",
    ],
    [['X', 'greet', '--run-at', '2026-02-30T10:00Z'], "argument '2026-02-30T10:00Z' is invalid."],
    [
      ['X', 'greet', '--run-at', '2030-01-01T10:00'],
      'Expected a time zone at the end: 2030-01-01T10:00Z for UTC, or e.g. 2030-01-01T10:00+02:00.',
    ],
    [
      ['X', 'greet', '--max-retries', '-1'],
      "argument '-1' is invalid. Expected a whole number of 0 or more",
    ],
    [
      ['X', 'greet', '--timeout', '0'],
      "argument '0' is invalid. Expected a number of seconds above 0.",
    ],
    [['X', 'greet', '--config-file', 'no.json'], 'no.json cannot be read (ENOENT)'],
  ])('%j', async (words, message) => {
    const { code, out, err } = await cli.run('create', ...words);
    expect({ code, out }).toEqual({ code: 2, out: '' });
    expect(err).toMatch(/^error: .*\n$/);
    expect(err).toContain(message);
  });

  test('every fault of --job-config is named', async () => {
    const { code, err } = await cli.run(
      'create',
      'X',
      'greet',
      '--job-config',
      'whom',
      'a=1',
      'a=2',
    );
    expect(code).toBe(2);
    expect(err).toContain(`--job-config: "whom" is not key=value, e.g. max_papers=5`);
    expect(err).toContain('--job-config: "a" is given twice');
  });

  test.each([
    ['list.yaml', '- 1\n', 'does not hold an object of config values'],
    ['bad.yaml', '{"a": ', 'is neither JSON nor YAML'],
  ])('a config file %s of other things', async (name, text, message) => {
    writeFileSync(join(cli.folder, name), text);
    const { code, err } = await cli.run('create', 'X', 'greet', '--config-file', name);
    expect(code).toBe(2);
    expect(err).toContain(`--config-file: ${name} ${message}`);
  });
});
