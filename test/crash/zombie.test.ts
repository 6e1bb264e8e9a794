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

/** A picks a job and stalls, and the clock passes its lock's end. */
const expired = async (job_type: string, config: Json, { speed = 1, time = 0 } = {}) => {
  const world = await createWorld(tempFolder(), speed);
  const store = await openWorld(world);
  const jobId = await createJob(store, { job_type, config });
  const a = launchChild(programs().child, { world, instance_id: 'a' });
  await a.hears(says('stalled', time || undefined));
  a.kill('SIGSTOP');
  advance(world, BEYOND_LOCKS);
  /** B picks the job. */
  const pick = () =>
    pickOne(store, { instance_id: 'b', job_types: [job_type], lock_seconds: 3600 });
  return { world, store, jobId, a, pick };
};

const stalled = async (job_type: string, config: Json, options?: { speed: number }) => {
  const scene = await expired(job_type, config, options);
  const b = await scene.pick();
  expect(b.fence).toMatchObject({ job_id: scene.jobId, lock_epoch: 2 });
  return { ...scene, b };
};
type Scene = Awaited<ReturnType<typeof stalled>>;

/** A drained one job and tells that it was lost; it changed nothing, and B ends the job. */
const expectLost = async ({ world, store, jobId, a, b }: Omit<Scene, 'pick'>, before: unknown) => {
  const { tallies } = await a.hears(says('done'));
  expect(tallies).toMatchObject([
    {
      picked: 1,
      outcomes: { lost: 1 },
      stopped: 'empty',
      executions: [{ status: 'lost', job_status: null }],
    },
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
  test.concurrent('changes nothing by any write: lock expired, job picked, job done', async () => {
    const { world, store, a, pick } = await expired('zombie.port', { end: 'success' }, { time: 1 });
    const expectRefused = async (time: number) => {
      const before = dumpTables(world);
      a.kill('SIGCONT');
      expect((await a.hears(says('answers', time))).answers).toEqual(refused);
      await (time < 3 ? a.hears(says('stalled', time + 1)) : a.ended);
      expect(dumpTables(world)).toEqual(before);
    };
    await expectRefused(1);
    const b = await pick();
    await expectRefused(2);
    await store.saveStep(b.fence, { name: 'late', step_order: 1, status: 'success', output: 'b' });
    await store.recordExecutions([succeeded(b, { result: 'by b' })]);
    await expectRefused(3);
    expect(await a.ended).toMatchObject({ code: 0, stderr: '' });
    await store.close();
  });

  test.concurrent.each(['success', 'failure', 'retry'])(
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

  test.concurrent.each(['success', 'failure', 'retry'])(
    'learns only by recording its %s that the lock is lost',
    async (end) => {
      const scene = await stalled('zombie.hasty', { end });
      const before = dumpTables(scene.world);
      scene.a.kill('SIGCONT');
      await expectLost(scene, before);
    },
  );

  test.concurrent('has its code aborted by the heartbeat when the code itself writes nothing', async () => {
    // A beat comes every 1.25 s then; by itself the instance would give its lock 30 s.
    const scene = await stalled('zombie.listener', { end: 'success' }, { speed: 4 });
    const before = dumpTables(scene.world);
    scene.a.kill('SIGCONT');
    const told = await scene.a.hears(says('told'));
    expect(told).toMatchObject({ aborted: true, why: 'lost' });
    await expectLost(scene, before);
  }, 25_000);
});

describe('code that blocks its process beyond the lock', () => {
  test.concurrent('is fenced off once it lets go', async () => {
    const gate = join(tempFolder(), 'gate');
    const world = await createWorld(tempFolder());
    const store = await openWorld(world);
    const jobId = await createJob(store, { job_type: 'zombie.blocker', config: { gate } });
    const a = launchChild(programs().child, { world, instance_id: 'a' });
    await a.hears(says('stalled'));
    advance(world, BEYOND_LOCKS);
    const b = await pickOne(store, { instance_id: 'b', job_types: ['zombie.blocker'] });
    const before = dumpTables(world);
    writeFileSync(gate, '');
    await expectLost({ world, store, jobId, a, b }, before);
  });
});
