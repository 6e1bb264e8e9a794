// custom: registered functions by task_type.
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { acceptConfig } from '../../src/core/definition.ts';
import { custom } from '../../src/jobs/custom.ts';
import { createLine, type Line } from './line.ts';

let line: Line;
beforeEach(async () => {
  line = await createLine();
});
afterEach(() => line.close());

describe('custom', () => {
  test('runs the function of its task_type with everything the config holds', async () => {
    const definition = custom({
      greet: async (ctx) => {
        const word = await ctx.step('word', () => `hello ${String(ctx.config.who)}`);
        return { word, job_id: ctx.job.job_id };
      },
    });
    const instance = await line.instance(() => [definition]);
    const config = { task_type: 'greet', who: 'Ada' };
    const job_id = await line.create(instance.store, 'custom', config);
    const ended = await line.until(instance.run());
    expect(ended).toMatchObject({ status: 'success', result: { word: 'hello Ada', job_id } });
  });

  test.each(['unknown', 'constructor', '__proto__'])('refuses the task_type %j', async (name) => {
    const definition = custom({ b: () => 1, a: () => 2 });
    await expect(acceptConfig(definition, { task_type: name })).rejects.toMatchObject({
      problems: [
        {
          path: 'config.task_type',
          message: `"${name}" is not a registered task; registered are a, b`,
        },
      ],
    });
  });

  test('says so when no function is registered, and fails at once at execution', async () => {
    const definition = custom({});
    await expect(acceptConfig(definition, { task_type: 'a' })).rejects.toThrow(
      'none is registered',
    );
    const instance = await line.instance(() => [definition]);
    await line.create(instance.store, 'custom', { task_type: 'a' });
    const ended = await line.until(instance.run());
    expect(ended).toMatchObject({ status: 'failed', job_status: 'failed' });
    expect(ended.error_message).toContain('config.task_type: "a" is not a registered task');
  });
});
