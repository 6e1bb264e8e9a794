// What the worker of these tests executes: two steps, with something to tell in between.
import type { AnyDefinition } from '../../../src/core/definition.ts';

/** A job that is called `fails` does that, for good. */
export const work: AnyDefinition['run'] = async (ctx) => {
  const first = await ctx.step('first', () => 'one');
  await ctx.progress(50, 'half of it');
  ctx.log.warn('two lines\nof a job', { half: 0.5 });
  const second = await ctx.step('second', () => ({ of: 2 }));
  if (ctx.job.name === 'fails') throw new Error('it broke');
  return { first, second };
};
