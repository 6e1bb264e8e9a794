// Job types whose code stalls until its lock is gone, and then goes on as if nothing had happened.
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import * as z from 'zod';
import { type AnyDefinition, defineJob, type JobContext } from '../../src/core/definition.ts';
import type { ExecutionRecord, Hold, Store } from '../../src/core/store.ts';
import { RetryLater } from '../../src/errors.ts';
import { announce } from './announce.ts';

const ends = ['success', 'failure', 'retry'] as const;
export type End = (typeof ends)[number];
const endConfig = z.strictObject({ end: z.enum(ends) });

/** Saves a step, says that it stalls, and waits until the process is continued. */
const stall = async (ctx: JobContext): Promise<void> => {
  await ctx.step('before', () => 'kept');
  const continued = once(process, 'SIGCONT');
  announce({ said: 'stalled', fence: ctx.fence });
  await continued;
};

const endAs = (end: End): string => {
  if (end === 'failure') throw new Error('what a zombie has to complain of');
  if (end === 'retry') throw new RetryLater(1);
  return 'what a zombie has to tell';
};

const attempt = async (write: () => Promise<unknown>): Promise<string> => {
  try {
    await write();
    return 'done';
  } catch (error) {
    return error instanceof Error && 'why' in error ? `stopped: ${error.why}` : String(error);
  }
};

/** Tries everything its context offers, and says what it was told. */
const writer = defineJob({
  type: 'zombie.writer',
  config: endConfig,
  run: async (ctx) => {
    await stall(ctx);
    let stepRan = false;
    ctx.log.warn('words of a zombie');
    const told = {
      step: await attempt(() =>
        ctx.step('after', () => {
          stepRan = true;
        }),
      ),
      progress: await attempt(() => ctx.progress(99, 'almost')),
      saved_step: await attempt(() => ctx.step('again', () => 'x')),
    };
    const aborted = ctx.signal.aborted;
    announce({ said: 'told', told, stepRan, aborted, why: ctx.signal.reason?.why });
    return endAs(ctx.config.end);
  },
});

/** Ends without asking anything first. */
const hasty = defineJob({
  type: 'zombie.hasty',
  config: endConfig,
  run: async (ctx) => {
    await stall(ctx);
    return endAs(ctx.config.end);
  },
});

/** Writes nothing; only its signal can tell it. */
const listener = defineJob({
  type: 'zombie.listener',
  config: endConfig,
  run: async (ctx) => {
    await stall(ctx);
    if (!ctx.signal.aborted) await once(ctx.signal, 'abort');
    announce({ said: 'told', aborted: ctx.signal.aborted, why: ctx.signal.reason.why });
    return endAs(ctx.config.end);
  },
});

/** Goes behind the line's back: every write of the port, after each of three stalls. */
const port = (store: Store) =>
  defineJob({
    type: 'zombie.port',
    config: endConfig,
    run: async (ctx) => {
      const { fence } = ctx;
      const step = { name: 'late', step_order: 7 };
      const logs = [{ level: 'error', message: 'late' } as const];
      const ended = async (more: Pick<ExecutionRecord, 'status' | 'job_status'>) => {
        const learned = { stretch_seconds: null, result: 'late', error: null, alert: null };
        const rest = { delay_seconds: 0, retry_used: false, ...learned };
        return (await store.recordExecutions([{ fence, ...rest, ...more, logs }])).verdicts[0];
      };
      const held = async (write: Promise<Hold>) => ((await write).held ? 'held' : 'not held');
      for (let time = 1; time <= 3; time += 1) {
        const continued = once(process, 'SIGCONT');
        announce({ said: 'stalled', time, fence });
        await continued;
        const answers = {
          heartbeat: await held(store.heartbeat(fence, 600, logs)),
          step_begun: await held(store.saveStep(fence, { ...step, status: 'running' })),
          step_done: await held(store.saveStep(fence, { ...step, status: 'success', output: 1 })),
          step_failed: await held(store.saveStep(fence, { ...step, status: 'failed', detail: '' })),
          progress: await held(store.saveProgress(fence, { percent: 99, message: 'late' })),
          success: await ended({ status: 'success', job_status: 'success' }),
          failure: await ended({ status: 'failed', job_status: 'failed' }),
          timeout: await ended({ status: 'timeout', job_status: 'waiting' }),
          cancelled: await ended({ status: 'cancelled', job_status: 'cancelled' }),
          yielded: await ended({ status: 'yielded', job_status: 'waiting' }),
        };
        announce({ said: 'answers', time, answers });
      }
    },
  });

/** Holds the whole process, timers and all, until the file `gate` is there. */
const blocker = defineJob({
  type: 'zombie.blocker',
  config: z.strictObject({ gate: z.string() }),
  run: (ctx) => {
    announce({ said: 'stalled', fence: ctx.fence });
    const cell = new Int32Array(new SharedArrayBuffer(4));
    while (!existsSync(ctx.config.gate)) Atomics.wait(cell, 0, 0, 5);
    return 'what a zombie has to tell';
  },
});

export const zombieJobs = (store: Store): AnyDefinition[] => [
  writer,
  hasty,
  listener,
  port(store),
  blocker,
];
