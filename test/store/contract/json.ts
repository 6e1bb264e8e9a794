// Values: JSON and time come back from the store as they went in.
import { expect } from '@jest/globals';
import type { Json } from '../../../src/core/json.ts';
import { MAX_JSON_BYTES } from '../../../src/core/json.ts';
import { succeeded } from '../../support/jobs.ts';
import { createJob, detailOf, jobOf, pickOne } from '../../support/store.ts';
import type { ContractTests } from './world.ts';

const deep = (levels: number): Json => {
  let value: Json = 'bottom';
  for (let i = 0; i < levels; i += 1) value = i % 2 === 0 ? [value] : { down: value };
  return value;
};

const values: Json[] = [
  null,
  true,
  0,
  '',
  'null',
  '{"not": "an object"}',
  [],
  {},
  [[], [null], {}],
  [9007199254740991, -9007199254740991, 1e300, 5e-324, 0.1, 1 / 3, -1.5],
  { unicode: 'Zoë — 日本語 — 🦑 — \u2028 — \t\n\r\\"\'', 'ключ 🔑': 1, '': 'empty key' },
  { quote: "'; DROP TABLE cloud_jobs; --", percent: '%s %_ ?', colon: ':job_id $1' },
  { nested: [{ a: [1, { b: null }] }], null_value: null, falsy: false },
  deep(100),
  Array.from({ length: 1000 }, (_, i) => i),
];

export const jsonTests: ContractTests = {
  'config and metadata survive the round trip': async ({ store }) => {
    for (const value of values) {
      const job = await jobOf(store, await createJob(store, { config: value, metadata: value }));
      expect({ config: job.config, metadata: job.metadata }).toEqual({
        config: value,
        metadata: value,
      });
    }
  },

  'results and step outputs survive the round trip': async ({ store }) => {
    for (const [i, output] of values.entries()) {
      const jobId = await createJob(store);
      const pick = await pickOne(store);
      await store.saveStep(pick.fence, { name: `s${i}`, step_order: 1, status: 'success', output });
      await store.recordExecutions([succeeded(pick, { result: output })]);
      const { steps, executions } = await detailOf(store, jobId);
      expect(steps[0]?.output).toEqual(output);
      expect(executions[0]?.result).toEqual(output);
    }
  },

  'text survives the round trip wherever people may write it': async ({ store }) => {
    const text = `Zoë's "job" 日本 🦑 \\ %_ \t\n; --`;
    const given = {
      name: text,
      description: text,
      unique_key: text,
      actor: text,
      source_ip: '2001:db8::1',
    };
    const jobId = await createJob(store, given);
    expect(await jobOf(store, jobId)).toMatchObject(given);
    const pick = await pickOne(store, { instance_id: text, trigger: text });
    await store.saveProgress(pick.fence, { percent: 1, message: text });
    await store.saveStep(pick.fence, { name: text, step_order: 1, status: 'failed', detail: text });
    const { job, steps, executions } = await detailOf(store, jobId);
    expect(job).toMatchObject({ locked_by: text, progress: { message: text } });
    expect(executions[0]).toMatchObject({ instance_id: text, trigger: text });
    expect(steps[0]).toMatchObject({ name: text, detail: text });
  },

  'a config, a step output and a result of 1 MiB are kept': async ({ store }) => {
    const big = 'é'.repeat((MAX_JSON_BYTES - 2) / 2);
    expect(new TextEncoder().encode(JSON.stringify(big))).toHaveLength(MAX_JSON_BYTES);
    const jobId = await createJob(store, { config: big });
    const pick = await pickOne(store);
    expect(pick.job.config === big).toBe(true);
    await store.saveStep(pick.fence, { name: 's', step_order: 1, status: 'success', output: big });
    await store.recordExecutions([succeeded(pick, { result: big })]);
    const { steps, executions } = await detailOf(store, jobId);
    expect([steps[0]?.output === big, executions[0]?.result === big]).toEqual([true, true]);
  },

  'times are kept to the millisecond, far in the past and in the future': async ({ store }) => {
    for (const time of [
      '1970-01-01T00:00:00.000Z',
      '1999-12-31T23:59:59.999Z',
      '2024-02-29T12:34:56.007Z',
      '2031-10-26T01:30:00.100Z',
      '9999-12-31T23:59:59.999Z',
    ]) {
      const run_at = new Date(time);
      const job = await jobOf(store, await createJob(store, { run_at, job_type: 'dated' }));
      expect(job.run_at.toISOString()).toBe(time);
    }
  },

  'times far apart are picked in order': async ({ store }) => {
    const times = ['2001-01-01T00:00:00.010Z', '1970-01-01T00:00:00Z', '2001-01-01T00:00:00.009Z'];
    for (const time of times) await createJob(store, { run_at: new Date(time) });
    const order: string[] = [];
    for (const _ of times) order.push((await pickOne(store)).job.run_at.toISOString());
    expect(order).toEqual([
      '1970-01-01T00:00:00.000Z',
      '2001-01-01T00:00:00.009Z',
      '2001-01-01T00:00:00.010Z',
    ]);
  },

  'numbers of a job are kept at their limits': async ({ store }) => {
    const given = {
      priority: -32_768,
      max_retries: 2_000_000,
      retry_delay_seconds: 31_536_000,
      timeout_seconds: 0.5,
    };
    expect(await jobOf(store, await createJob(store, given))).toMatchObject(given);
    const high = { priority: 32_767, max_retries: 0, retry_delay_seconds: 0 };
    expect(await jobOf(store, await createJob(store, high))).toMatchObject(high);
  },
};
