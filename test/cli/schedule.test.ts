import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeEach, describe, expect, test } from '@jest/globals';
import type { Schedule } from '../../src/core/schedule.ts';
import { type ScheduleLine, scheduleLine } from './schedule_line.ts';

let cli: ScheduleLine;
beforeEach(async () => {
  cli = await scheduleLine();
});

const lines = (text: string): string[] => text.trimEnd().split('\n');

describe('schedule create', () => {
  test('the id alone goes to stdout; the rule in words and the next time to stderr', async () => {
    const words = ['nightly', 'demo', '0 9 * * MON-FRI', '--timezone', 'Europe/Berlin'];
    const { code, out, err } = await cli.run('schedule', 'create', ...words);
    expect(code).toBe(0);
    expect(out).toMatch(/^[0-9a-f-]{36}\n$/);
    expect(lines(err)).toEqual([
      'Due at 09:00 on Monday to Friday (Europe/Berlin).',
      'Next time: Mon 2031-05-19 09:00 +02:00 (Mon 2031-05-19 07:00 UTC), in 1 d.',
      `Next: cloud-jobs schedule show ${out.trim()}`,
    ]);
  });

  test('every option reaches the schedule', async () => {
    writeFileSync(join(cli.folder, 'c.yaml'), 'a: 1\nb: [x]\n');
    const { out } = await cli.run(
      ...['schedule', 'create', 'nightly', 'demo', '@daily', '--json'],
      ...['--timezone', 'Asia/Kolkata', '--description', 'what for', '--priority', 'high'],
      ...['--config-file', 'c.yaml', '--job-config', 'a=2', '--max-retries', '7'],
      ...['--retry-delay', '5', '--retry-backoff', 'fixed', '--timeout', '1.5'],
      ...['--unique-key', 'k', '--missed', 'all', '--starting-deadline', '600'],
      ...['--concurrency', 'forbid', '--run-on-startup'],
    );
    expect(JSON.parse(out)).toMatchObject({
      name: 'nightly',
      job_type: 'demo',
      status: 'active',
      schedule_expression: '@daily',
      timezone: 'Asia/Kolkata',
      description: 'what for',
      priority: 10,
      config: { a: 2, b: ['x'] },
      max_retries: 7,
      retry_delay_seconds: 5,
      retry_backoff: 'fixed',
      timeout_seconds: 1.5,
      unique_key: 'k',
      missed: 'all',
      starting_deadline_seconds: 600,
      concurrency_policy: 'forbid',
      run_on_startup: true,
      next_execution: '2031-05-17T18:30:00.000Z',
    });
  });

  test('an expression may stand without quotes, as at the prompt', async () => {
    const id = await cli.create('nightly', 'demo', '0', '9', '*', '*', '1', '--priority', 'low');
    const { out } = await cli.run('schedule', 'show', id);
    expect(out).toMatch(/ {2}rule +0 9 \* \* 1 \(UTC\)\n/);
  });

  test('a job that is made at once is told of', async () => {
    const words = ['schedule', 'create', 'nightly', 'demo', '@daily', '--run-on-startup'];
    const { out, err } = await cli.run(...words);
    expect(err).toContain('A first job is made already.\n');
    expect((await cli.run('list')).out).toContain(`${out.trim()}:created `);
  });
});

describe('schedule list', () => {
  test('without schedules stdout is empty and a hint goes to stderr', async () => {
    expect(await cli.run('schedule', 'list')).toEqual({
      code: 0,
      out: '',
      err: 'No schedules yet: cloud-jobs schedule create NAME TYPE "0 9 * * *"\n',
    });
  });

  test('by name: status, next and last time, rule and zone', async () => {
    await cli.create('zebra', 'demo', '0 10 * * *');
    await cli.create('ant', 'demo', '0 9 * * 1', '-z', 'Europe/Berlin');
    await cli.run('schedule', 'pause', 'ant');
    cli.until('10:00');
    await cli.drain();
    cli.until('10:20');
    const { out, err } = await cli.run('schedule', 'list');
    expect(err).toBe('');
    expect(lines(out).map((line) => line.split(/ {2,}/))).toEqual([
      ['name', 'status', 'next', 'last', 'rule'],
      ['ant', 'paused', '0 9 * * 1 Europe/Berlin'],
      ['zebra', 'active', 'in 23 h', '20 min ago', '0 10 * * * UTC'],
    ]);
  });

  test('--status and --limit choose, and a hint says that there is more', async () => {
    for (const name of ['a', 'b', 'c']) await cli.create(name, 'demo', '@daily');
    await cli.run('schedule', 'pause', 'b');
    await cli.run('schedule', 'delete', 'c');
    const names = async (...words: string[]) => {
      const { out } = await cli.run('schedule', 'list', '--json', ...words);
      return (JSON.parse(out) as Schedule[]).map(({ name }) => name);
    };
    expect(await names()).toEqual(['a', 'b']);
    expect(await names('--status', 'paused')).toEqual(['b']);
    expect(await names('--status', 'deleted')).toEqual(['c']);
    expect(await names('--limit', '1')).toEqual(['a']);
    expect((await cli.run('schedule', 'list', '-n', '1')).err).toBe(
      'The first 1; --limit shows more.\n',
    );
    expect((await cli.run('schedule', 'list', '-n', '2')).err).toBe('');
    expect((await cli.run('schedule', 'list', '-s', 'inactive')).err).toBe('No such schedules.\n');
  });

  test('a name cannot steer the terminal or begin a line', async () => {
    await cli.create('a\u001b[2J\nforged\u0007 line', 'demo', '@daily');
    const { out } = await cli.run('schedule', 'list');
    expect(lines(out)).toHaveLength(2);
    expect(out).toContain('a forged line');
  });
});

