// From what a caller asks for to a complete job, or a refusal that names every fault.
import { describe, expect, test } from '@jest/globals';
import * as z from 'zod';
import { type JobInput, prepareJob } from '../../src/core/create.ts';
import { refuseCycles } from '../../src/core/cycles.ts';
import { createRegistry, defineJob } from '../../src/core/definition.ts';
import { newJob } from '../support/jobs.ts';

const registry = createRegistry([
  defineJob({ type: 'plain', config: z.object({ n: z.number().optional() }), run: () => null }),
  defineJob({
    type: 'patient',
    config: z.any(),
    retry: { max_retries: 9, delay_seconds: 5, backoff: 'fixed' },
    run: () => null,
  }),
]);

const prepare = (overrides: object = {}) =>
  prepareJob(
    { name: 'a job', job_type: 'plain', ...overrides } as JobInput,
    registry,
    () => 'id-1',
  );

describe('a job with little said of it', () => {
  test('gets every default', async () => {
    expect(await prepare()).toEqual({
      job_id: 'id-1',
      name: 'a job',
      job_type: 'plain',
      config: {},
      description: null,
      priority: 0,
      run_at: null,
      max_retries: 3,
      retry_delay_seconds: 30,
      retry_backoff: 'exponential',
      timeout_seconds: null,
      unique_key: null,
      actor: null,
      source_ip: null,
      metadata: {},
      depends_on: [],
    });
  });

  test('takes the retry policy of its type, unless it has its own', async () => {
    expect(await prepare({ job_type: 'patient' })).toMatchObject({
      max_retries: 9,
      retry_delay_seconds: 5,
      retry_backoff: 'fixed',
    });
    const own = { max_retries: 0, retry_delay_seconds: 0, retry_backoff: 'exponential' };
    expect(await prepare({ job_type: 'patient', ...own })).toMatchObject(own);
  });
});

describe('a job with much said of it', () => {
  test('keeps what was said', async () => {
    const said = {
      job_id: 'nightly:2030-01-31',
      description: 'what for',
      config: { n: 5 },
      max_retries: 1000,
      timeout_seconds: 0.5,
      unique_key: 'k',
      actor: 'ci',
      source_ip: '2001:db8::1',
      metadata: { user_id: 5 },
      depends_on: ['a', 'b'],
    };
    expect(await prepare(said)).toMatchObject(said);
  });

  test.each([
    ['low', -10],
    ['normal', 0],
    ['high', 10],
    [-32_768, -32_768],
    [32_767, 32_767],
  ])('a priority of %s is %d', async (priority, stored) => {
    expect((await prepare({ priority })).priority).toBe(stored);
  });

  test.each([
    ['2030-01-31T09:00:00Z', '2030-01-31T09:00:00.000Z'],
    ['2030-01-31T09:00:00.123+05:30', '2030-01-31T03:30:00.123Z'],
    [new Date('1999-12-31T23:59:59Z'), '1999-12-31T23:59:59.000Z'],
  ])('a run_at of %s is that moment', async (run_at, moment) => {
    expect((await prepare({ run_at })).run_at?.toISOString()).toBe(moment);
  });
});

