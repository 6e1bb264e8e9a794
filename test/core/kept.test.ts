// What is kept, and where, of what code hands over: results, fields of log lines, and failures.
import { describe, expect, test } from '@jest/globals';
import { detailOf, eventsOf } from '../support/store.ts';
import { createLine, demo } from './line.ts';

const runOne = async (run: Parameters<typeof demo>[0], job = {}) => {
  const line = await createLine([demo(run)]);
  const summary = await line.runOne(job);
  const detail = await detailOf(line.store, summary.job_id);
  return { summary, detail, events: await eventsOf(line.store, summary.job_id) };
};

describe('a result that JSON would empty', () => {
  test.each<[string, () => unknown]>([
    ['a Promise', () => Promise.resolve(1)],
    ['an Error', () => new RangeError('too far')],
    ['a RegExp', () => /x/],
    ['a WeakMap', () => new WeakMap()],
  ])('is refused by its name: %s', async (name, make) => {
    const { summary } = await runOne(() => ({ deep: { found: make() } }), { max_retries: 2 });
    expect(summary).toMatchObject({ status: 'failed', job_status: 'failed' });
    expect(summary.error_message).toContain(`result: is not JSON: "found" is ${name}`);
  });
});

describe('a tally', () => {
  test('leaves out a result over 4 KiB, which the store has whole', async () => {
    const result = { text: 'x'.repeat(20_000) };
    const { summary, detail } = await runOne(() => result);
    expect(summary).toMatchObject({ status: 'success', result: null });
    expect(detail.executions[0]?.result).toEqual(result);
  });

  test('has a result of 4 KiB', async () => {
    const result = 'x'.repeat(4096 - 2);
    const { summary } = await runOne(() => result);
    expect(summary.result).toBe(result);
  });
});

const fieldsOf = async (fields: object) => {
  const { events, summary } = await runOne(({ log }) => log.info('look', fields));
  expect(summary.status).toBe('success');
  const [line] = events.filter(({ kind }) => kind === 'log').map(({ data }) => data);
  return (line as { fields: Record<string, unknown> }).fields;
};

describe('fields of a log line', () => {
  test('tell of an Error what it says and where it arose', async () => {
    const { error, n } = await fieldsOf({ error: new TypeError('broke'), n: 1 });
    expect(n).toBe(1);
    expect(error).toMatchObject({
      name: 'TypeError',
      message: 'broke',
      stack: expect.stringContaining('kept.test.ts'),
    });
  });

  test('over the limit are told of by their length', async () => {
    const fields = { text: 'x'.repeat(20_000) };
    expect(await fieldsOf(fields)).toEqual({ too_long: JSON.stringify(fields).length });
    const most = { text: 'x'.repeat(4000 - '{"text":""}'.length) };
    expect(await fieldsOf(most)).toEqual(most);
  });
});

describe('the event of an execution’s end', () => {
  const endOf = async (run: () => unknown) =>
    (await runOne(run, { max_retries: 0 })).events.at(-1)?.data;

  test('tells of a failure what it was', async () => {
    const data = await endOf(() => {
      throw new Error('no luck');
    });
    expect(data).toMatchObject({ execution_status: 'failed', error_message: 'no luck' });
  });

  test('tells of no error after a success', async () => {
    const data = await endOf(() => 1);
    expect(data).toMatchObject({ execution_status: 'success' });
    expect(data).not.toHaveProperty('error_message');
  });
});
