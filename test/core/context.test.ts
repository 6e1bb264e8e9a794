// What code is given besides steps: its job, its config, progress; and that all of it ends with it.
import { describe, expect, test } from '@jest/globals';
import { type JobContext, z } from '../../src/index.ts';
import { settle } from '../support/clock.ts';
import { eventsOf, jobOf } from '../support/store.ts';
import { createLine, demo } from './line.ts';

test('code is told who it is, which execution this is, and when it began', async () => {
  const seen: Partial<JobContext>[] = [];
  const line = await createLine([
    demo(({ job, fence, started_at }) => seen.push({ job, fence, started_at })),
  ]);
  const { job_id, execution_id } = await line.runOne({ name: 'me', metadata: { user_id: 'u1' } });
  expect(seen).toMatchObject([
    {
      job: { job_id, name: 'me', job_type: 'demo', metadata: { user_id: 'u1' } },
      fence: { job_id, execution_id, lock_epoch: 1 },
      started_at: new Date('2031-05-17T09:30:00Z'),
    },
  ]);
});

describe('the config', () => {
  const config = z.object({ pages: z.number().default(5), since: z.coerce.date().optional() });
  type Config = z.output<typeof config>;
  const run = ({ config: { pages, since } }: JobContext<Config>) => [
    pages,
    `${since?.getUTCDay()}`,
  ];

  test('is what the schema makes of it, defaults filled in', async () => {
    const line = await createLine([{ type: 'demo', config, run }]);
    const { result } = await line.runOne({ config: { since: '2030-01-31T00:00:00Z' } });
    expect(result).toEqual([5, '4']);
  });

  test('that does not pass any more fails at once, naming each fault, without running code', async () => {
    let ran = false;
    const never = () => {
      ran = true;
    };
    const line = await createLine([{ type: 'demo', config, run: never }]);
    const { job_id, status, job_status, error_message } = await line.runOne({
      config: { pages: 'many', since: 'x' },
    });
    expect([status, job_status, ran]).toEqual(['failed', 'failed', false]);
    expect(error_message).toMatch(/^Config of demo refused: config\.pages: .*; config\.since: /);
    expect((await jobOf(line.store, job_id)).current_retries).toBe(0);
  });

  test('is checked by asynchronous schemas too', async () => {
    const odd = z.looseObject({}).refine(async () => false, { path: ['url'], message: 'gone' });
    const line = await createLine([{ type: 'demo', config: odd, run }]);
    const { job_status, error_message } = await line.runOne();
    expect([job_status, error_message]).toEqual([
      'failed',
      'Config of demo refused: config.url: gone',
    ]);
  });

  test('whose schema throws fails the job and not the drain', async () => {
    const odd = z.looseObject({}).refine(() => {
      throw new Error('a schema of its own mind');
    });
    const line = await createLine([{ type: 'demo', config: odd, run }]);
    const { status, error_message } = await line.runOne();
    expect(status).toBe('failed');
    expect(error_message).toContain('a schema of its own mind');
  });
});

describe('progress', () => {
  test('is kept with the job and told in its history', async () => {
    const line = await createLine([
      demo(async ({ progress }) => {
        await progress(0);
        await progress(33.3, 'a third');
        await progress(100, 'all');
      }),
    ]);
    const { job_id } = await line.runOne();
    expect((await jobOf(line.store, job_id)).progress).toEqual({ percent: 100, message: 'all' });
    const told = (await eventsOf(line.store, job_id)).filter(({ kind }) => kind === 'progress');
    expect(told.map(({ data }) => data)).toEqual([
      { percent: 0, message: null },
      { percent: 33.3, message: 'a third' },
      { percent: 100, message: 'all' },
    ]);
  });

  test.each([-1, 100.1, Number.NaN, Number.POSITIVE_INFINITY])(
    'of %d is refused',
    async (percent) => {
      const line = await createLine([demo(({ progress }) => progress(percent))]);
      const summary = await line.runOne();
      expect(summary.job_status).toBe('failed');
      expect(summary.error_message).toContain(
        `percent: ${percent} is no progress; expected a number from 0 to 100`,
      );
    },
  );

  test.each<[string, unknown[]]>([
    ['a text as percent', ['50']],
    ['a number as message', [50, 7]],
  ])('with %s leaves the job readable', async (_, args) => {
    const line = await createLine([
      demo(({ progress }) => (progress as (...given: unknown[]) => Promise<void>)(...args)),
    ]);
    const id = await line.create();
    await line.drain({ max_jobs: 1 });
    expect((await jobOf(line.store, id)).job_id).toBe(id);
  });
});

describe('once its execution is over', () => {
  const kept = async () => {
    let ctx: JobContext | undefined;
    const line = await createLine([
      demo(async (given) => {
        ctx = given as JobContext;
        await given.step('before', () => 'saved');
      }),
    ]);
    const { job_id } = await line.runOne();
    return { line, id: job_id, ctx: ctx!, calls: line.calls.length };
  };

  const expectRefused = async (write: (ctx: JobContext) => Promise<unknown>) => {
    const { ctx, line, calls } = await kept();
    await expect(write(ctx)).rejects.toMatchObject({
      name: 'ExecutionOverError',
      code: 'execution_over',
      message: 'This execution is over (it has ended); nothing more can be written for it.',
    });
    expect(line.calls).toHaveLength(calls);
  };

  test('a step is refused and never reaches the store', () =>
    expectRefused(({ step }) => step('late', () => 1)));

  test('progress is refused and never reaches the store', () =>
    expectRefused(({ progress }) => progress(50)));

  test('throttle is refused and never reaches the store', () =>
    expectRefused(({ throttle }) => throttle('late', 60)));

  test('the work of a step is not begun any more', async () => {
    const { ctx } = await kept();
    let begun = false;
    const late = ctx.step('late', () => {
      begun = true;
    });
    await expect(late).rejects.toMatchObject({ code: 'execution_over' });
    expect(begun).toBe(false);
  });

  test('log lines are dropped', async () => {
    const { ctx, line, id } = await kept();
    ctx.log.error('too late');
    await settle();
    const events = await eventsOf(line.store, id);
    expect(events.filter(({ kind }) => kind === 'log')).toEqual([]);
    expect(line.eventsNamed('job.log')).toEqual([]);
  });
});

describe('JSON nested deeper than a store can hold', () => {
  const nest = (levels: number) => JSON.parse(`${'['.repeat(levels)}${']'.repeat(levels)}`);

  test('as a result fails the job and leaves the drain whole', async () => {
    const line = await createLine([demo(() => nest(1500))]);
    expect((await line.runOne()).status).toBe('failed');
  });

  test('as the output of a step fails the job at once, naming the step', async () => {
    const line = await createLine([demo(({ step }) => step('deep', () => nest(1500)))]);
    const { job_status, error_message } = await line.runOne();
    expect(job_status).toBe('failed');
    expect(error_message).toContain('output of step "deep"');
  });
});
