// What a file of schedules says: what is left out is filled in, and every fault is named at once.
import { describe, expect, test } from '@jest/globals';
import { readSchedules } from '../../src/core/apply_file.ts';
import { createRegistry } from '../../src/core/definition.ts';
import { InputError } from '../../src/errors.ts';
import { defineJob, z } from '../../src/index.ts';
import { nearest } from '../../src/settings/nearest.ts';

const run = () => undefined;
const registry = createRegistry([
  defineJob({ type: 'report', config: z.strictObject({ pages: z.number().optional() }), run }),
  defineJob({ type: 'strict', config: z.strictObject({ needed: z.string() }), run }),
]);

const read = (content: unknown) => readSchedules(content, { registry, nearest });

const faults = async (content: unknown): Promise<string[]> => {
  try {
    await read(content);
    return [];
  } catch (error) {
    if (!(error instanceof InputError)) throw error;
    return error.problems.map(({ path, message }) => `${path}: ${message}`);
  }
};

const good = { name: 'nightly', job_type: 'report', schedule_expression: '0 3 * * *' };
/** The faults of one otherwise good schedule. */
const faultsOf = (fields: object, defaults?: object) =>
  faults({ ...(defaults && { defaults }), schedules: [{ ...good, ...fields }] });

describe('what a file wants', () => {
  test('a schedule is active and has every default unless it says otherwise', async () => {
    const [wanted] = await read({ schedules: [good] });
    expect(wanted).toMatchObject({
      status: 'active',
      fields: { ...good, timezone: 'UTC', config: {}, max_retries: 3, missed: 'latest' },
    });
  });

  test('what a schedule leaves out comes from the defaults of the file', async () => {
    const defaults = {
      job_type: 'report',
      timezone: 'Europe/Berlin',
      status: 'inactive',
      missed: 'all',
    };
    const [one, two] = await read({
      defaults,
      schedules: [
        { name: 'a', schedule_expression: '@daily' },
        { name: 'b', schedule_expression: '@daily', timezone: 'UTC', status: 'active' },
      ],
    });
    expect(one).toMatchObject({
      status: 'inactive',
      fields: { job_type: 'report', timezone: 'Europe/Berlin', missed: 'all' },
    });
    expect(two).toMatchObject({ status: 'active', fields: { timezone: 'UTC', missed: 'all' } });
  });

  test('a config replaces that of the defaults as a whole', async () => {
    const content = {
      defaults: { config: { pages: 3 } },
      schedules: [good, { ...good, name: 'b', config: {} }],
    };
    const wanted = await read(content);
    expect(wanted.map(({ fields }) => fields.config)).toEqual([{ pages: 3 }, {}]);
  });

  test('null takes a default back', async () => {
    const content = {
      defaults: { timeout_seconds: 5, description: 'x' },
      schedules: [{ ...good, timeout_seconds: null }],
    };
    const [wanted] = await read(content);
    expect(wanted?.fields).toMatchObject({ timeout_seconds: null, description: 'x' });
  });

  test('no schedules and no defaults are a file, too', async () => {
    expect(await read({ schedules: [], defaults: null })).toEqual([]);
  });
});

