// SIGTERM, SIGINT and SIGKILL to the shipped command line in the middle of a job with steps.
import { describe, expect, test } from '@jest/globals';
import { createJob, detailOf } from '../support/store.ts';
import { tempFolder } from '../support/temp.ts';
import { launchCli, tallyOf } from './cli_process.ts';
import { usePrograms } from './programs.ts';
import { violations } from './verify.ts';
import { advance, BEYOND_LOCKS, createWorld, openWorld, readEffects, type World } from './world.ts';

const programs = usePrograms();

/** What was done, and by which execution. */
const effectsOf = (world: World): string[] =>
  readEffects(world)
    .map(({ what, lock_epoch }) => `${what} at ${lock_epoch}`)
    .toSorted();

describe('a signal in the middle of a job', () => {
  test.concurrent.each([
    ['SIGTERM', 'run'],
    ['SIGINT', 'run'],
    ['SIGTERM', 'work'],
  ] as const)(
    '%s to `%s`: the job yields and goes on at its next step',
    async (signal, command) => {
      const world = await createWorld(tempFolder());
      const store = await openWorld(world);
      const jobId = await createJob(store, { job_type: 'pauses' });
      const first = launchCli(programs(), world, [command]);
      await first.hears(({ said }) => said === 'pausing');
      first.kill(signal);
      const ended = await first.ended;
      expect(ended).toMatchObject({ code: 0, signal: null });
      expect(tallyOf(ended)).toMatchObject({ outcomes: { yielded: 1 }, stopped: 'interrupted' });
      const { job, steps } = await detailOf(store, jobId);
      expect(job).toMatchObject({ status: 'waiting', current_retries: 0 });
      expect(steps.map(({ name, status }) => `${name} ${status}`)).toEqual([
        'step-1 success',
        'step-2 success',
      ]);

      const second = await launchCli(programs(), world, ['run']).ended;
      expect(second.code).toBe(0);
      expect(tallyOf(second)).toMatchObject({ outcomes: { success: 1 } });
      expect(effectsOf(world)).toEqual([
        'end at 2',
        'step-1 at 1',
        'step-2 at 1',
        'step-3 at 2',
        'step-4 at 2',
      ]);
      expect((await detailOf(store, jobId)).job.current_retries).toBe(0);
      expect(violations(world, [jobId])).toEqual([]);
      await store.close();
    },
  );

  test.concurrent('SIGKILL to `run`: one retry is used, and only the open step is done again', async () => {
    const world = await createWorld(tempFolder());
    const store = await openWorld(world);
    const jobId = await createJob(store, { job_type: 'pauses' });
    const first = launchCli(programs(), world, ['run']);
    await first.hears(({ said }) => said === 'pausing');
    first.kill('SIGKILL');
    await first.ended;
    const early = await launchCli(programs(), world, ['run']).ended;
    expect(tallyOf(early)).toMatchObject({ picked: 0, stopped: 'empty' });
    advance(world, BEYOND_LOCKS);
    await store.releaseExpired(10);
    const second = await launchCli(programs(), world, ['run']).ended;
    expect(second.code).toBe(0);
    expect(effectsOf(world)).toEqual([
      'end at 2',
      'step-1 at 1',
      'step-2 at 1',
      'step-2 at 2',
      'step-3 at 2',
      'step-4 at 2',
    ]);
    expect((await detailOf(store, jobId)).job.current_retries).toBe(1);
    expect(violations(world, [jobId])).toEqual([]);
    await store.close();
  });
});
