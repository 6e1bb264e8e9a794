// The job types of the crash tests: each leaves a trace of its own outside the database.
import { setImmediate } from 'node:timers/promises';
import * as z from 'zod';
import { defineJob, type JobContext } from '../../src/core/definition.ts';
import type { Reach } from './stages.ts';
import { leaveEffect } from './world.ts';

const stepCount = z.strictObject({ steps: z.int().min(0) });

interface StepsDeps {
  effects: string;
  reach?: Reach;
}

const runSteps = async (
  ctx: JobContext<z.output<typeof stepCount>>,
  { effects, reach }: StepsDeps,
): Promise<{ epoch: number }> => {
  for (let number = 1; number <= ctx.config.steps; number += 1) {
    await ctx.step(`step-${number}`, async () => {
      await setImmediate();
      leaveEffect(effects, ctx.fence, `step-${number}`);
      reach?.('inside a step');
      return number;
    });
    reach?.('after a step');
  }
  leaveEffect(effects, ctx.fence, 'end');
  return { epoch: ctx.fence.lock_epoch };
};

/** Its result names the epoch that made it. */
export const stepsJob = (deps: StepsDeps) =>
  defineJob({ type: 'steps', config: stepCount, run: (ctx) => runSteps(ctx, deps) });