describe('a file that is refused', () => {
  test.each([
    [null, /^: nothing is in it; expected a mapping with a list of `schedules`/],
    [[], /^: a list cannot be used; expected a mapping/],
    ['text', /^: "text" cannot be used; expected a mapping/],
    [{}, /^schedules: is missing; expected a list, \[\] for none$/],
    [{ schedules: null }, /^schedules: null cannot be used; expected a list/],
    [{ schedules: {} }, /^schedules: an object cannot be used; expected a list/],
    [{ schedules: [5] }, /^schedules\[0\]: 5 cannot be used; expected fields of a schedule/],
    [{ schedules: [[]] }, /^schedules\[0\]: a list cannot be used/],
    [{ schedules: [], defaults: 5 }, /^defaults: 5 cannot be used; expected fields of a schedule/],
    [{ schedules: [], schedule: 1 }, /^schedule: unknown field; did you mean schedules\?$/],
    [{ schedules: [], defaults: { name: 'x' } }, /^defaults.name: unknown field; known are /],
  ])('%j', async (content, expected) => {
    const found = await faults(content);
    expect(found).toHaveLength(1);
    expect(found[0]).toMatch(expected);
  });

  test.each([
    [{ timezone: 'Europe/Berln' }, 'timezone: "Europe/Berln" is no time zone; expected a name'],
    [{ schedule_expression: '61 * * * *' }, 'schedule_expression: minute "61" cannot be used'],
    [{ job_type: 'reprot' }, 'job_type: "reprot" is no known job type; expected one of report'],
    [{ status: 'paused' }, 'status: "paused" cannot be used; expected active or inactive'],
    [{ config: { pages: 'x' } }, 'config.pages: Invalid input: expected number'],
    [{ timeout: 5 }, 'timeout: unknown field; did you mean timeout_seconds?'],
    [{ type: 'report' }, 'type: unknown field; did you mean job_type?'],
    [{ time_zone: 'UTC' }, 'time_zone: unknown field; did you mean timezone?'],
  ])('the path, the value and the name of the schedule: %j', async (fields, expected) => {
    const [fault, ...more] = await faultsOf(fields);
    expect(more).toEqual([]);
    expect(fault).toContain(`schedules[0].${expected}`);
    expect(fault).toMatch(/ \("nightly"\)$/);
  });

  test('names every fault of every schedule, also those that hide behind others', async () => {
    const wrong = {
      schedule_expression: '61 3 * * *',
      timezone: 'Nowhere',
      missed: 'sometimes',
      config: { pages: 'x' },
      status: 'on',
      colour: 'red',
    };
    const fields = (await faultsOf(wrong)).map((fault) => fault.split(':')[0]);
    expect(fields.sort()).toEqual(
      [
        'schedules[0].colour',
        'schedules[0].config.pages',
        'schedules[0].missed',
        'schedules[0].schedule_expression',
        'schedules[0].status',
        'schedules[0].timezone',
      ].sort(),
    );
  });

  test('what is put in place of a wrong field brings no faults of its own', async () => {
    const content = { schedules: [{ job_type: 'strict', config: { needed: 'x' } }, {}] };
    expect((await faults(content)).map((fault) => fault.split(':')[0])).toEqual([
      'schedules[0].name',
      'schedules[0].schedule_expression',
      'schedules[1].name',
      'schedules[1].job_type',
      'schedules[1].schedule_expression',
    ]);
  });

  test('a config is not held against the rules of another type than its own', async () => {
    const found = await faultsOf({ job_type: 'gone', config: { needed: 'x' } });
    expect(found.map((fault) => fault.split(':')[0])).toEqual(['schedules[0].job_type']);
  });

  test('tells a fault of the defaults once, and whom it concerns', async () => {
    const schedules = ['a', 'b', 'c', 'd', 'e'].map((name) => ({ ...good, name }));
    schedules.push({ ...good, name: 'f', timezone: 'UTC' } as (typeof schedules)[0]);
    expect(await faults({ defaults: { timezone: 'Nowhere' }, schedules })).toEqual([
      'defaults.timezone: "Nowhere" is no time zone; expected a name such as UTC or Europe/Berlin ("a", "b", "c" and 2 more)',
    ]);
  });

  test('two schedules of one name', async () => {
    const schedules = [good, { ...good, name: 'other' }, { ...good, name: ' nightly ' }];
    expect(await faults({ schedules })).toEqual([
      'schedules[2].name: "nightly" is the name of schedules[0], too; expected a name of its own',
    ]);
  });

  test('names that objects inherit are names like others', async () => {
    const content = JSON.parse('{"schedules": [{"__proto__": 1, "constructor": 2}]}');
    const found = (await faults(content)).map((fault) => fault.split(';')[0]);
    expect(found).toContain('schedules[0].__proto__: unknown field');
    expect(found).toContain('schedules[0].constructor: unknown field');
  });
});
