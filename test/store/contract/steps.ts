// Steps and progress: saved by the holder, kept for the executions that follow.
import { expect } from '@jest/globals';
import { yielded } from '../../support/jobs.ts';
import { createJob, dump, jobOf, pickOne } from '../../support/store.ts';
import type { ContractTests } from './world.ts';

export const stepTests: ContractTests = {
  'a step begins and ends': async ({ store, advance }) => {
    const jobId = await createJob(store);
    const { fence } = await pickOne(store);
    await store.saveStep(fence, { name: 'fetch', step_order: 1, status: 'running' });
    const [begun] = await store.listSteps(jobId);
    expect(begun).toMatchObject({
      job_id: jobId,
      name: 'fetch',
      step_order: 1,
      status: 'running',
      finished_at: null,
      detail: null,
      output: null,
      lock_epoch: fence.lock_epoch,
    });
    await advance(3);
    const output = { pages: [1, 2, 3], title: 'Zoë' };
    await store.saveStep(fence, { name: 'fetch', step_order: 1, status: 'success', output });
    const [ended, ...more] = await store.listSteps(jobId);
    expect(more).toEqual([]);
    expect(ended).toMatchObject({ status: 'success', output, started_at: begun?.started_at });
    const seconds = Number(ended?.finished_at) - Number(ended?.started_at);
    expect(seconds).toBeGreaterThanOrEqual(3000);
    expect(seconds).toBeLessThan(8000);
  },

  'steps are listed in their order': async ({ store }) => {
    const jobId = await createJob(store);
    const { fence } = await pickOne(store);
    for (const step_order of [2, 10, 1]) {
      await store.saveStep(fence, { name: `step ${step_order}`, step_order, status: 'running' });
    }
    const names = (await store.listSteps(jobId)).map(({ name }) => name);
    expect(names).toEqual(['step 1', 'step 2', 'step 10']);
    expect(await store.listSteps('no such job')).toEqual([]);
  },

  'a step that is a success stays as it is': async ({ store, advance }) => {
    const jobId = await createJob(store);
    const first = await pickOne(store);
    const step = { name: 'charge', step_order: 1 };
    await store.saveStep(first.fence, { ...step, status: 'success', output: 'paid' });
    const before = await store.listSteps(jobId);
    const tryAll = async (fence: typeof first.fence) => {
      await advance(1);
      const holds = [
        await store.saveStep(fence, { ...step, status: 'running' }),
        await store.saveStep(fence, { ...step, status: 'failed', detail: 'again' }),
        await store.saveStep(fence, { ...step, status: 'success', output: 'paid twice' }),
      ];
      expect(holds.map(({ held }) => held)).toEqual([true, true, true]);
      expect(await store.listSteps(jobId)).toEqual(before);
    };
    await tryAll(first.fence);
    await store.recordExecutions([yielded(first)]);
    await tryAll((await pickOne(store)).fence);
  },

  'a failed step says why and may be tried again': async ({ store }) => {
    const jobId = await createJob(store);
    const first = await pickOne(store);
    const step = { name: 'fetch', step_order: 1 };
    await store.saveStep(first.fence, { ...step, status: 'failed', detail: 'no answer' });
    const [broken] = await store.listSteps(jobId);
    expect(broken).toMatchObject({ status: 'failed', detail: 'no answer' });
    expect(broken?.finished_at).toBeInstanceOf(Date);
    await store.recordExecutions([yielded(first)]);

    const { fence } = await pickOne(store);
    await store.saveStep(fence, { ...step, status: 'running' });
    const [begun] = await store.listSteps(jobId);
    expect(begun).toMatchObject({ status: 'running', detail: null, finished_at: null });
    await store.saveStep(fence, { ...step, status: 'success', output: 'got it' });
    const steps = await store.listSteps(jobId);
    expect(steps).toHaveLength(1);
    expect(steps[0]).toMatchObject({
      status: 'success',
      output: 'got it',
      detail: null,
      lock_epoch: fence.lock_epoch,
    });
  },

  'saving the same step twice keeps one': async ({ store }) => {
    const jobId = await createJob(store);
    const { fence } = await pickOne(store);
    const step = { name: 'one', step_order: 1, status: 'success', output: 1 } as const;
    await store.saveStep(fence, step);
    const before = await dump(store, [jobId]);
    expect(await store.saveStep(fence, step)).toMatchObject({ held: true });
    expect((await dump(store, [jobId]))[0]?.steps).toEqual(before[0]?.steps);
  },

  'steps of the same name in two jobs are apart': async ({ store }) => {
    const ids = [await createJob(store), await createJob(store)];
    for (const output of ['first', 'second']) {
      const { fence } = await pickOne(store);
      await store.saveStep(fence, { name: 'same', step_order: 1, status: 'success', output });
    }
    const outputs = await Promise.all(ids.map((id) => store.listSteps(id)));
    expect(outputs.map((steps) => steps.map(({ output }) => output))).toEqual([
      ['first'],
      ['second'],
    ]);
  },

  'steps are part of what getJob tells': async ({ store }) => {
    const jobId = await createJob(store);
    const { fence } = await pickOne(store);
    await store.saveStep(fence, { name: 'one', step_order: 1, status: 'success', output: [1] });
    expect((await store.getJob(jobId))?.steps).toEqual(await store.listSteps(jobId));
  },

  'progress is kept with the job': async ({ store }) => {
    const jobId = await createJob(store);
    expect((await jobOf(store, jobId)).progress).toBeNull();
    const { fence } = await pickOne(store);
    await store.saveProgress(fence, { percent: 33.5, message: 'page 2 of 6' });
    expect((await jobOf(store, jobId)).progress).toEqual({ percent: 33.5, message: 'page 2 of 6' });
    await store.saveProgress(fence, { percent: 100, message: null });
    expect((await jobOf(store, jobId)).progress).toEqual({ percent: 100, message: null });
  },

  'every write tells the holder that a cancel was asked': async ({ store }) => {
    const jobId = await createJob(store);
    const { fence } = await pickOne(store);
    await store.moveJob(jobId, 'cancel');
    const told = { held: true, cancel_requested: true };
    const step = { name: 'one', step_order: 1, status: 'running' } as const;
    expect(await store.heartbeat(fence, 60, [])).toMatchObject(told);
    expect(await store.saveStep(fence, step)).toMatchObject(told);
    expect(await store.saveProgress(fence, { percent: 1, message: null })).toMatchObject(told);
  },
};
