// step(name, fn): once, then replayed; and what happens to it when code fails or is stopped midway.
import { describe, expect, test } from '@jest/globals';
import { detailOf } from '../support/store.ts';
import { failOnce, runToEnd } from './steps.ts';

describe('a step', () => {
  test('runs once; later executions get its output back', async () => {
    let ran = 0;
    const seen: unknown[] = [];
    const { job, line, steps } = await runToEnd(async (ctx) => {
      seen.push(await ctx.step('count', () => ({ ran: ++ran })));
      failOnce(ctx);
      return 'done';
    });
    expect(job.status).toBe('success');
    expect(seen).toEqual([{ ran: 1 }, { ran: 1 }]);
    expect(steps).toMatchObject([
      { name: 'count', step_order: 0, status: 'success', output: { ran: 1 }, lock_epoch: 1 },
    ]);
    expect(line.eventsNamed('step.done').map(({ replayed }) => replayed)).toEqual([false, true]);
  });

  test.each<[string, unknown, unknown]>([
    ['a Date becomes text', new Date(0), '1970-01-01T00:00:00.000Z'],
    ['undefined becomes null', undefined, null],
    ['a property that is undefined is left out', { a: undefined }, {}],
    ['an URL becomes its text', new URL('https://example.org/a'), 'https://example.org/a'],
  ])('gives the first run what a replay sees: %s', async (_, given, expected) => {
    const seen: unknown[] = [];
    await runToEnd(async (ctx) => {
      seen.push(await ctx.step('s', () => given));
      failOnce(ctx);
    });
    expect(seen).toEqual([expected, expected]);
  });

  test('that failed is done again by the next execution', async () => {
    let tries = 0;
    const { job, line, id } = await runToEnd(({ step }) =>
      step('flaky', () => {
        tries += 1;
        if (tries < 3) throw new Error(`try ${tries}`);
        return tries;
      }),
    );
    expect(job).toMatchObject({ status: 'success', current_retries: 2 });
    expect((await detailOf(line.store, id)).steps).toMatchObject([
      { status: 'success', output: 3, lock_epoch: 3, detail: null },
    ]);
  });

  test('that failed for good says why', async () => {
    const { job, steps } = await runToEnd(({ step }) =>
      step('broken', () => {
        throw new Error(`no ${'x'.repeat(1000)}`);
      }),
    );
    expect(job.status).toBe('failed');
    expect(steps[0]).toMatchObject({ status: 'failed', output: null });
    expect(steps[0]?.detail).toHaveLength(500);
  });

  test('whose failure is caught does not fail the job', async () => {
    const { job, executions } = await runToEnd(async ({ step }) => {
      const first = step('a', () => Promise.reject(new Error('no')));
      return first.catch(() => step('b', () => 'plan b'));
    });
    expect([job.status, executions[0]?.result]).toEqual(['success', 'plan b']);
  });

  test('costs two calls, and a first execution does not ask for saved ones', async () => {
    const { line } = await runToEnd(async ({ step }) => {
      await step('a', () => 1);
      await step('b', () => 2);
    });
    const asked = line.called();
    expect(asked.filter((method) => method === 'saveStep')).toHaveLength(4);
    expect(asked).not.toContain('listSteps');
  });

  test('that is replayed costs nothing: saved ones are asked for once', async () => {
    const { line } = await runToEnd(async (ctx) => {
      for (const name of ['a', 'b', 'c']) await ctx.step(name, () => name);
      failOnce(ctx);
    });
    const asked = line.called();
    expect(asked.filter((method) => method === 'listSteps')).toHaveLength(1);
    expect(asked.filter((method) => method === 'saveStep')).toHaveLength(6);
  });

  test.each<[string, unknown, RegExp]>([
    ['empty', '', /step: "" is no step name/],
    ['too long', 'x'.repeat(201), /expected a text of 1 to 200 characters/],
    ['no text', 7, /step: 7 is no step name/],
  ])('refuses a name that is %s', async (_, name, message) => {
    const { job, executions } = await runToEnd(({ step }) => step(name as string, () => 1));
    expect(job).toMatchObject({ status: 'failed', current_retries: 0 });
    expect(executions[0]?.error_message).toMatch(message);
  });

  test('refuses a name used before in the same execution', async () => {
    let second = false;
    const { executions } = await runToEnd(async ({ step }) => {
      await step('page', () => 1);
      await step('page', () => {
        second = true;
      });
    });
    expect(second).toBe(false);
    expect(executions[0]?.error_message).toMatch(/"page" was used already in this execution/);
  });

  test.each<[string, unknown, RegExp]>([
    ['a BigInt', 1n, /output of step "s": is not JSON: the value is a BigInt/],
    ['NaN', Number.NaN, /output of step "s": is not JSON: the value is NaN/],
    ['a function', () => 1, /is a function/],
    ['more than 1 MiB', 'x'.repeat(1024 * 1024), /output of step "s": is 1048578 bytes/],
  ])('whose output is %s fails the job at once and keeps nothing', async (_, output, message) => {
    const { job, executions, steps } = await runToEnd(({ step }) => step('s', () => output));
    expect(job).toMatchObject({ status: 'failed', current_retries: 0 });
    expect(executions[0]?.error_message).toMatch(message);
    expect(steps).toMatchObject([{ status: 'failed', output: null }]);
  });
});
