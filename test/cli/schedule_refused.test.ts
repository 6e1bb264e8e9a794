import { beforeAll, describe, expect, test } from '@jest/globals';
import { type ScheduleLine, scheduleLine } from './schedule_line.ts';

let cli: ScheduleLine;
beforeAll(async () => {
  cli = await scheduleLine();
  await cli.create('Nightly papers', 'demo', '@daily');
  await cli.create('Hourly', 'demo', '@hourly');
  await cli.create('Gone', 'demo', '@hourly');
  await cli.run('schedule', 'delete', 'Gone');
});

const refused = async (...words: string[]): Promise<string> => {
  const { code, out, err } = await cli.run('schedule', ...words);
  expect({ code, out }).toEqual({ code: 2, out: '' });
  return err;
};

describe('what schedule create refuses is told in one sentence', () => {
  test.each([
    [['X'], "missing required argument 'type'"],
    [['X', 'demo'], "missing required argument 'expression'"],
    [
      ['X', 'demo', '61 0 * * *'],
      'Schedule refused: schedule_expression: minute "61" cannot be used; expected 0 to 59',
    ],
    [
      ['X', 'demo', '0 9 * *'],
      'schedule_expression: "0 9 * *" has 4 fields; expected five (minute, hour, day of month, month, day of week) or a nickname such as @daily',
    ],
    [
      ['X', 'demo', '0', '9', 'README.md', 'src', 'README.md', 'src', '*'],
      'has 7 fields; expected five (minute, hour, day of month, month, day of week) or a nickname such as @daily; put the expression in quotes',
    ],
    [['X', 'demo', '@dayly'], 'schedule_expression: "@dayly" is no nickname; expected one of @y'],
    [
      ['X', 'demo', '0 0 30 2 *'],
      'schedule_expression: "0 0 30 2 *" never falls due; expected days that some month has',
    ],
    [
      ['X', 'demo', '@daily', '-z', 'Europe/Berln'],
      'timezone: "Europe/Berln" is no time zone; expected a name such as UTC or Europe/Berlin',
    ],
    [
      ['X', 'demo', '@daily', '--missed', 'most'],
      "option '--missed <which>' argument 'most' is invalid. Allowed choices are latest, all, skip.",
    ],
    [
      ['X', 'demo', '@daily', '--concurrency', 'maybe'],
      "option '--concurrency <policy>' argument 'maybe' is invalid. Allowed choices are allow, forbid, replace.",
    ],
    [
      ['X', 'demo', '@daily', '--starting-deadline', '-5'],
      "argument '-5' is invalid. Expected a number of seconds above 0.",
    ],
    [['X', 'demo', '@daily', '--starting-deadline', '0.5'], 'expected a number of seconds from 1'],
    [
      ['X', 'demo', '@daily', '--concurrency', 'replace', '--unique-key', 'k'],
      'concurrency_policy: "replace" cannot be used with a unique_key',
    ],
    [['X', 'nope', '@daily'], 'job_type: "nope" is no known job type; expected one of demo'],
    [['', 'demo', '@daily'], 'name: "" cannot be used; expected a text of 1 to 200 characters'],
    [['X', 'demo', '@daily', '--config-file', 'no.yaml'], 'no.yaml cannot be read (ENOENT)'],
    [['Hourly', 'demo', '@daily'], 'There is a schedule "Hourly" already'],
  ])('%j', async (words, message) => {
    const err = await refused('create', ...words);
    expect(err).toMatch(/^error: .*\n$/);
    expect(err).toContain(message);
  });

  test('several faults are a line each', async () => {
    const words = ['X', 'demo', '0 24 * * *', '-z', 'Mars', '--job-config', 'a=1'];
    expect(await refused('create', ...words)).toBe(
      'error: Schedule refused:\n' +
        '  schedule_expression: hour "24" cannot be used; expected 0 to 23\n' +
        '  timezone: "Mars" is no time zone; expected a name such as UTC or Europe/Berlin\n',
    );
  });
});

describe('a name that no schedule has', () => {
  test.each([
    ['nightly papers', 'Did you mean "Nightly papers"?'],
    ['nigthly-paper', 'Did you mean "Nightly papers"?'],
    ['hour', 'Did you mean "Hourly"?'],
    ['xyz', 'There is no schedule xyz. `cloud-jobs schedule list` shows what there is.'],
    ['Gone', 'There is no schedule "Gone" any more; the deleted one is '],
  ])('%s', async (name, message) => {
    for (const command of ['show', 'pause', 'resume', 'trigger', 'delete']) {
      expect(await refused(command, name)).toContain(message);
    }
  });

  test('is missed where there is none', async () => {
    for (const command of ['show', 'pause', 'resume', 'trigger', 'delete']) {
      expect(await refused(command)).toBe("error: missing required argument 'schedule'\n");
    }
  });
});

describe('schedule without a command of its own', () => {
  test('is answered by its help', async () => {
    const err = await refused();
    expect(err).toContain('Usage: cloud-jobs schedule [options] [command]');
    for (const command of ['create', 'list', 'show', 'pause', 'resume', 'trigger', 'delete']) {
      expect(err).toMatch(new RegExp(`\n {2}${command} `));
    }
  });

  test('an unknown one is told with the nearest', async () => {
    expect(await refused('pase')).toBe("error: unknown command 'pase' (Did you mean pause?)\n");
  });

  test('programs get one sentence', async () => {
    expect(JSON.parse(await refused('--json'))).toMatchObject({
      error: { code: 'usage', message: 'no command; schedule --help lists them' },
    });
  });
});
