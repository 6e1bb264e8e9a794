// What a function answers, and that it answers whatever became of the jobs.
import { expect } from '@jest/globals';
import type { Behaviours } from '../behaviour.ts';
import { errorOf, type Host, type Reply } from '../hosts/host.ts';
import { setScene } from '../set_scene.ts';

/** Exactly what a drain is answered with. */
export const expectAnswer = (
  { status_field }: Host,
  reply: Reply,
  came: { picked: number; outcomes: object; reason?: string },
): void => {
  const duration = expect.any(Number);
  const body = { [status_field]: 200, reason: 'empty', ...came, duration };
  expect(reply).toEqual({ status: 200, body });
};

const drains = async (host: Host) => {
  const scene = await setScene(host);
  const [maintenance] = await scene.create({ job_type: 'maintenance' });
  await scene.create({ job_type: 'steps', config: { steps: 3 } }, 2);
  const instance = await scene.start();
  const { order } = host.tick(1);
  expectAnswer(host, await instance.send(order), { picked: 3, outcomes: { success: 3 } });
  const { job } = await scene.detail(maintenance!);
  expect(job).toMatchObject({ status: 'success', current_retries: 0 });
  expect(scene.effects().toSorted()).toEqual(
    ['end', 'step-1', 'step-2', 'step-3'].flatMap((what) => [what, what]),
  );
  expectAnswer(host, await instance.send(host.tick(2).order), { picked: 0, outcomes: {} });
  const { stdout } = await instance.stop();
  expect(stdout).toBe('');
};

const failedJob = async (host: Host) => {
  const scene = await setScene(host);
  const [broken] = await scene.create({ job_type: 'fails', max_retries: 0 });
  await scene.create({ job_type: 'steps', config: { steps: 0 }, priority: -10 });
  const instance = await scene.start();
  const reply = await instance.send(host.tick(1).order);
  expectAnswer(host, reply, { picked: 2, outcomes: { failed: 1, success: 1 } });
  const { job, executions } = await scene.detail(broken!);
  expect(job).toMatchObject({ status: 'failed' });
  expect(executions).toMatchObject([{ status: 'failed', error_message: 'it broke' }]);
  await instance.stop();
};

const limits = async (host: Host) => {
  const scene = await setScene(host);
  await scene.create({ job_type: 'steps', config: { steps: 0 } }, 3);
  await scene.create({ job_type: 'talks', priority: 10 }, 2);
  const instance = await scene.start();
  const send = (fields: object) => instance.send(host.input({ cloud_jobs: 'drain', ...fields }));
  const one = { picked: 1, outcomes: { success: 1 } };
  expectAnswer(host, await send({ max_jobs: 1 }), { ...one, reason: 'limit' });
  expectAnswer(host, await send({ priority: 'high' }), one);
  const two = { picked: 2, outcomes: { success: 2 }, reason: 'limit' };
  expectAnswer(host, await send({ job_types: ['steps'], max_jobs: 2 }), two);
  expectAnswer(host, await send({}), one);
  await instance.stop();
};

const badInput = async (host: Host) => {
  const scene = await setScene(host);
  await scene.create({ job_type: 'steps', config: { steps: 0 } });
  const instance = await scene.start();
  const send = (fields: object) => instance.send(host.input({ cloud_jobs: 'drain', ...fields }));
  const reply = await send({ max_jobs: 0, priority: 'urgent', job_typs: ['steps'] });
  expect(reply.status).toBeGreaterThanOrEqual(400);
  for (const fault of [
    'event.max_jobs: 0 cannot be used; expected a whole number of 1 or more',
    'event.priority: "urgent" cannot be used; expected high, normal, low, all',
    'has "job_typs"; expected only',
  ]) {
    expect(errorOf(reply)).toContain(fault);
  }
  const unknown = await send({ job_types: ['stepz'] });
  expect(unknown.status).toBeGreaterThanOrEqual(400);
  expect(errorOf(unknown)).toContain('"stepz" is no known job type; expected one of');
  expect(await scene.executions()).toEqual([]);
  await instance.stop();
};

const stranger = async (host: Host) => {
  const scene = await setScene(host);
  await scene.create({ job_type: 'steps', config: { steps: 0 } });
  const instance = await scene.start();
  const reply = await instance.send(host.stranger);
  expect(reply.status).toBeGreaterThanOrEqual(400);
  expect(errorOf(reply)).toMatch(
    /^Event refused: .*; expected .*, or \{"cloud_jobs": "drain"\}\. Nothing was run\.$/,
  );
  expect(await scene.executions()).toEqual([]);
  const { stderr } = await instance.stop();
  expect(stderr).toContain('Event refused');
};

const trigger = async (host: Host) => {
  const scene = await setScene(host);
  const config = { steps: 0 };
  const [ticked] = await scene.create({ job_type: 'steps', config });
  const instance = await scene.start();
  const tick = host.tick(7);
  await instance.send(tick.order);
  const [asked] = await scene.create({ job_type: 'steps', config });
  await instance.send(host.input({ cloud_jobs: 'drain', id: 'by-hand' }));
  expect((await scene.detail(ticked!)).executions).toMatchObject([{ trigger: tick.trigger }]);
  expect((await scene.detail(asked!)).executions).toMatchObject([
    { trigger: expect.stringMatching(/^\w+\.invoke:by-hand$/) },
  ]);
  await instance.stop();
};

export const answers: Behaviours = {
  'drains what is due, says so in its answer, and nothing on stdout': drains,
  'answers 200 for a job that failed, and says how many did': failedJob,
  'does no more than an input asks for': limits,
  'refuses a wrong input by field, value and expectation, and runs nothing': badInput,
  'refuses the event of somebody else, says what it expects, and runs nothing': stranger,
  'leaves in each execution what woke it, with its id': trigger,
};
