// Steps within and beside each other, and steps that the end of their execution overtakes.
import { describe, expect, test } from '@jest/globals';
import { settle } from '../support/clock.ts';
import { detailOf } from '../support/store.ts';
import { createLine, demo, forever } from './line.ts';
import { failOnce, runToEnd } from './steps.ts';

describe('steps within and beside each other', () => {
  test('a step may hold others; replayed, the inner ones are not even looked at', async () => {
    const ran: string[] = [];
    const { job, steps } = await runToEnd(async (ctx) => {
      await ctx.step('outer', async () => {
        await ctx.step('inner', () => ran.push('inner'));
        ran.push('outer');
      });
      failOnce(ctx);
    });
    expect(job.status).toBe('success');
    expect(ran).toEqual(['inner', 'outer']);
    expect(steps.map(({ name, step_order }) => [name, step_order])).toEqual([
      ['outer', 0],
      ['inner', 1],
    ]);
  });

  test('an inner step that is done is replayed when the outer one is done again', async () => {
    const ran: string[] = [];
    await runToEnd((ctx) =>
      ctx.step('outer', async () => {
        await ctx.step('inner', () => ran.push('inner'));
        failOnce(ctx);
        ran.push('outer');
      }),
    );
    expect(ran).toEqual(['inner', 'outer']);
  });

  test('what comes after a replayed outer step is listed after its inner ones', async () => {
    const { steps } = await runToEnd(async (ctx) => {
      await ctx.step('outer', async () => {
        await ctx.step('z-inner', () => 1);
      });
      failOnce(ctx);
      await ctx.step('after', () => 2);
    });
    expect(steps.map(({ name }) => name)).toEqual(['outer', 'z-inner', 'after']);
  });

  test('many at once are each done once and ask for saved ones once', async () => {
    const ran: number[] = [];
    const { line, executions } = await runToEnd(async (ctx) => {
      const pages = Array.from({ length: 20 }, (_, page) =>
        ctx.step(`page-${page}`, () => {
          ran.push(page);
          return page;
        }),
      );
      const all = await Promise.all(pages);
      failOnce(ctx);
      return all.length;
    });
    expect(ran).toHaveLength(20);
    expect(executions.at(-1)?.result).toBe(20);
    expect(line.called().filter((method) => method === 'listSteps')).toHaveLength(1);
  });

  test('one of many that fails leaves the others kept', async () => {
    const ran: string[] = [];
    await runToEnd(async (ctx) => {
      const one = (name: string) =>
        ctx.step(name, () => {
          ran.push(name);
          if (name === 'b') failOnce(ctx);
        });
      await Promise.all(['a', 'b', 'c'].map(one));
    });
    expect(ran).toEqual(['a', 'b', 'c', 'b']);
  });
});

describe('a step and the end of its execution', () => {
  test('finished although the code was told to stop, it is kept', async () => {
    const ran: number[] = [];
    const stop = new AbortController();
    const line = await createLine([
      demo(({ step, fence }) =>
        step('slow', async () => {
          ran.push(fence.lock_epoch);
          stop.abort('SIGTERM');
          return 'kept';
        }),
      ),
    ]);
    const id = await line.create();
    const { outcomes } = await line.drain({ interrupt: stop.signal });
    expect(outcomes).toEqual({ yielded: 1 });
    expect((await detailOf(line.store, id)).steps).toMatchObject([
      { status: 'success', output: 'kept' },
    ]);
    expect((await line.drain()).executions[0]?.result).toBe('kept');
    expect(ran).toEqual([1]);
  });

  test('given up because the code was told to stop, it stays open and is done again', async () => {
    const line = await createLine([
      demo(({ step, fence, signal }) =>
        step('slow', () => {
          if (fence.lock_epoch > 1) return 'second';
          return new Promise((_, reject) => {
            signal.addEventListener('abort', () => reject(signal.reason));
          });
        }),
      ),
    ]);
    const id = await line.create();
    await line.drain({ time_left_ms: 20_000 });
    expect((await detailOf(line.store, id)).steps).toMatchObject([
      { status: 'running', detail: null },
    ]);
    expect((await line.drain()).executions[0]?.result).toBe('second');
  });

  test('finished after the execution was given up, it is told so and changes nothing', async () => {
    let finish = (): void => undefined;
    const slow = new Promise<void>((resolve) => {
      finish = resolve;
    });
    const seen: unknown[] = [];
    const line = await createLine([
      demo(async ({ step }) => {
        await step('slow', () => slow).catch((error) => seen.push(error));
        return forever();
      }),
    ]);
    const id = await line.create({ timeout_seconds: 10, max_retries: 0 });
    await line.drain();
    finish();
    await settle();
    expect(seen).toMatchObject([{ name: 'ExecutionOverError', code: 'execution_over' }]);
    expect((await detailOf(line.store, id)).steps).toMatchObject([{ status: 'running' }]);
  });
});
