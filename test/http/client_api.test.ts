// The client and the API as they are: over a real server, on a real store.
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { Client, EventAnswer } from '../../src/client/client.ts';
import { swiftClient } from './calling.ts';
import { cuttingProxy } from './cutting.ts';
import { type Served, servingWorld } from './serving.ts';
import { type HttpWorld, httpWorld, READ_KEY, WRITE_KEY } from './world.ts';

let world: HttpWorld;
let served: Served;
let url: string;
let client: Client;

beforeAll(async () => {
  world = await httpWorld();
  served = await servingWorld(world);
  url = `http://127.0.0.1:${served.port}`;
  client = swiftClient({ url, api_key: WRITE_KEY });
});
afterAll(async () => {
  await served.close();
  await world.close();
});

describe('a job', () => {
  test('is created, followed to its success, and found again', async () => {
    const created = await client.jobs.createOf('count', { to: 4 }, { metadata: { of: 'test' } });
    expect(created).toMatchObject({ created: true, status: 'waiting' });
    const percents: number[] = [];
    const waiting = client.jobs.wait(created.job_id, {
      onProgress: ({ percent }) => percents.push(percent),
    });
    await world.runner.drain();
    const found = await waiting;
    expect(found).toMatchObject({ status: 'success', name: 'count', progress: { percent: 100 } });
    expect(found.steps).toHaveLength(4);
    expect(found.executions).toMatchObject([{ status: 'success', result: { counted: 4 } }]);
    expect(percents).toEqual([25, 50, 75, 100]);
    expect(await client.jobs.get(created.job_id)).toEqual(found);
    const { jobs, next } = await client.jobs.list({ status: 'success', job_type: 'count' });
    expect(jobs.map(({ job_id }) => job_id)).toEqual([created.job_id]);
    expect(next).toBeNull();
  });

  test('is steered and deleted', async () => {
    const run_at = new Date(Date.now() + 3_600_000);
    const { job_id } = await client.jobs.create({ name: 'n', job_type: 'demo', run_at });
    expect((await client.jobs.disable(job_id)).status).toBe('disabled');
    expect(await client.jobs.enable(job_id)).toMatchObject({
      status: 'waiting',
      run_at: run_at.toISOString(),
    });
    expect((await client.jobs.cancel(job_id)).status).toBe('cancelled');
    expect((await client.jobs.retry(job_id)).status).toBe('waiting');
    expect(await client.jobs.delete(job_id)).toBeUndefined();
    await expect(client.jobs.get(job_id)).rejects.toMatchObject({ code: 'not_found' });
  });

  test('is created once, however many answers are lost', async () => {
    let lost = 0;
    const proxy = await cuttingProxy(served.port, () => {
      lost += 1;
      return lost <= 3 ? 40 : null;
    });
    const far = swiftClient({ url: proxy.url, api_key: WRITE_KEY });
    const { job_id } = await far.jobs.create({ name: 'once', job_type: 'demo' });
    expect(lost).toBe(4);
    const { jobs } = await client.jobs.list({ job_type: 'demo' });
    expect(jobs.map((job) => job.job_id)).toEqual([job_id]);
    lost = 0;
    await far.jobs.delete(job_id);
    expect((await client.jobs.list({ job_type: 'demo' })).jobs).toEqual([]);
    await proxy.close();
  });

  test('is read to its end, and that there is nothing more is no event', async () => {
    const { job_id } = await client.jobs.createOf('demo');
    await client.jobs.cancel(job_id);
    const seen: EventAnswer[] = [];
    for await (const event of client.jobs.events(job_id)) seen.push(event);
    expect(seen.map(({ data }) => data)).toMatchObject([
      { status: 'waiting' },
      { status: 'cancelled' },
    ]);
    const more = client.jobs.events(job_id, { after: seen.at(-1)?.event_id });
    expect(await more.next()).toEqual({ done: true, value: null });
  });
});

test('a schedule is created, paused, resumed, triggered, listed and deleted', async () => {
  const { schedules } = client;
  const name = 'every night / UTC';
  const created = await schedules.create({ name, job_type: 'demo', schedule_expression: '@daily' });
  expect(created).toMatchObject({ name, status: 'active' });
  expect((await schedules.pause(name)).status).toBe('paused');
  expect((await schedules.resume(created.schedule_id)).status).toBe('active');
  expect((await schedules.trigger(name)).created).toBe(true);
  const { slots, next_times } = await schedules.get(name, { slots: 2 });
  // While it was paused, none of its times came; those that are to come are no slots yet.
  expect(slots).toEqual([]);
  expect(next_times[0]).toMatch(/T00:00:00\.000Z$/);
  expect((await schedules.list()).schedules.map((one) => one.name)).toEqual([name]);
  await schedules.delete(name);
  expect((await schedules.list()).schedules).toEqual([]);
});

test('statistics, a timeline, job types and health are told', async () => {
  expect((await client.stats()).jobs).toHaveProperty('success');
  expect(await client.timeline({ hours: 2 })).toHaveProperty('bucket_seconds');
  const { job_types } = await client.job_types.list();
  expect(job_types.map(({ job_type }) => job_type)).toContain('count');
  expect(await client.health()).toMatchObject({ status: 'ok', store: 'sqlite' });
});

test('what is refused is said in the words of the API', async () => {
  await expect(client.jobs.createOf('count', { to: -1 })).rejects.toMatchObject({
    status: 400,
    code: 'input_invalid',
    problem: { errors: [{ path: 'config.to' }] },
  });
  const reader = swiftClient({ url, api_key: READ_KEY });
  await expect(reader.jobs.createOf('count')).rejects.toMatchObject({ status: 403 });
  const nobody = swiftClient({ url });
  await expect(nobody.jobs.list()).rejects.toMatchObject({ status: 401, code: 'unauthorized' });
});
