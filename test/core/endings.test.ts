// Every way in which the code of a job can come to its end, and what is recorded of it.
import { describe, expect, test } from '@jest/globals';
import { detailOf } from '../support/store.ts';
import { createLine, demo } from './line.ts';

const runs = async (run: () => unknown) => {
  const line = await createLine([demo(run)]);
  const summary = await line.runOne();
  const { job, executions } = await detailOf(line.store, summary.job_id);
  return { ...summary, job, execution: executions[0]! };
};

const throws = (thrown: unknown) =>
  runs(() => {
    throw thrown;
  });

describe('a result', () => {
  test.each<[string, unknown, unknown]>([
    ['an object', { papers: 3, keys: ['a', null] }, { papers: 3, keys: ['a', null] }],
    ['nothing', undefined, null],
    ['null', null, null],
    ['a text', 'all good', 'all good'],
    ['false', false, false],
    ['zero', 0, 0],
    ['a Date', new Date('2030-01-31T09:00:00Z'), '2030-01-31T09:00:00.000Z'],
    ['an object with undefined in it', { a: 1, b: undefined }, { a: 1 }],
  ])('%s is recorded as the JSON it is', async (_, given, stored) => {
    const { status, job_status, result, execution, job } = await runs(() => given);
    expect([status, job_status, result]).toEqual(['success', 'success', stored]);
    expect(execution).toMatchObject({ status: 'success', result: stored, error: null });
    expect(job.status).toBe('success');
  });

  test('is awaited when code answers a promise', async () => {
    expect((await runs(async () => 42)).result).toBe(42);
  });

  test('of exactly 1 MiB of JSON is kept', async () => {
    const text = 'x'.repeat(1024 * 1024 - 2);
    const { status, execution } = await runs(() => text);
    expect(status).toBe('success');
    expect(execution.result).toBe(text);
  });
});

const circular: Record<string, unknown> = {};
circular.self = circular;

describe('a result that cannot be stored fails the job at once, without retries', () => {
  test.each<[string, unknown, RegExp]>([
    ['a BigInt', 10n, /result: is not JSON: the value is a BigInt/],
    ['a BigInt inside', { big: 10n }, /"big" is a BigInt/],
    ['a function', () => 1, /result: is not JSON: the value is a function/],
    ['a symbol', { s: Symbol('s') }, /"s" is a symbol/],
    ['NaN', { n: Number.NaN }, /"n" is NaN/],
    ['Infinity', [Number.POSITIVE_INFINITY], /"0" is Infinity/],
    ['a circle', circular, /result: is not JSON: .*circular/i],
    ['more than 1 MiB', 'x'.repeat(1024 * 1024), /1048578 bytes of JSON; at most 1048576/],
    ['more than 1 MiB of UTF-8', 'é'.repeat(600_000), /1200002 bytes of JSON/],
    [
      'a getter that throws',
      {
        get secret() {
          throw new Error('no entry');
        },
      },
      /result: is not JSON: no entry/,
    ],
  ])('%s', async (_, result, message) => {
    const { status, job_status, error_message, execution, job } = await runs(() => result);
    expect([status, job_status]).toEqual(['failed', 'failed']);
    expect(error_message).toMatch(message);
    expect(execution).toMatchObject({ status: 'failed', result: null });
    expect(execution.error?.name).toBe('InputError');
    expect(job.current_retries).toBe(0);
  });
});

class Refused extends Error {
  override name = 'Refused';
}

const armed = new Proxy(
  {},
  {
    get: () => {
      throw new Error('trapped');
    },
    getPrototypeOf: () => {
      throw new Error('trapped');
    },
  },
);

const unreadable = {
  get message() {
    throw new Error('no entry');
  },
  toJSON: () => {
    throw new Error('no entry');
  },
};

const faulty = new Error('never seen');
Object.defineProperty(faulty, 'message', {
  get: () => {
    throw new Error('no entry');
  },
});

