// Schedules over HTTP: what is told of one, and what makes its creation safe to repeat.
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { type HttpWorld, httpWorld } from './world.ts';

let world: HttpWorld;

beforeAll(async () => {
  world = await httpWorld();
});
afterAll(() => world.close());

const input = { name: 'each minute', job_type: 'demo', schedule_expression: '* * * * *' };
const again = { headers: { 'idempotency-key': 's-1' } };

describe('a schedule', () => {
  test('is created once, however often it is sent', async () => {
    const first = await world.post('/api/v1/schedules', input, again);
    const second = await world.post('/api/v1/schedules', input, again);
    expect([first.status, second.status]).toEqual([201, 201]);
    expect(second.json.schedule_id).toBe(first.json.schedule_id);
    expect((await world.post('/api/v1/schedules', input)).status).toBe(409);
  });

  test('is refused under a key that stands for another one, and stays as it is', async () => {
    for (const other of [
      { ...input, name: 'other' },
      { ...input, priority: 3 },
    ]) {
      const { status, json } = await world.post('/api/v1/schedules', other, again);
      expect([status, json.code]).toEqual([422, 'idempotency_key_reused']);
    }
    const { json } = await world.ask('/api/v1/schedules');
    expect(json.schedules).toMatchObject([{ name: 'each minute', priority: 0 }]);
  });

  test('whose name is taken is refused as such, also under a key', async () => {
    const wish = { headers: { 'idempotency-key': 's-2' } };
    const { status, json } = await world.post('/api/v1/schedules', input, wish);
    expect([status, json.code]).toEqual([409, 'conflict']);
  });

  test('tells its rule in words, its next times, and no slots that have not come', async () => {
    const { json } = await world.ask('/api/v1/schedules/each%20minute');
    expect(json).toMatchObject({ rule_in_words: 'every minute', rule_faults: [], slots: [] });
    const times = (json.next_times as string[]).map((time) => Date.parse(time));
    const [first = 0] = times;
    expect(times).toEqual([0, 1, 2, 3, 4].map((place) => first + place * 60_000));
    expect(first).toBeGreaterThan(Date.parse(String(json.now)));
  });

  test('makes one job of a trigger that is repeated, in the name of the key', async () => {
    const path = '/api/v1/schedules/each%20minute/trigger';
    const first = await world.post(path, undefined, again);
    const second = await world.post(path, undefined, again);
    expect([first.status, second.status]).toEqual([201, 201]);
    expect(second.json.job_id).toBe(first.json.job_id);
    expect(first.headers.get('idempotency-replayed')).toBeNull();
    const job = await world.ask(`/api/v1/jobs/${first.json.job_id}`);
    expect(job.json).toMatchObject({
      actor: 'ops',
      source_ip: '127.0.0.1',
      schedule: { name: 'each minute' },
    });
  });

  test('is paused, resumed and deleted; what is paused has no next times', async () => {
    const path = '/api/v1/schedules/each%20minute';
    expect((await world.ask(`${path}/pause`, { method: 'POST' })).json.status).toBe('paused');
    expect((await world.ask(`${path}/pause`, { method: 'POST' })).status).toBe(409);
    expect((await world.ask(path)).json.next_times).toEqual([]);
    expect((await world.ask(`${path}/resume`, { method: 'POST' })).json.status).toBe('active');
    expect((await world.ask(path, { method: 'DELETE' })).status).toBe(204);
    expect((await world.ask(path)).status).toBe(404);
  });

  test('that is deleted is listed beside others of its name, each once', async () => {
    for (let made = 0; made < 3; made += 1) {
      await world.post('/api/v1/schedules', { ...input, name: 'of one name' });
      await world.ask('/api/v1/schedules/of%20one%20name', { method: 'DELETE' });
    }
    const seen: string[] = [];
    let path: unknown = '/api/v1/schedules?status=deleted&limit=1';
    while (typeof path === 'string') {
      const { json } = await world.ask(path);
      seen.push(...(json.schedules as { schedule_id: string }[]).map((one) => one.schedule_id));
      path = json.next;
    }
    expect(seen).toHaveLength(4);
    expect(new Set(seen).size).toBe(4);
  });

  test('names every fault of what was sent', async () => {
    const bad = { name: '', job_type: 'demo', schedule_expression: '61 * * * *', colour: 'red' };
    const { status, json } = await world.post('/api/v1/schedules', bad);
    expect(status).toBe(400);
    expect(json.errors?.map(({ path }) => path)).toEqual(['name', '']);
    const { json: rule } = await world.post('/api/v1/schedules', {
      ...input,
      ...{ schedule_expression: '61 * * * *' },
    });
    expect(rule.errors?.[0]?.path).toBe('schedule_expression');
    expect((await world.post('/api/v1/schedules', [1])).status).toBe(400);
    expect((await world.post('/api/v1/schedules', undefined)).status).toBe(400);
  });
});
