import { join } from 'node:path';
import { beforeEach, describe, expect, test } from '@jest/globals';
import Database from 'libsql';
import { restore } from '../support/schedules.ts';
import { type ScheduleLine, scheduleLine } from './schedule_line.ts';

let cli: ScheduleLine;
beforeEach(async () => {
  cli = await scheduleLine();
});

/** The text from a heading to the next empty line, by lines. */
const section = (out: string, heading: string): string[] => {
  const lines = out.split('\n');
  const start = lines.findIndex((line) => line.startsWith(heading));
  if (start < 0) throw new Error(`${heading} is not in ${out}`);
  const length = lines.slice(start).indexOf('');
  return lines.slice(start + 1, start + length).map((line) => line.trimEnd());
};

const show = async (...words: string[]): Promise<string> => {
  const { code, out, err } = await cli.run('schedule', 'show', ...words);
  expect({ code, err }).toEqual({ code: 0, err: '' });
  return `${out}\n`;
};

const slots = async (...words: string[]) => section(await show(...words), 'Last slots');

describe('schedule show', () => {
  test('the rule as it is and in words, and all that each job will be', async () => {
    const id = await cli.create(
      ...['nightly', 'demo', '0 9 13 * FRI', '-z', 'Europe/Berlin', '-d', 'what for'],
      ...['--job-config', 'a=1', '--missed', 'all', '--starting-deadline', '3600'],
      ...['--concurrency', 'forbid', '--timeout', '90', '--unique-key', 'k'],
    );
    const out = await show('nightly');
    expect(out).toMatch(new RegExp(`^nightly {2}${id}\n`));
    expect(section(out, 'nightly')).toEqual([
      '  status       active',
      '  rule         0 9 13 * FRI (Europe/Berlin)',
      '  in words     at 09:00 on the 13th of the month, and also on Fridays',
      '  missed       all: each time is made up for, the last 100 at most, and none that is more than 1 h late',
      '  concurrency  forbid: no job is made while an earlier one is unfinished',
      '  type         demo',
      '  description  what for',
      '  config       {"a":1}',
      '  priority     0',
      '  retries      3, 30 s apart, exponential',
      '  timeout      1 min 30 s',
      '  unique key   k',
      '  created      2031-05-17 09:30:00 UTC (now)',
    ]);
  });

  test('the next five times by the clocks of its zone and in UTC, over a change of clocks', async () => {
    cli.until('2031-10-25T23:00');
    await cli.create('nightly', 'demo', '30 * * * *', '-z', 'Europe/Berlin');
    expect(section(await show('nightly'), 'Next times')).toEqual([
      'Europe/Berlin                UTC                   when',
      'Sun 2031-10-26 01:30 +02:00  Sat 2031-10-25 23:30  in 30 min',
      'Sun 2031-10-26 02:30 +02:00  Sun 2031-10-26 00:30  in 1 h',
      'Sun 2031-10-26 02:30 +01:00  Sun 2031-10-26 01:30  in 2 h',
      'Sun 2031-10-26 03:30 +01:00  Sun 2031-10-26 02:30  in 3 h',
      'Sun 2031-10-26 04:30 +01:00  Sun 2031-10-26 03:30  in 4 h',
    ]);
  });

  test('UTC is told once', async () => {
    await cli.create('nightly', 'demo', '@monthly');
    const [head, first, ...rest] = section(await show('nightly'), 'Next times');
    expect(head).toBe('UTC                   when');
    expect(first).toBe('Sun 2031-06-01 00:00  in 14 d');
    expect(rest).toHaveLength(4);
  });

  test('of a paused one, the times that would be', async () => {
    await cli.create('nightly', 'demo', '@daily');
    await cli.run('schedule', 'pause', 'nightly');
    const out = await show('nightly');
    expect(section(out, 'Next times would be (it is paused)')).toHaveLength(6);
  });

  test('of a deleted one, its ledger; of a new one of its name, which there were before', async () => {
    const first = await cli.create('nightly', 'demo', '0 10 * * *');
    cli.until('10:00');
    await cli.drain();
    await cli.run('schedule', 'delete', 'nightly');
    const out = await show(first);
    expect(out).toMatch(/ {2}status +deleted\n/);
    expect(out).not.toContain('Next times');
    expect(section(out, 'Last slots')).toEqual([
      'Sun 2031-05-18 10:00 UTC – Tue 2031-05-20 10:00 UTC, 3 times  skipped: the schedule was deleted',
      'Sat 2031-05-17 10:00 UTC  fired on time',
      `    job ${first}:2031-05-17T10:00Z (success)`,
    ]);
    cli.until('11:00');
    await cli.create('nightly', 'demo', '0 10 * * *');
    expect(section(await show('nightly'), '1 deleted schedule of the same name')).toEqual([
      `  ${first}  2031-05-17 09:30:00 UTC – 2031-05-17 10:00:00 UTC`,
    ]);
  });

  test('what is wrong with one that was changed by hand', async () => {
    const id = await cli.create('nightly', 'demo', '@daily');
    const database = new Database(join(cli.folder, 'jobs.db'));
    database
      .prepare('UPDATE cloud_job_schedules SET schedule_expression = ?, timezone = ?')
      .run('0 25 * * *', 'Europe/Berln');
    database.close();
    const out = await show('nightly');
    expect(out).toMatch(/ {2}rule +0 25 \* \* \* \(Europe\/Berln\)\n/);
    expect(out).toMatch(
      / {2}fault +schedule_expression: hour "25" cannot be used; expected 0 to 23; timezone: "Europe\/Berln" is no time zone; /,
    );
    expect(out).not.toContain('in words');
    expect(out).not.toContain('Next times');
    const json = JSON.parse(await show('nightly', '--json'));
    expect(json).toMatchObject({
      schedule: { schedule_id: id },
      rule_in_words: null,
      rule_faults: [{ path: 'schedule_expression' }, { path: 'timezone' }],
      next_times: [],
    });
  });

  test('--json is everything, with the next times', async () => {
    const schedule_id = await cli.create('nightly', 'demo', '0 10 * * *');
    cli.until('10:05');
    await cli.drain();
    expect(JSON.parse(await show('nightly', '--json'))).toMatchObject({
      schedule: { schedule_id, name: 'nightly', status: 'active' },
      rule_in_words: 'at 10:00 every day',
      rule_faults: [],
      next_times: [18, 19, 20, 21, 22].map((day) => `2031-05-${day}T10:00:00.000Z`),
      slots: [
        {
          slot_at: '2031-05-17T10:00:00.000Z',
          status: 'fired',
          reason: 'due',
          job_id: `${schedule_id}:2031-05-17T10:00Z`,
          job_status: 'success',
        },
      ],
      earlier: [],
      now: '2031-05-17T10:05:00.000Z',
    });
  });
});

