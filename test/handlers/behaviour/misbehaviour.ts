// Job code that throws where nobody listens, holds its process or kills it; processes that freeze.
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from '@jest/globals';
import { dumpTables } from '../../crash/tables.ts';
import { tempFolder } from '../../support/temp.ts';
import type { Behaviours } from '../behaviour.ts';
import type { Host, Instance } from '../hosts/host.ts';
import { type Scene, until } from '../scene.ts';
import { setScene } from '../set_scene.ts';
import { expectAnswer } from './answers.ts';

/** Minutes; the shortest lock that a busy machine still extends in time. */
const JOB_LOCK_DURATION = '0.03';

const running = ({ said }: { said: string }) => said === 'running';

/** Another process is woken again and again, until it finds the lock expired and ends the job. */
const takenOver = async (host: Host, scene: Scene, jobId: string): Promise<Instance> => {
  const other = await scene.start({ env: { JOB_LOCK_DURATION } });
  await until(async () => {
    await other.send(host.tick(2).order);
    const { job } = await scene.detail(jobId);
    return job.status === 'success' ? job : undefined;
  });
  const { job, executions } = await scene.detail(jobId);
  expect(job).toMatchObject({ current_retries: 1, lock_epoch: 2 });
  expect(executions).toMatchObject([{ status: 'lost', result: null }, { status: 'success' }]);
  expect(scene.violations()).toEqual([]);
  return other;
};

const stray = (job_type: string, words: string) => async (host: Host) => {
  const scene = await setScene(host);
  const [jobId] = await scene.create({ job_type });
  const instance = await scene.start();
  const reply = await instance.send(host.tick(1).order);
  expectAnswer(host, reply, { picked: 1, outcomes: { failed: 1 }, reason: 'interrupted' });
  const { job, executions } = await scene.detail(jobId!);
  expect(job).toMatchObject({ status: 'waiting', current_retries: 1 });
  expect(executions).toMatchObject([{ error_message: words }]);
  const next = await instance.send(host.tick(2).order);
  expectAnswer(host, next, { picked: 1, outcomes: { success: 1 } });
  expect(scene.violations()).toEqual([]);
  expect((await instance.stop()).code).toBe(0);
};

/** `end` is called once the job runs, where it does not end its process by itself. */
const dies =
  (job_type: string, end: (instance: Instance) => void, flags: string[] = []) =>
  async (host: Host) => {
    const scene = await setScene(host);
    const [jobId] = await scene.create({ job_type });
    const instance = await scene.start({ env: { JOB_LOCK_DURATION }, flags });
    // Whoever called it hears nothing, or from a platform that sees the end coming, a 500.
    const status = instance.send(host.tick(1).order).then(
      (reply) => reply.status,
      () => 500,
    );
    end(instance);
    expect(await status).toBe(500);
    await instance.ended;
    const other = await takenOver(host, scene, jobId!);
    await other.stop();
  };

const whenRunning = (instance: Instance) => {
  void instance.hears(running).then(() => instance.kill('SIGKILL'));
};

const blocked = async (host: Host) => {
  const scene = await setScene(host);
  const gate = join(tempFolder(), 'gate');
  const [jobId] = await scene.create({ job_type: 'blocks', config: { gate } });
  const instance = await scene.start({ env: { JOB_LOCK_DURATION }, time_left_seconds: 2.5 });
  const reply = instance.send(host.tick(1).order);
  await instance.hears(running);
  const other = await takenOver(host, scene, jobId!);
  const before = dumpTables(scene.world);
  writeFileSync(gate, '');
  const came = { picked: 1, outcomes: { lost: 1 }, reason: 'deadline' };
  expectAnswer(host, await reply, came);
  expect(dumpTables(scene.world)).toEqual(before);
  const next = await instance.send(host.tick(3).order);
  expectAnswer(host, next, { picked: 0, outcomes: {} });
  await Promise.all([instance.stop(), other.stop()]);
};

const frozen = async (host: Host) => {
  const scene = await setScene(host);
  const [jobId] = await scene.create({ job_type: 'freezes' });
  const instance = await scene.start({ env: { JOB_LOCK_DURATION } });
  const reply = instance.send(host.tick(1).order);
  await instance.hears(running);
  instance.kill('SIGSTOP');
  const other = await takenOver(host, scene, jobId!);
  const before = dumpTables(scene.world);
  instance.kill('SIGCONT');
  expectAnswer(host, await reply, { picked: 1, outcomes: { lost: 1 } });
  expect(dumpTables(scene.world)).toEqual(before);
  await scene.create({ job_type: 'steps', config: { steps: 1 } });
  const next = await instance.send(host.tick(3).order);
  expectAnswer(host, next, { picked: 1, outcomes: { success: 1 } });
  expect(scene.violations()).toEqual([]);
  await Promise.all([instance.stop(), other.stop()]);
};

export const misbehaviour: Behaviours = {
  'survives an error thrown where nobody listens: that job failed, the next invocation goes on':
    stray('throws-late', 'thrown where nobody listens'),
  'survives a promise rejected where nobody listens: that job failed, the next invocation goes on':
    stray('rejects-late', 'rejected where nobody listens'),
  'leaves a job to the next invocation when it is killed': dies('hangs', whenRunning),
  'leaves a job to the next invocation when job code ends the process': dies('exits', () => {}),
  'leaves a job to the next invocation when it runs out of memory': dies('hogs', () => {}, [
    '--max-old-space-size=64',
  ]),
  'changes nothing with a job whose code held the process beyond its lock': blocked,
  'changes nothing with a job that another one took while it was frozen': frozen,
};
