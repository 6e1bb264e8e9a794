// Jobs over HTTP: created, looked at, steered.
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { type HttpWorld, httpWorld, READ_KEY } from './world.ts';

let world: HttpWorld;

beforeAll(async () => {
  world = await httpWorld();
});
afterAll(() => world.close());

describe('creating a job', () => {
  test('answers its id and where to look', async () => {
    const { status, json, headers } = await world.post('/api/v1/jobs', {
      name: 'n',
      job_type: 'count',
      config: { to: 2 },
      priority: 'high',
    });
    expect(status).toBe(201);
    const poll_url = `/api/v1/jobs/${json.job_id}`;
    expect(json).toEqual({
      job_id: expect.any(String),
      status: 'waiting',
      created: true,
      poll_url,
      sse_url: `${poll_url}/stream`,
    });
    expect(headers.get('location')).toBe(poll_url);
  });

  test('by the config of its type alone keeps who asked and from where', async () => {
    const path = '/api/v1/jobs/count?name=five&priority=7&max_retries=1&depends_on=a&unique_key=k';
    const refused = await world.post(path, { to: 5 });
    expect(refused.json.detail).toContain('a');
    const { json } = await world.post(path.replace('&depends_on=a', ''), { to: 5 });
    const job = await world.ask(`/api/v1/jobs/${json.job_id}`);
    expect(job.json).toMatchObject({
      name: 'five',
      priority: 7,
      max_retries: 1,
      config: { to: 5 },
      actor: 'ops',
      source_ip: '127.0.0.1',
      progress: null,
      current_step: null,
      steps: [],
      executions: [],
    });
  });

  test('under the older paths answers the same, with those paths', async () => {
    const { status, json } = await world.post('/ops/jobs/count', { to: 1 });
    expect(status).toBe(201);
    expect(json.poll_url).toBe(`/ops/jobs/${json.job_id}`);
    const there = await world.ask(String(json.poll_url));
    expect(there.json).toMatchObject({ name: 'count', job_type: 'count' });
  });

  test('names every fault with its value', async () => {
    const { status, json, headers } = await world.post('/api/v1/jobs', {
      name: '',
      job_type: 7,
      priority: 'urgent',
      actor: 'root',
    });
    expect([status, headers.get('content-type')]).toEqual([400, 'application/problem+json']);
    expect(json.errors?.map(({ path }) => path)).toEqual(['actor']);
    const again = await world.post('/api/v1/jobs', { name: '', job_type: 7, priority: 'urgent' });
    expect(again.json.errors?.map(({ path }) => path)).toEqual(['name', 'job_type', 'priority']);
    expect(again.json.code).toBe('input_invalid');
  });

  test('of a type that nobody knows names those that are known', async () => {
    const { status, json } = await world.post('/api/v1/jobs/nothing', {});
    expect(status).toBe(400);
    expect(json.detail).toMatch(
      /"nothing" is no known job type; expected one of count, custom, demo/,
    );
  });

  test('with parameters that there are not says which there are', async () => {
    const { status, json } = await world.post('/api/v1/jobs/count?prio=1', {});
    expect(status).toBe(400);
    expect(json.detail).toMatch(/prio: is no parameter; expected only name, job_id/);
  });
});

