// Job code that misbehaves, under the shipped command line: the job is retried, others are unharmed.
import { describe, expect, test } from '@jest/globals';
import { newJob } from '../support/jobs.ts';
import { tempFolder } from '../support/temp.ts';
import { launchCli, tallyOf } from './cli_process.ts';
import { usePrograms } from './programs.ts';
import { violations } from './verify.ts';
import { advance, BEYOND_LOCKS, createWorld, openWorld, type World } from './world.ts';

const programs = usePrograms();

const run = async (world: World) => {
  const ended = await launchCli(programs(), world, ['run']).ended;
  return { ...ended, tally: ended.stdout === '' ? null : tallyOf(ended) };
};

/** A world with a job of this type and, after it, one that behaves. */
const withJob = async (job_type: string) => {
  const world = await createWorld(tempFolder());
  const store = await openWorld(world);
  const bad = newJob({ job_type, retry_delay_seconds: 0 });
  const good = newJob({ job_type: 'steps', config: { steps: 1 } });
  await store.createJobs([bad, good]);
  const statuses = async () => {
    const details = await Promise.all([bad, good].map(({ job_id }) => store.getJob(job_id)));
    return details.map((detail) => detail?.job.status);
  };
  return { world, store, jobIds: [bad.job_id, good.job_id], statuses };
};

describe('job code', () => {
  test.concurrent('that exits the process loses its execution when the lock expires', async () => {
    const { world, store, jobIds, statuses } = await withJob('exits');
    expect(await run(world)).toMatchObject({ code: 7, stdout: '' });
    expect(await statuses()).toEqual(['locked', 'waiting']);
    advance(world, BEYOND_LOCKS);
    expect(await store.releaseExpired(10)).toMatchObject([
      { job_id: jobIds[0], job_status: 'waiting' },
    ]);
    expect(await run(world)).toMatchObject({ code: 0, tally: { outcomes: { success: 2 } } });
    expect(violations(world, jobIds)).toEqual([]);
    await store.close();
  });

  test.concurrent.each([
    ['throws', 'throws-late', 'thrown where nobody listens'],
    ['rejects', 'rejects-late', 'rejected where nobody listens'],
  ])('that %s outside of its promise fails, and the drain ends', async (_how, type, message) => {
    const { world, store, jobIds, statuses } = await withJob(type);
    const { code, tally, stderr } = await run(world);
    expect(code).toBe(1);
    expect(tally).toMatchObject({
      outcomes: { failed: 1 },
      stopped: 'interrupted',
      executions: [{ status: 'failed', job_status: 'waiting', error_message: message }],
    });
    expect(JSON.parse(stderr.split('\n')[0] ?? '')).toMatchObject({ event: 'code.faulted' });
    expect(await statuses()).toEqual(['waiting', 'waiting']);
    expect(await run(world)).toMatchObject({ code: 0, tally: { outcomes: { success: 2 } } });
    expect(violations(world, jobIds)).toEqual([]);
    await store.close();
  });

  test.concurrent('that never settles is timed out, and the drain goes on', async () => {
    const { world, store, jobIds } = await withJob('never-settles');
    const { code, tally } = await run(world);
    expect(code).toBe(1);
    expect(tally).toMatchObject({ outcomes: { timeout: 1, success: 2 }, stopped: 'empty' });
    expect(violations(world, jobIds)).toEqual([]);
    await store.close();
  });
});