describe('what is refused, with the value and what is expected', () => {
  test.each([
    [{ job_type: 'nope' }, 'job_type: "nope" is no known job type; expected one of patient, plain'],
    [{ name: '' }, 'name: "" cannot be used; expected a text of 1 to 200 characters'],
    [{ name: undefined }, 'name: is missing; expected a text of 1 to 200 characters'],
    [
      { priority: 'urgent' },
      'priority: "urgent" cannot be used; expected low, normal, high or a whole',
    ],
    [{ priority: 40_000 }, 'priority: 40000 cannot be used'],
    [{ priority: 1.5 }, 'priority: 1.5 cannot be used'],
    [{ run_at: 'tomorrow' }, 'run_at: "tomorrow" cannot be used; expected a time with its zone'],
    [{ run_at: '2030-01-31T09:00:00' }, 'run_at: "2030-01-31T09:00:00" cannot be used'],
    [{ run_at: '2030-02-30T09:00:00Z' }, 'run_at: "2030-02-30T09:00:00Z" cannot be used'],
    [{ run_at: new Date(Number.NaN) }, 'run_at: Invalid Date cannot be used'],
    [{ run_at: new Date('+012000-01-01T00:00:00Z') }, 'run_at: '],
    [{ max_retries: -1 }, 'max_retries: -1 cannot be used; expected a whole number from 0 to 1000'],
    [{ max_retries: '3' }, 'max_retries: "3" cannot be used'],
    [{ retry_delay_seconds: Number.NaN }, 'retry_delay_seconds: NaN cannot be used'],
    [
      { retry_backoff: 'linear' },
      'retry_backoff: "linear" cannot be used; expected exponential or fixed',
    ],
    [
      { timeout_seconds: 0 },
      'timeout_seconds: 0 cannot be used; expected a number of seconds above 0',
    ],
    [{ job_id: 'a b' }, 'job_id: "a b" cannot be used; expected an id of letters, digits'],
    [{ unique_key: '' }, 'unique_key: "" cannot be used; expected a text of 1 to 500 characters'],
    [{ metadata: [1] }, 'metadata: '],
    [{ metadata: { n: 1n } }, 'metadata: is not JSON: "n" is a BigInt'],
    [
      { depends_on: ['fine', ''] },
      'depends_on.1: "" cannot be used; expected an id of letters, digits',
    ],
    [{ config: { n: 'five' } }, 'Config of plain refused: config.n: '],
    [{ prioritty: 1 }, 'prioritty'],
  ])('%j', async (overrides, message) => {
    await expect(prepare(overrides)).rejects.toMatchObject({
      code: 'input_invalid',
      message: expect.stringContaining(message),
    });
  });

  test('every fault is told at once', async () => {
    await expect(prepare({ name: '', priority: 'x', max_retries: -1 })).rejects.toMatchObject({
      problems: [{ path: 'name' }, { path: 'priority' }, { path: 'max_retries' }],
    });
  });

  test('a value is cut before it is repeated', async () => {
    const refused = prepare({ job_id: 'x'.repeat(100_000) });
    await expect(refused).rejects.toMatchObject({
      message: expect.stringMatching(/^.{50,400}$/),
    });
  });
});

describe('dependencies within a batch', () => {
  const chain = (...ids: string[]) =>
    ids.map((job_id, i) => newJob({ job_id, depends_on: i === 0 ? [] : [ids[i - 1] ?? ''] }));

  test('a job that depends on itself is refused', () => {
    expect(() => refuseCycles([newJob({ job_id: 'me', depends_on: ['me'] })])).toThrow(
      'depends_on: "me" is the job itself; expected other jobs',
    );
  });

  test('a circle is refused and told the way round', () => {
    const jobs = [...chain('a', 'b', 'c'), newJob({ job_id: 'outside', depends_on: ['a'] })];
    const [first] = jobs;
    if (first) first.depends_on = ['c'];
    expect(() => refuseCycles(jobs)).toThrow(
      /depends_on: (a → c → b → a|b → a → c → b|c → b → a → c) is a circle/,
    );
  });

  test('jobs that can be done in some order are accepted: chains, diamonds, jobs that exist', () => {
    const diamond = [
      newJob({ job_id: 'd', depends_on: ['b', 'c'] }),
      newJob({ job_id: 'b', depends_on: ['a'] }),
      newJob({ job_id: 'c', depends_on: ['a', 'a'] }),
      newJob({ job_id: 'a', depends_on: ['exists already'] }),
    ];
    expect(() => refuseCycles(diamond)).not.toThrow();
    const long = chain(...Array.from({ length: 5000 }, (_, i) => `job-${i}`));
    expect(() => refuseCycles(long)).not.toThrow();
    expect(() => refuseCycles([])).not.toThrow();
  });
});
