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
    const job = await world.ask(`/api/v1/jobs/${first.json.job_id}`);
    expect(job.json).toMatchObject({ actor: 'ops', schedule: { name: 'each minute' } });
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