describe('schedule pause, resume, trigger and delete', () => {
  test('each is said in one sentence', async () => {
    const id = await cli.create('nightly', 'demo', '0 12 * * *');
    const say = async (command: string) => {
      const { code, out, err } = await cli.run('schedule', command, 'nightly');
      expect({ code, err }).toEqual({ code: 0, err: '' });
      return out;
    };
    expect(await say('pause')).toBe(`nightly (${id}) is now paused.\n`);
    expect(await say('resume')).toBe(`nightly (${id}) is now active; next time in 2 h.\n`);
    expect(await say('delete')).toBe(`nightly (${id}) is deleted.\n`);
  });

  test('trigger prints the job’s id, makes one also while paused, and moves no planned time', async () => {
    await cli.create('nightly', 'demo', '0 12 * * *');
    const before = JSON.parse((await cli.run('schedule', 'show', 'nightly', '--json')).out);
    const first = await cli.run('schedule', 'trigger', 'nightly');
    expect(first).toEqual({ code: 0, out: expect.stringMatching(/^[0-9a-f-]{36}\n$/), err: '' });
    const after = JSON.parse((await cli.run('schedule', 'show', 'nightly', '--json')).out);
    expect(after.schedule.next_execution).toBe(before.schedule.next_execution);
    await cli.run('schedule', 'pause', 'nightly');
    const second = await cli.run('schedule', 'trigger', 'nightly');
    const { out } = await cli.run('list');
    for (const { out: id } of [first, second]) expect(out).toContain(id.trim());
  });

  test('trigger answers the unfinished job with the same unique key', async () => {
    await cli.create('nightly', 'demo', '0 12 * * *', '--unique-key', 'k');
    const first = await cli.run('schedule', 'trigger', 'nightly');
    expect(await cli.run('schedule', 'trigger', 'nightly')).toEqual({
      code: 0,
      out: first.out,
      err: 'nightly: an unfinished job has its unique key (waiting); no other was made.\n',
    });
  });

  test('several at once, by name or id; what is wrong with one does not stop the others', async () => {
    const id = await cli.create('a', 'demo', '@daily');
    await cli.create('b', 'demo', '@daily');
    await cli.create('c', 'demo', '@daily');
    await cli.run('schedule', 'pause', 'b');
    const { code, out, err } = await cli.run('schedule', 'pause', id, 'none', 'b', 'c');
    expect(code).toBe(2);
    expect(lines(out).map((line) => line.replace(/ \(.*\)/, ''))).toEqual([
      'a is now paused.',
      'c is now paused.',
    ]);
    expect(lines(err)).toEqual([
      'error: There is no schedule none. `cloud-jobs schedule list` shows what there is.',
      'error: Schedule "b" is paused; only one that is active can be paused.',
    ]);
  });

  test('--json answers all that was done, each as it is now', async () => {
    await cli.create('a', 'demo', '@daily');
    await cli.create('b', 'demo', '@daily');
    const paused = JSON.parse((await cli.run('schedule', 'pause', 'a', 'b', '--json')).out);
    expect(paused).toMatchObject([
      { name: 'a', status: 'paused' },
      { name: 'b', status: 'paused' },
    ]);
    const made = JSON.parse((await cli.run('schedule', 'trigger', 'a', '--json')).out);
    expect(made).toEqual([
      { schedule: 'a', job_id: expect.any(String), status: 'waiting', created: true },
    ]);
    const refused = await cli.run('schedule', 'pause', 'a', '--json');
    expect(refused).toMatchObject({ code: 2, out: '' });
    expect(JSON.parse(refused.err)).toMatchObject({ error: { code: 'conflict' } });
  });

  test('a deleted schedule frees its name', async () => {
    const first = await cli.create('nightly', 'demo', '@daily');
    await cli.run('schedule', 'delete', 'nightly');
    const second = await cli.create('nightly', 'demo', '@hourly');
    expect(second).not.toBe(first);
    expect((await cli.run('schedule', 'show', 'nightly')).out).toContain(second);
  });
});
