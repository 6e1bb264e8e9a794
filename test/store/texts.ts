// Characters that not every database takes: all stores refuse and replace the same ones.
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import * as z from 'zod';
import { type JobInput, prepareJob } from '../../src/core/create.ts';
import { createRegistry, defineJob, type JobContext } from '../../src/core/definition.ts';
import type { Store } from '../../src/core/store.ts';
import { drainOn } from '../support/drain.ts';
import { createJob, detailOf, eventsOf } from '../support/store.ts';
import type { StoreFactory, StoreUnderTest } from './contract/world.ts';

const HALF = '🦑'.slice(0, 1);
const FAULT = 'holds U+0000 or half a character, which no store keeps';

const demo = (run: (ctx: JobContext) => unknown) =>
  defineJob({ type: 'demo', config: z.unknown(), run });

export const textTests = (name: string, factory: StoreFactory): void => {
  describe(`text on ${name}`, () => {
    let data: StoreUnderTest;
    let store: Store;
    beforeEach(async () => {
      data = await factory();
      store = await data.open();
    });
    afterEach(() => data.close());

    const runs = async (run: (ctx: JobContext) => unknown, given = {}) => {
      const jobId = await createJob(store);
      await drainOn(store, [demo(run)], { max_jobs: 1, ...given });
      const { job, executions, steps } = await detailOf(store, jobId);
      return { job, execution: executions[0], steps, events: await eventsOf(store, jobId) };
    };

    test.each([
      ['a NUL', '\0'],
      ['half a character', HALF],
    ])('with %s never keeps an outcome from being recorded', async (_what, odd) => {
      const { job, execution, steps, events } = await runs(
        async ({ log, progress, step }) => {
          log.warn(`said ${odd}`, { [`key ${odd}`]: [`value ${odd}`], error: new Error(odd) });
          await progress(1, `half way ${odd}`);
          await step('s', () => {
            throw Object.assign(new Error(`broke ${odd}`), { name: `Odd${odd}` });
          });
        },
        { instance_id: `instance ${odd}`, source: 'queue', id: `message ${odd}` },
      );
      expect(job).toMatchObject({ status: 'waiting', progress: { message: 'half way \ufffd' } });
      expect(execution).toMatchObject({
        status: 'failed',
        error_message: 'broke \ufffd',
        error: { name: 'Odd\ufffd', message: 'broke \ufffd' },
        instance_id: 'instance \ufffd',
        trigger: 'queue:message \ufffd',
      });
      expect(steps).toMatchObject([{ name: 's', detail: 'broke \ufffd' }]);
      expect(events.filter(({ kind }) => kind === 'log')).toMatchObject([
        {
          data: {
            message: 'said \ufffd',
            fields: { 'key \ufffd': ['value \ufffd'], error: { message: '\ufffd' } },
          },
        },
      ]);
    });

    test.each([
      ['a result', () => ({ list: ['a\0b'] }), `result: "0" ${FAULT}`],
      ['a bare result', () => HALF, `result: the value ${FAULT}`],
      ['a key', () => ({ 'a\0': 1 }), `result: the key "a\\u0000" ${FAULT}`],
      [
        'the output of a step',
        ({ step }: JobContext) => step('s', () => `${HALF}!`),
        `output of step "s": the value ${FAULT}`,
      ],
      [
        'the name of a step',
        ({ step }: JobContext) => step('s\0', () => 1),
        `step: "s\\u0000" ${FAULT}`,
      ],
      ['the key of a limiter', ({ throttle }: JobContext) => throttle(HALF, 1), `key: ${FAULT}`],
    ])(
      'that no store keeps as %s fails the job, which is not tried again',
      async (_, run, said) => {
        const { job, execution } = await runs(run);
        expect(job).toMatchObject({ status: 'failed', current_retries: 0 });
        expect(execution?.error_message).toContain(said);
      },
    );

    test('that no store keeps is refused where jobs are created, field by field', async () => {
      const prepare = (input: Partial<JobInput>) =>
        prepareJob(
          { name: 'a', job_type: 'demo', ...input },
          createRegistry([demo(() => 1)]),
          String,
        );
      for (const field of ['name', 'description', 'unique_key', 'actor', 'source_ip']) {
        for (const odd of [`a\0${'b'.repeat(20)}`, `a${HALF}`]) {
          await expect(prepare({ [field]: odd })).rejects.toMatchObject({
            name: 'InputError',
            problems: [{ path: field, message: FAULT }],
          });
        }
      }
      for (const field of ['config', 'metadata']) {
        await expect(prepare({ [field]: { deep: { note: '\0' } } })).rejects.toMatchObject({
          problems: [{ path: field, message: `"note" ${FAULT}` }],
        });
      }
    });

    test('of all other characters comes back as it went in', async () => {
      const codes = Array.from({ length: 0x2fff }, (_, i) => i + 1);
      const all = `${String.fromCodePoint(...codes)}🦑\ufffe\uffff\ufffd\u{10ffff}\\u0000\\ud800`;
      const job_id = await createJob(store, { description: all, config: { [all]: all } });
      expect((await detailOf(store, job_id)).job).toMatchObject({
        description: all,
        config: { [all]: all },
      });
      await drainOn(store, [demo(() => ({ [all]: all }))]);
      expect((await detailOf(store, job_id)).executions[0]?.result).toEqual({ [all]: all });
    });

    test('that can be no id names no job', async () => {
      for (const id of ['a\0b', HALF]) {
        expect(await store.getJob(id)).toBeNull();
        expect(await store.moveJob(id, 'cancel')).toBeNull();
        expect(await store.deleteJob(id)).toBeNull();
        expect(await store.listEvents(id, 0, 10)).toEqual([]);
        expect(await store.listSteps(id)).toEqual([]);
        expect(await store.listJobs({ job_type: id, limit: 10 })).toEqual([]);
        expect(await store.listJobs({ before: id, limit: 10 })).toEqual([]);
      }
    });
  });
};
