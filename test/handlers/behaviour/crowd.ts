// Many invocations at once, and the same event more than once.
import { expect } from '@jest/globals';
import type { Behaviours } from '../behaviour.ts';
import type { Host, Reply } from '../hosts/host.ts';
import type { Scene } from '../scene.ts';
import { setScene } from '../set_scene.ts';

const pickedBy = (replies: Reply[]): number[] =>
  replies.map(({ status, body }) => {
    expect(status).toBe(200);
    return (body as { picked: number }).picked;
  });

const sum = (numbers: number[]): number => numbers.reduce((all, one) => all + one, 0);

const expectOnce = async (scene: Scene, jobs: number) => {
  expect(scene.violations()).toEqual([]);
  const executions = await scene.executions();
  expect(executions).toHaveLength(jobs);
  expect(executions.every(({ status }) => status === 'success')).toBe(true);
};

const together = async (host: Host) => {
  const scene = await setScene(host);
  await scene.create({ job_type: 'steps', config: { steps: 1 } }, 40);
  const [one, other] = await Promise.all([scene.start(), scene.start()]);
  const replies = await Promise.all([
    one.send(host.tick(1).order),
    other.send(host.tick(2).order),
    // Cloud Run gives one process many requests at once.
    one.send(host.tick(3).order),
  ]);
  expect(sum(pickedBy(replies))).toBe(40);
  await expectOnce(scene, 40);
  await Promise.all([one.stop(), other.stop()]);
};

const twice = async (host: Host) => {
  const scene = await setScene(host);
  await scene.create({ job_type: 'steps', config: { steps: 1 } }, 20);
  const [one, other] = await Promise.all([scene.start(), scene.start()]);
  const { order } = host.tick(1);
  const replies = await Promise.all([one.send(order), other.send(order)]);
  replies.push(await one.send(order));
  expect(sum(pickedBy(replies))).toBe(20);
  expect(pickedBy(replies)[2]).toBe(0);
  await expectOnce(scene, 20);
  await Promise.all([one.stop(), other.stop()]);
};

const sideBySide = async (host: Host) => {
  const scene = await setScene(host);
  await scene.create({ job_type: 'meets', config: { count: 3 } }, 3);
  const instance = await scene.start();
  const numbers = [1, 2, 3];
  const replies = numbers.map((number) => instance.send(host.tick(number).order));
  expect(pickedBy(await Promise.all(replies))).toEqual([1, 1, 1]);
  await expectOnce(scene, 3);
  const idle = await instance.send(host.tick(4).order);
  expect(pickedBy([idle])).toEqual([0]);
  expect((await instance.stop()).code).toBe(0);
};

export const crowd: Behaviours = {
  'executes each of 40 jobs once when invoked several times at once': together,
  'does not let one invocation of a process wait for another': sideBySide,
  'executes each job once when the same event comes twice, at once or later': twice,
};