describe('the last slots', () => {
  test('how late each fired, by which job, and what became of it', async () => {
    const id = await cli.create('nightly', 'demo', '0 * * * *', '--max-retries', '0');
    cli.until('10:00');
    await cli.drain();
    cli.until('11:03');
    await cli.drain();
    expect(await slots('nightly')).toEqual([
      'Sat 2031-05-17 11:00 UTC  fired 3 min late',
      `    job ${id}:2031-05-17T11:00Z (success)`,
      'Sat 2031-05-17 10:00 UTC  fired on time',
      `    job ${id}:2031-05-17T10:00Z (success)`,
    ]);
    await cli.run('delete', `${id}:2031-05-17T10:00Z`);
    expect((await slots('nightly')).at(-1)).toBe(`    job ${id}:2031-05-17T10:00Z (deleted)`);
  });

  test('why one was skipped, and what became of the job in its way', async () => {
    const id = await cli.create('hourly', 'demo', '0 * * * *', '--concurrency', 'forbid');
    const job = `${id}:2031-05-17T10:00Z`;
    cli.until('10:00');
    await cli.withStore(restore);
    cli.until('11:00');
    await cli.drain();
    expect(await slots('hourly')).toEqual([
      'Sat 2031-05-17 11:00 UTC  skipped: an earlier job of the schedule was not finished',
      `    behind job ${job} (now success)`,
      'Sat 2031-05-17 10:00 UTC  fired on time',
      `    job ${job} (success)`,
    ]);
  });

  test('one that has come and waits for a drain', async () => {
    await cli.create('hourly', 'demo', '0 * * * *');
    cli.until('10:05');
    expect(await slots('hourly')).toEqual([
      'Sat 2031-05-17 10:00 UTC  planned, due 5 min ago: the next drain decides',
    ]);
  });

  test('many that nobody woke for are one range with their number', async () => {
    const id = await cli.create('hourly', 'demo', '0 * * * *', '-z', 'Asia/Kolkata');
    await cli.create('minutes', 'demo', '@every_minute');
    cli.until('2031-05-20T10:30');
    await cli.drain();
    expect(await slots('hourly')).toEqual([
      'Tue 2031-05-20 16:00 +05:30  fired on time',
      `    job ${id}:2031-05-20T10:30Z (success)`,
      'Sat 2031-05-17 16:00 +05:30 – Tue 2031-05-20 15:00 +05:30, 72 times',
      '    missed: nothing woke in time: a later time was made up for',
    ]);
    expect((await slots('minutes', '--slots', '2')).slice(2)).toEqual([
      'Sat 2031-05-17 09:31 UTC – Tue 2031-05-20 10:29 UTC, more than 2000 times',
      '    missed: nothing woke in time: a later time was made up for',
    ]);
  });

  test('a range has two lines where one has no room', async () => {
    await cli.create('hourly', 'demo', '0 * * * *', '-z', 'Europe/Berlin');
    await cli.run('schedule', 'pause', 'hourly');
    cli.until('13:30');
    await cli.run('schedule', 'resume', 'hourly');
    const range = 'Sat 2031-05-17 12:00 +02:00 – Sat 2031-05-17 15:00 +02:00, 4 times';
    expect(await slots('hourly')).toEqual([`${range}  skipped: the schedule was paused`]);
    const { out } = await cli.runOn(80, 'schedule', 'show', 'hourly');
    expect(section(`${out}\n`, 'Last slots')).toEqual([
      range,
      '    skipped: the schedule was paused',
    ]);
  });

  test('times of one fate are one range for people, and rows for programs', async () => {
    await cli.create('minutes', 'demo', '@every_minute');
    await cli.run('schedule', 'delete', 'minutes');
    const [{ schedule_id }] = JSON.parse(
      (await cli.run('schedule', 'list', '-s', 'deleted', '--json')).out,
    );
    expect(await slots(schedule_id)).toEqual([
      'Sat 2031-05-17 09:31 UTC – Sat 2031-05-17 10:30 UTC, 60 times  skipped: the schedule was deleted',
    ]);
    const json = JSON.parse(await show(schedule_id, '--json', '--slots', '3'));
    expect(json.slots.map(({ slot_at }: { slot_at: string }) => slot_at)).toEqual(
      ['30', '29', '28'].map((minute) => `2031-05-17T10:${minute}:00.000Z`),
    );
  });

  test('as many as are asked for, however many are planned ahead', async () => {
    await cli.create('minutes', 'demo', '@every_minute');
    for (const time of ['09:31', '09:32', '09:33']) {
      cli.until(time);
      await cli.drain();
    }
    const times = (lines: string[]) => lines.filter((line) => line.startsWith('Sat')).length;
    expect(times(await slots('minutes'))).toBe(3);
    expect(times(await slots('minutes', '--slots', '2'))).toBe(2);
    expect(await show('minutes', '--slots', '0')).not.toContain('slots');
  });
});
