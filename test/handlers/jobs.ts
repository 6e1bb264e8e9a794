// The job types of these tests, built into the functions. Each leaves a trace outside the database; one
// that misbehaves does so in its first execution alone, so that the next shows what was kept.
import { once } from 'node:events';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as pass } from 'node:timers/promises';
import { defineJob, type JobContext, z } from '../../src/index.ts';
import { announce } from '../crash/announce.ts';
import { leaveEffect } from '../crash/world.ts';

export { exits, pauses, rejectsLate, steps, throwsLate } from '../crash/cli_jobs.ts';

const effects = process.env.EFFECTS_FOLDER ?? '.';
const nothing = z.strictObject({});

const end = ({ fence }: JobContext) => {
  leaveEffect(effects, fence, 'end');
  return { epoch: fence.lock_epoch };
};

/** `steps` steps of `step_ms` each; one that is stopped leaves no effect. */
export const paced = defineJob({
  type: 'paced',
  config: z.strictObject({ steps: z.int(), step_ms: z.number() }),
  run: async (ctx) => {
    for (let number = 1; number <= ctx.config.steps; number += 1) {
      await ctx.step(`step-${number}`, async () => {
        await pass(ctx.config.step_ms, undefined, { signal: ctx.signal });
        leaveEffect(effects, ctx.fence, `step-${number}`);
        return number;
      });
    }
    return end(ctx);
  },
});

export const fails = defineJob({
  type: 'fails',
  config: nothing,
  retry: { max_retries: 0 },
  run: () => {
    throw new Error('it broke');
  },
});

export const talks = defineJob({
  type: 'talks',
  config: nothing,
  run: (ctx) => {
    ctx.log.debug('of little interest');
    ctx.log.warn('two lines\nof a job', { half: 0.5 });
    return end(ctx);
  },
});

/** Ends once `count` executions of this type have begun. */
export const meets = defineJob({
  type: 'meets',
  config: z.strictObject({ count: z.int() }),
  run: async (ctx) => {
    leaveEffect(effects, ctx.fence, 'began');
    const begun = () =>
      readdirSync(effects)
        .map((file) => readFileSync(join(effects, file), 'utf8').split('"began"').length - 1)
        .reduce((sum, count) => sum + count, 0);
    while (begun() < ctx.config.count) await pass(5, undefined, { signal: ctx.signal });
    return end(ctx);
  },
});

/** Its result is the time it was given, in milliseconds. */
export const asks = defineJob({
  type: 'asks',
  config: nothing,
  run: (ctx) => ctx.deadline(),
});

/** Says that it runs, and fills the memory. */
export const hogs = defineJob({
  type: 'hogs',
  config: nothing,
  run: (ctx) => {
    if (ctx.fence.lock_epoch > 1) return end(ctx);
    announce({ said: 'running' });
    for (const kept: unknown[] = []; ; ) kept.push(new Array(10_000).fill({}));
  },
});

/** Says that it runs, and waits for what does not come. */
export const hangs = defineJob({
  type: 'hangs',
  config: nothing,
  run: async (ctx) => {
    if (ctx.fence.lock_epoch > 1) return end(ctx);
    await ctx.step('before', () => {
      leaveEffect(effects, ctx.fence, 'before');
      return 'kept';
    });
    announce({ said: 'running' });
    return new Promise(() => undefined);
  },
});

/** Holds the whole process, timers and all, until the file `gate` is there. */
export const blocks = defineJob({
  type: 'blocks',
  config: z.strictObject({ gate: z.string() }),
  run: (ctx) => {
    if (ctx.fence.lock_epoch > 1) return end(ctx);
    announce({ said: 'running' });
    const cell = new Int32Array(new SharedArrayBuffer(4));
    while (!existsSync(ctx.config.gate)) Atomics.wait(cell, 0, 0, 5);
    return 'what came too late';
  },
});

/** Waits until its process is continued, and then tries to save more. */
export const freezes = defineJob({
  type: 'freezes',
  config: nothing,
  run: async (ctx) => {
    if (ctx.fence.lock_epoch > 1) return end(ctx);
    const continued = once(process, 'SIGCONT');
    announce({ said: 'running' });
    await continued;
    ctx.log.warn('words of a zombie');
    await ctx.step('late', () => 'what came too late');
    return 'what came too late';
  },
});