describe('an idempotency key', () => {
  const again = { headers: { 'idempotency-key': 'order-17' } };

  test('creates a job once, however often it is sent, and answers the same', async () => {
    const body = { name: 'once', job_type: 'demo', metadata: { session_id: 's' } };
    const first = await world.post('/api/v1/jobs', body, again);
    const second = await world.post('/api/v1/jobs', body, again);
    expect([first.status, second.status]).toEqual([201, 201]);
    expect(second.json).toEqual({ ...first.json, created: false });
    expect(second.headers.get('idempotency-replayed')).toBe('true');
    const { json } = await world.ask(`/api/v1/jobs/${first.json.job_id}`);
    expect(json.metadata).toMatchObject({ session_id: 's', idempotency: { key: 'order-17' } });
  });

  test('stands for the same request under the older paths', async () => {
    const wish = { headers: { 'idempotency-key': 'order-18' } };
    const first = await world.post('/api/v1/jobs/demo?name=n', { a: 1 }, wish);
    const second = await world.post('/ops/jobs/demo?name=n', { a: 1 }, wish);
    expect([first.status, second.status]).toEqual([201, 201]);
    expect(second.json.job_id).toBe(first.json.job_id);
    expect((await world.post('/ops/jobs/demo?name=m', { a: 1 }, wish)).status).toBe(422);
  });

  test('is refused for another request', async () => {
    const { status, json } = await world.post(
      '/api/v1/jobs',
      { name: 'x', job_type: 'demo' },
      again,
    );
    expect([status, json.code]).toEqual([422, 'idempotency_key_reused']);
  });

  test('of another request finds the job of one’s own job_id there', async () => {
    const job = { name: 'mine', job_type: 'count', job_id: 'mine' };
    const sent = (key: string, more = {}) =>
      world.post('/api/v1/jobs', { ...job, ...more }, { headers: { 'idempotency-key': key } });
    expect((await world.post('/api/v1/jobs', job)).status).toBe(201);
    for (const more of [{}, { priority: 5 }]) {
      const { status, json, headers } = await sent('own-1', more);
      expect({ status, created: json.created }).toEqual({ status: 200, created: false });
      expect(headers.get('idempotency-replayed')).toBeNull();
    }
    const other = { job_id: 'mine-2' };
    const both = [await sent('own-2', other), await sent('own-2', other)];
    expect(both.map(({ status }) => status)).toEqual([201, 201]);
    expect((await sent('own-2', { ...other, priority: 5 })).status).toBe(422);
    expect((await sent('own-3', other)).status).toBe(200);
  });

  test('that cannot be used is refused', async () => {
    const wish = { headers: { 'idempotency-key': 'with blank' } };
    const { status, json } = await world.post(
      '/api/v1/jobs',
      { name: 'x', job_type: 'demo' },
      wish,
    );
    expect([status, json.errors?.[0]?.path]).toEqual([400, 'Idempotency-Key']);
  });

  test('makes a move safe to repeat, too', async () => {
    const { json } = await world.post('/api/v1/jobs/demo', {});
    const path = `/api/v1/jobs/${json.job_id}/cancel`;
    const wish = { method: 'POST', headers: { 'idempotency-key': 'c-1' } };
    expect((await world.ask(path, wish)).status).toBe(200);
    expect((await world.ask(path, wish)).status).toBe(200);
    expect((await world.ask(path, { method: 'POST' })).status).toBe(409);
  });

  test('finds a retry done that was picked meanwhile', async () => {
    const { json } = await world.post('/api/v1/jobs/count', { to: 1 });
    const path = `/api/v1/jobs/${json.job_id}`;
    await world.ask(`${path}/cancel`, { method: 'POST' });
    const wish = { method: 'POST', headers: { 'idempotency-key': 'r-1' } };
    expect((await world.ask(`${path}/retry`, wish)).json.status).toBe('waiting');
    await world.runner.drain();
    expect((await world.ask(`${path}/retry`, wish)).json.status).toBe('success');
    expect((await world.ask(`${path}/cancel`, wish)).status).toBe(409);
  });
});

describe('a list of jobs', () => {
  test('is read page by page, each job once', async () => {
    const made: unknown[] = [];
    for (let at = 0; at < 7; at += 1) {
      made.unshift((await world.post(`/api/v1/jobs/demo?name=page-${at}`, {})).json.job_id);
    }
    const seen: unknown[] = [];
    let path: unknown = '/api/v1/jobs?job_type=demo&status=waiting&limit=3';
    while (typeof path === 'string') {
      const { json } = await world.ask(path, { key: READ_KEY });
      seen.push(...(json.jobs as { job_id: string }[]).map(({ job_id }) => job_id));
      path = json.next;
    }
    expect(seen.slice(0, 7)).toEqual(made);
    expect(new Set(seen).size).toBe(seen.length);
  });

  test('refuses what it cannot be asked for', async () => {
    const { status, json } = await world.ask('/api/v1/jobs?status=done&limit=0&colour=red');
    expect(status).toBe(400);
    expect(json.errors?.map(({ path }) => path)).toEqual(['status', 'limit', '']);
    const gone = await world.ask('/api/v1/jobs?before=nobody');
    expect(gone.json.detail).toMatch(/there is no job "nobody" any more/);
  });
});

describe('a job', () => {
  test('tells of its steps, executions and progress', async () => {
    const { json } = await world.post('/api/v1/jobs/count', { to: 2 });
    await world.runner.drain();
    const job = (await world.ask(`/api/v1/jobs/${json.job_id}`)).json;
    expect(job).toMatchObject({
      status: 'success',
      progress: { percent: 100, message: 'at 2' },
      steps: [
        { name: 'to 1', step_order: 0, status: 'success', output: 1 },
        { name: 'to 2', step_order: 1, status: 'success', output: 2 },
      ],
      executions: [{ status: 'success', result: { counted: 2 } }],
    });
  });

  test.each([
    ['GET', ''],
    ['DELETE', ''],
    ['POST', '/cancel'],
    ['GET', '/stream'],
  ])('that is not there is not found: %s %s', async (method, tail) => {
    const { status, json } = await world.ask(`/api/v1/jobs/nobody${tail}`, { method });
    expect([status, json.code]).toEqual([404, 'not_found']);
  });

  test('is disabled, enabled, cancelled, given its retries back, deleted', async () => {
    const path = `/api/v1/jobs/${(await world.post('/api/v1/jobs/demo', {})).json.job_id}`;
    const statuses: unknown[] = [];
    for (const move of ['disable', 'enable', 'cancel', 'retry']) {
      statuses.push((await world.ask(`${path}/${move}`, { method: 'POST' })).json.status);
    }
    expect(statuses).toEqual(['disabled', 'waiting', 'cancelled', 'waiting']);
    expect((await world.ask(path, { method: 'DELETE' })).status).toBe(204);
    expect((await world.ask(path)).status).toBe(404);
  });
});
