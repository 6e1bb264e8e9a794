// A zombie is a real process: it stalls with a job in hand, loses its lock, and goes on.
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import type { Json } from '../../src/core/json.ts';
import { succeeded } from '../support/jobs.ts';
import { createJob, detailOf, pickOne } from '../support/store.ts';
import { tempFolder } from '../support/temp.ts';
import { launchChild } from './kill_round.ts';
import { usePrograms } from './programs.ts';
import { dumpTables } from './tables.ts';
import { advance, BEYOND_LOCKS, createWorld, openWorld } from './world.ts';

const programs = usePrograms();

const says =
  (said: string, time?: number) =>
  (message: { said: string; time?: unknown }): boolean =>
    message.said === said && message.time === time;

/** A picks a job and stalls; the clock passes its lock's end; B picks the job. */
const stalled = async (job_type: string, config: Json, { lock_duration = 2, time = 0 } = {}) => {
  const world = await createWorld(tempFolder());
  const store = await openWorld(world);
  const jobId = await createJob(store, { job_type, config });
  const a = launchChild(programs().child, { world, instance_id: 'a', lock_duration, max_jobs: 1 });
  await a.hears(says('stalled', time || undefined));
  a.kill('SIGSTOP');
  advance(world, BEYOND_LOCKS);
  const b = await pickOne(store, { instance_id: 'b', job_types: [job_type], lock_seconds: 3600 });
  expect(b.fence).toMatchObject({ job_id: jobId, lock_epoch: 2 });
  return { world, store, jobId, a, b };
};
type Scene = Awaited<ReturnType<typeof stalled>>;

/** A drained one job and tells that it was lost; it changed nothing, and B ends the job. */
const expectLost = async ({ world, store, jobId, a, b }: Scene, before: unknown) => {
  const { tallies } = await a.hears(says('done'));
  expect(tallies).toMatchObject([
    { picked: 1, outcomes: { lost: 1 }, executions: [{ status: 'lost', job_status: null }] },
    { picked: 0, stopped: 'empty' },
  ]);
  expect(await a.ended).toMatchObject({ code: 0, stderr: '' });
  expect(dumpTables(world)).toEqual(before);
  expect(await store.heartbeat(b.fence, 60, [])).toMatchObject({ held: true });
  const { verdicts } = await store.recordExecutions([succeeded(b, { result: 'by b' })]);
  expect(verdicts).toEqual(['recorded']);
  const { job, executions } = await detailOf(store, jobId);
  expect(job).toMatchObject({ status: 'success', current_retries: 1, lock_epoch: 2 });
  expect(executions).toMatchObject([
    { instance_id: 'a', status: 'lost', result: null },
    { instance_id: 'b', status: 'success', result: 'by b' },
  ]);
  await store.close();
};

const refused = {
  heartbeat: 'not held',
  step_begun: 'not held',
  step_done: 'not held',
  step_failed: 'not held',
  progress: 'not held',
  success: 'lost',
  failure: 'lost',
  timeout: 'lost',
  cancelled: 'lost',
  yielded: 'lost',
};

describe('a process that was stopped until another one picked its job', () => {
  test.concurrent('changes nothing by any write, neither while the other one works nor after', async () => {
    const scene = await stalled('zombie.port', { end: 'success' }, { time: 1 });
    const { world, store, a, b } = scene;
    const during = dumpTables(world);
    a.kill('SIGCONT');
    expect((await a.hears(says('answers', 1))).answers).toEqual(refused);
    await a.hears(says('stalled', 2));
    expect(dumpTables(world)).toEqual(during);

    await store.saveStep(b.fence, { name: 'late', step_order: 1, status: 'success', output: 'b' });
    await store.recordExecutions([succeeded(b, { result: 'by b' })]);
    const after = dumpTables(world);
    a.kill('SIGCONT');
    expect((await a.hears(says('answers', 2))).answers).toEqual(refused);
    expect(await a.ended).toMatchObject({ code: 0, stderr: '' });
    expect(dumpTables(world)).toEqual(after);
    await store.close();
  });

  test.concurrent.each(['success', 'failure', 'later'])(
    'is told by its first write that the lock is lost, and its %s counts for nothing',
    async (end) => {
      const scene = await stalled('zombie.writer', { end });
      const before = dumpTables(scene.world);
      scene.a.kill('SIGCONT');
      const told = await scene.a.hears(says('told'));
      expect(told).toMatchObject({ stepRan: false, aborted: true, why: 'lost' });
      const stopped = 'stopped: lost';
      expect(told.told).toEqual({ step: stopped, progress: stopped, saved_step: stopped });
      await expectLost(scene, before);
    },
  );

  test.concurrent.each(['success', 'failure', 'later'])(
    'learns only by recording its %s that the lock is lost',
    async (end) => {
      const scene = await stalled('zombie.hasty', { end });
      const before = dumpTables(scene.world);
      scene.a.kill('SIGCONT');
      await expectLost(scene, before);
    },
  );

  test.concurrent('has its code aborted by the heartbeat when the code itself writes nothing', async () => {
    // Six seconds of lock, a beat every one and a half.
    const scene = await stalled('zombie.listener', { end: 'success' }, { lock_duration: 0.1 });
    const before = dumpTables(scene.world);
    scene.a.kill('SIGCONT');
    const told = await scene.a.hears(says('told'));
    expect(told).toMatchObject({ aborted: true, why: 'lost' });
    await expectLost(scene, before);
  });
});

describe('code that blocks its process beyond the lock', () => {
  test.concurrent('is fenced off once it lets go', async () => {
    const gate = join(tempFolder(), 'gate');
    const world = await createWorld(tempFolder());
    const store = await openWorld(world);
    const jobId = await createJob(store, { job_type: 'zombie.blocker', config: { gate } });
    const a = launchChild(programs().child, { world, instance_id: 'a', max_jobs: 1 });
    await a.hears(says('stalled'));
    advance(world, BEYOND_LOCKS);
    const b = await pickOne(store, { instance_id: 'b', job_types: ['zombie.blocker'] });
    const before = dumpTables(world);
    writeFileSync(gate, '');
    await expectLost({ world, store, jobId, a, b }, before);
  });
});
