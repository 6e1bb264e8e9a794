// Job types for the shipped command line, each with a bad habit of its own; loaded by `--jobs`.
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { defineJob, type JobContext, z } from '../../src/index.ts';
import { announce } from './announce.ts';
import { stepsJob } from './job_types.ts';
import { leaveEffect } from './world.ts';

const effects = process.env.EFFECTS_FOLDER ?? '.';
const nothing = z.strictObject({});

/** A good end, as `steps` comes to it. */
const end = ({ fence }: JobContext) => {
  leaveEffect(effects, fence, 'end');
  return { epoch: fence.lock_epoch };
};

/** Only the first execution misbehaves; the next one shows that the job is not spoilt by it. */
const first = ({ lock_epoch }: { lock_epoch: number }): boolean => lock_epoch === 1;

export const steps = stepsJob({ effects });

/** Is not done before the file `gate` is there. */
export const gated = defineJob({
  type: 'gated',
  config: z.strictObject({ gate: z.string() }),
  run: async (ctx) => {
    while (!existsSync(ctx.config.gate)) await sleep(5, undefined, { signal: ctx.signal });
    return end(ctx);
  },
});

export const exits = defineJob({
  type: 'exits',
  config: nothing,
  run: (ctx) => {
    if (first(ctx.fence)) process.exit(7);
    return end(ctx);
  },
});

export const throwsLate = defineJob({
  type: 'throws-late',
  config: nothing,
  retry: { delay_seconds: 0 },
  run: async (ctx) => {
    if (!first(ctx.fence)) return end(ctx);
    setTimeout(() => {
      throw new Error('thrown where nobody listens');
    }, 0);
    await once(ctx.signal, 'abort');
    return 'never believed';
  },
});

export const rejectsLate = defineJob({
  type: 'rejects-late',
  config: nothing,
  retry: { delay_seconds: 0 },
  run: async (ctx) => {
    if (!first(ctx.fence)) return end(ctx);
    void Promise.reject(new Error('rejected where nobody listens'));
    await once(ctx.signal, 'abort');
    return 'never believed';
  },
});

export const neverSettles = defineJob({
  type: 'never-settles',
  config: nothing,
  timeout: 0.1,
  retry: { delay_seconds: 0 },
  run: (ctx) => (first(ctx.fence) ? new Promise(() => undefined) : end(ctx)),
});

/** Stands still in its second step, the first time, until told to stop; what it did there counts. */
export const pauses = defineJob({
  type: 'pauses',
  config: nothing,
  run: async (ctx) => {
    for (const number of [1, 2, 3, 4]) {
      await ctx.step(`step-${number}`, async () => {
        leaveEffect(effects, ctx.fence, `step-${number}`);
        if (number !== 2 || !first(ctx.fence)) return number;
        const stopped = once(ctx.signal, 'abort');
        announce({ said: 'pausing', fence: ctx.fence });
        await stopped;
        return number;
      });
    }
    return end(ctx);
  },
});