describe('whatever code throws is recorded as a failure and retried', () => {
  test.each<[string, unknown, string, RegExp]>([
    ['an Error', new Error('out of paper'), 'Error', /^out of paper$/],
    ['an Error of its own class', new Refused('not today'), 'Refused', /^not today$/],
    ['an Error without words', new TypeError(), 'TypeError', /^TypeError$/],
    ['a text', 'plain words', 'NotAnError', /no Error was thrown: plain words$/],
    ['undefined', undefined, 'NotAnError', /no Error was thrown: undefined$/],
    ['null', null, 'NotAnError', /no Error was thrown: null$/],
    ['a number', 42, 'NotAnError', /no Error was thrown: 42$/],
    ['a BigInt', 10n, 'NotAnError', /BigInt/],
    ['a symbol', Symbol('odd'), 'NotAnError', /Symbol\(odd\)/],
    ['a function', () => 1, 'NotAnError', /\(\) ?=> ?1/],
    ['an object', { code: 7 }, 'NotAnError', /\{"code":7\}$/],
    ['a circle', circular, 'NotAnError', /\[object Object\]$/],
    ['an object that cannot be read', unreadable, 'NotAnError', /object/],
    ['an Error that cannot be read', faulty, 'NotAnError', /cannot be read/],
    ['an Error with half a character', new Error('\ud83d'), 'Error', /./],
    ['an Error with a NUL', new Error('a\0b'), 'Error', /^a/],
  ])('%s', async (_, thrown, name, message) => {
    const { status, job_status, error_message, retry_in_seconds, execution, job } =
      await throws(thrown);
    expect([status, job_status, retry_in_seconds]).toEqual(['failed', 'waiting', 30]);
    expect(error_message).toMatch(message);
    expect(execution).toMatchObject({ status: 'failed', result: null, error: { name } });
    expect(job).toMatchObject({ status: 'waiting', current_retries: 1 });
  });

  test('a Proxy that throws whenever it is looked at', async () => {
    const { status, job_status, error_message } = await throws(armed);
    expect([status, job_status]).toEqual(['failed', 'waiting']);
    expect(error_message).toBe('what was thrown cannot be read');
  });

  test('a promise that is rejected is the same as a throw', async () => {
    const { status, error_message } = await runs(() => Promise.reject(new Error('later')));
    expect([status, error_message]).toEqual(['failed', 'later']);
  });

  test('a thenable that throws is a failure too', async () => {
    const thenable = Object.defineProperty({}, 'then', {
      get: () => {
        throw new Error('no promise');
      },
    });
    expect(await runs(() => thenable)).toMatchObject({
      status: 'failed',
      error_message: 'no promise',
    });
  });

  test('the message and the stack are cut, also between the halves of a character', async () => {
    const { execution, job } = await throws(new Error('😀'.repeat(50_000)));
    expect(execution.error_message?.length).toBeLessThanOrEqual(2000);
    expect(execution.error?.stack?.length).toBeLessThanOrEqual(6000);
    expect(job.status).toBe('waiting');
  });
});

test('the last retry used up ends the job as failed', async () => {
  const line = await createLine([
    demo(() => {
      throw new Error('never works');
    }),
  ]);
  const id = await line.create({ max_retries: 2, retry_delay_seconds: 10 });
  const seen = [];
  for (let i = 0; i < 3; i += 1) {
    const { executions } = await line.drain();
    seen.push([executions[0]?.job_status, executions[0]?.retry_in_seconds]);
    await line.clock.advance(60_000);
  }
  expect(seen).toEqual([
    ['waiting', 10],
    ['waiting', 20],
    ['failed', null],
  ]);
  expect((await line.drain()).picked).toBe(0);
  const { job, executions } = await detailOf(line.store, id);
  expect(job).toMatchObject({ status: 'failed', current_retries: 2 });
  expect(executions.map(({ status }) => status)).toEqual(['failed', 'failed', 'failed']);
});
