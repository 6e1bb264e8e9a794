// What people write of a schedule: every fault names its field, the value and what is expected.
import { describe, expect, test } from '@jest/globals';
import { createRegistry } from '../../../src/core/definition.ts';
import { prepareSchedule } from '../../../src/core/schedule_input.ts';
import { InputError } from '../../../src/errors.ts';
import { defineJob, z } from '../../../src/index.ts';

const registry = createRegistry([
  defineJob({
    type: 'report',
    config: z.strictObject({ pages: z.number().int().optional() }),
    retry: { max_retries: 7, delay_seconds: 5 },
    run: () => undefined,
  }),
]);

const good = { name: 'nightly', job_type: 'report', schedule_expression: '0 3 * * *' };

/** The faults of an otherwise good schedule, as `field: sentence`. */
const faults = async (fields: object, prefix?: string): Promise<string[]> => {
  try {
    await prepareSchedule({ ...good, ...fields }, registry, prefix);
    return [];
  } catch (error) {
    if (!(error instanceof InputError)) throw error;
    return error.problems.map(({ path, message }) => `${path}: ${message}`);
  }
};

test('what is left out has its default, that of the job type first', async () => {
  expect(await prepareSchedule(good, registry)).toEqual({
    ...good,
    timezone: 'UTC',
    config: {},
    description: null,
    priority: 0,
    max_retries: 7,
    retry_delay_seconds: 5,
    retry_backoff: 'exponential',
    timeout_seconds: null,
    unique_key: null,
    missed: 'latest',
    starting_deadline_seconds: null,
    concurrency_policy: 'allow',
    run_on_startup: false,
  });
});

test('an expression is kept with single spaces', async () => {
  const { schedule_expression } = await prepareSchedule(
    { ...good, schedule_expression: '  0   3 * *  MON ' },
    registry,
  );
  expect(schedule_expression).toBe('0 3 * * MON');
});

describe('a refusal', () => {
  test.each([
    [{ schedule_expression: '61 3 * * *' }, /^schedule_expression: minute .*61.*0.*59/],
    [{ schedule_expression: '0 3 * *' }, /^schedule_expression: .*has 4 fields; expected five/],
    [{ schedule_expression: '0 0 3 * * *' }, /has 6 fields/],
    [{ schedule_expression: '@fortnightly' }, /no nickname; expected one of @yearly/],
    [{ schedule_expression: '0 0 30 2 *' }, /"0 0 30 2 \*" never falls due/],
    [{ schedule_expression: undefined }, /^schedule_expression: is missing/],
    [{ timezone: 'Mars/Olympus' }, /^timezone: "Mars\/Olympus" is no time zone; expected a name/],
    [{ timezone: '+02:00' }, /^timezone: "\+02:00" is no time zone/],
    [{ missed: 'some' }, /^missed: "some" cannot be used; expected latest, all or skip/],
    [{ concurrency_policy: 'Forbid' }, /"Forbid".*allow, forbid or replace/],
    [{ starting_deadline_seconds: 0 }, /^starting_deadline_seconds: 0 cannot be used; .* from 1/],
    [{ run_on_startup: 'yes' }, /^run_on_startup: "yes" cannot be used; expected true or false/],
    [{ job_type: 'raport' }, /^job_type: "raport" is no known job type; expected one of report/],
    [{ config: { pages: 'ten' } }, /^config\.pages: /],
    [{ unique_key: 'k', concurrency_policy: 'replace' }, /^concurrency_policy: "replace" cannot/],
    [{ shedule: 1 }, /shedule/],
  ])('of %j says why', async (fields, sentence) => {
    const found = await faults(fields);
    expect(found).toHaveLength(1);
    expect(found[0]).toMatch(sentence);
  });

  test('names every fault at once, each under the given place', async () => {
    const found = await faults(
      {
        schedule_expression: '0 24 * * *',
        timezone: 'Nowhere',
        job_type: 'none',
      },
      'schedules.2',
    );
    expect(found.map((fault) => fault.split(':')[0])).toEqual([
      'schedules.2.schedule_expression',
      'schedules.2.timezone',
      'schedules.2.job_type',
    ]);
  });
});
