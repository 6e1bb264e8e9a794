// Time that runs out: by the platform's deadline, and by its signal.
import { setTimeout as pass } from 'node:timers/promises';
import { expect } from '@jest/globals';
import Driver from 'libsql';
import type { Behaviours } from '../behaviour.ts';
import type { Host } from '../hosts/host.ts';
import { setScene } from '../set_scene.ts';
import { expectAnswer } from './answers.ts';

/** Twice the shortest time in which anything is begun: starting on a busy machine takes some of it. */
const SHORT_SECONDS = 2.5;

const deadline = async (host: Host) => {
  const scene = await setScene(host);
  const [jobId] = await scene.create({ job_type: 'pauses' });
  const instance = await scene.start({ time_left_seconds: SHORT_SECONDS });
  const cut = await instance.send(host.tick(1).order);
  const came = { picked: 1, outcomes: { yielded: 1 }, reason: 'deadline' };
  expectAnswer(host, cut, came);
  expect((cut.body as { duration: number }).duration).toBeLessThan(SHORT_SECONDS);
  expect((await scene.detail(jobId!)).job).toMatchObject({
    status: 'waiting',
    current_retries: 0,
  });
  const rest = await instance.send(host.tick(2).order);
  expectAnswer(host, rest, { picked: 1, outcomes: { success: 1 } });
  expect(scene.violations()).toEqual([]);
  expect((await scene.detail(jobId!)).job.current_retries).toBe(0);
  expect(scene.effects()).toEqual(['step-1', 'step-2', 'step-3', 'step-4', 'end']);
  await instance.stop();
};

const opening = async (host: Host) => {
  const scene = await setScene(host);
  const [jobId] = await scene.create({ job_type: 'asks' });
  const instance = await scene.start({ time_left_seconds: 5 });
  const driver = new Driver(scene.world.path);
  driver.exec('BEGIN IMMEDIATE');
  const reply = instance.send(host.tick(1).order);
  // Nothing is waited for here: for so long somebody else keeps the file to himself.
  await pass(800);
  driver.exec('COMMIT');
  driver.close();
  expectAnswer(host, await reply, { picked: 1, outcomes: { success: 1 } });
  const { executions } = await scene.detail(jobId!);
  // A fifth is kept back: of 5 s, 4 s are given to a job at the very beginning.
  expect(executions[0]!.result).toBeLessThan(3500);
  await instance.stop();
};

const longJob = async (host: Host) => {
  const scene = await setScene(host);
  const [jobId] = await scene.create({ job_type: 'paced', config: { steps: 40, step_ms: 100 } });
  const instance = await scene.start({ time_left_seconds: SHORT_SECONDS });
  let invocations = 0;
  for (let status = 'waiting'; status === 'waiting'; invocations += 1) {
    await instance.send(host.tick(invocations).order);
    ({ status } = (await scene.detail(jobId!)).job);
  }
  expect(invocations).toBeGreaterThan(1);
  expect(scene.violations()).toEqual([]);
  const { job, executions } = await scene.detail(jobId!);
  expect(job).toMatchObject({ status: 'success', current_retries: 0 });
  expect(executions.map(({ status }) => status).slice(0, -1)).toEqual(
    Array.from({ length: invocations - 1 }, () => 'yielded'),
  );
  const steps = Array.from({ length: 40 }, (_, index) => `step-${index + 1}`);
  expect(scene.effects()).toEqual([...steps, 'end']);
  await instance.stop();
};

const sigterm = async (host: Host) => {
  const scene = await setScene(host);
  const [jobId] = await scene.create({ job_type: 'pauses' });
  await scene.create({ job_type: 'steps', config: { steps: 0 }, priority: -10 });
  const instance = await scene.start();
  const reply = instance.send(host.tick(1).order);
  await instance.hears(({ said }) => said === 'pausing');
  instance.kill('SIGTERM');
  const came = { picked: 1, outcomes: { yielded: 1 }, reason: 'interrupted' };
  expectAnswer(host, await reply, came);
  expect(await instance.ended).toMatchObject({ ...host.ends, stdout: '' });
  expect((await scene.detail(jobId!)).job).toMatchObject({ status: 'waiting', current_retries: 0 });
  const next = await scene.start();
  const rest = await next.send(host.tick(2).order);
  expectAnswer(host, rest, { picked: 2, outcomes: { success: 2 } });
  expect(scene.violations()).toEqual([]);
  await next.stop();
};

export const time: Behaviours = {
  'counts the time that its store took to open': opening,
  'stops a job before the deadline, keeps its steps, and goes on with no retry used': deadline,
  'ends a job of 40 steps over several short invocations, each step run once': longJob,
  'answers what SIGTERM left of a drain, and then ends': sigterm,
};
