// Steps that did not come to their end: tried again at once, or gone on with later.
import { describe, expect, test } from '@jest/globals';
import { RetryLater } from '../../src/index.ts';
import { detailOf } from '../support/store.ts';
import { createLine, demo } from './line.ts';
import { runToEnd } from './steps.ts';

describe('a step whose failure was caught', () => {
  test('may be tried again under its name in the same execution', async () => {
    let tries = 0;
    const flaky = () => {
      tries += 1;
      if (tries < 3) throw new Error(`try ${tries}`);
      return tries;
    };
    const { job, executions, steps } = await runToEnd(async ({ step }) => {
      for (let round = 0; round < 5; round += 1) {
        const output = await step('flaky', flaky).catch(() => null);
        if (output !== null) return output;
      }
      return 'gave up';
    });
    expect(job).toMatchObject({ status: 'success', current_retries: 0 });
    expect(executions).toMatchObject([{ status: 'success', result: 3 }]);
    expect(steps).toMatchObject([
      { name: 'flaky', status: 'success', output: 3, lock_epoch: 1, detail: null },
    ]);
  });

  test('and that then succeeded is not done once more', async () => {
    let tries = 0;
    const { executions } = await runToEnd(async ({ step }) => {
      const flaky = () =>
        step('flaky', () => {
          tries += 1;
          if (tries === 1) throw new Error('the first time');
        });
      await flaky().catch(() => undefined);
      await flaky();
      await flaky();
    });
    expect(tries).toBe(2);
    expect(executions[0]?.error_message).toMatch(/"flaky" was used already in this execution/);
  });
});

describe('a step that asks to go on later', () => {
  test('stays open and is done then', async () => {
    const line = await createLine([
      demo(({ step, fence }) =>
        step('patient', () => {
          if (fence.lock_epoch === 1) throw new RetryLater(60);
          return 'now';
        }),
      ),
    ]);
    const id = await line.create();
    expect((await line.drain({ max_jobs: 1 })).outcomes).toEqual({ yielded: 1 });
    const { steps } = await detailOf(line.store, id);
    expect(steps).toMatchObject([{ name: 'patient', status: 'running', detail: null }]);
    await line.clock.advance(60_000);
    expect((await line.drain()).outcomes).toEqual({ success: 1 });
    const after = await detailOf(line.store, id);
    expect(after.steps).toMatchObject([{ status: 'success', output: 'now', lock_epoch: 2 }]);
  });
});

test('a step that is tried again keeps its place', async () => {
  const { steps } = await runToEnd(async ({ step }) => {
    const failing = () => Promise.reject(new Error('the first time'));
    await step('x', failing).catch(() => undefined);
    await step('y', () => 1);
    await step('x', () => 2);
  });
  expect(steps.map(({ name, step_order }) => [name, step_order])).toEqual([
    ['x', 0],
    ['y', 1],
  ]);
});
