// The client sends again what was not answered: safely, with pauses, and not for ever.
import { getEventListeners } from 'node:events';
import { describe, expect, test } from '@jest/globals';
import { type ApiError, createClient } from '../../src/client/client.ts';
import {
  type Behaviour,
  callingWorld,
  hangUp,
  json,
  problem,
  silence,
  text,
  until,
} from './calling.ts';

const world = await callingWorld();
const { client } = world;

const job = { name: 'n', job_type: 't' };
const created = json({ job_id: '1', created: true }, 201);

const cutShort: Behaviour = (response) => {
  response.writeHead(201, { 'content-type': 'application/json', 'content-length': '100' });
  response.write('{"job_id":', () => response.socket?.destroy());
};

const thrownBy = (call: Promise<unknown>): Promise<ApiError> =>
  call.then(
    () => {
      throw new Error('it was answered');
    },
    (error: ApiError) => error,
  );

describe('a request', () => {
  test.each<[string, Behaviour]>([
    ['the connection breaks', hangUp],
    ['the answer breaks off', cutShort],
    ['the store is unavailable', problem(503, 'store_unavailable')],
    ['there are too many', problem(429, 'too_many_requests')],
    ['a gateway has no server', text('<html>', 502)],
    ['a gateway waits in vain', text('', 504)],
  ])('is sent again, with the same key, when %s', async (_what, behaviour) => {
    world.behave(behaviour, behaviour, created);
    expect(await client.jobs.create(job)).toMatchObject({ job_id: '1' });
    expect(world.asked).toHaveLength(3);
    const sent = world.asked.map(({ headers, body }) => [headers['idempotency-key'], body]);
    expect(new Set(sent.map((one) => JSON.stringify(one))).size).toBe(1);
    expect(sent[0]?.[0]).toMatch(/^[0-9a-f]{32}$/);
  });

  test('is sent five times at most, after pauses that grow and are never the same', async () => {
    world.behave(hangUp);
    const error = await thrownBy(client.stats());
    expect(error).toMatchObject({
      status: 0,
      code: 'unreachable',
      message: 'GET /api/v1/stats was not answered.',
      problem: null,
    });
    expect(error.cause).toMatchObject({ name: 'TypeError', message: 'fetch failed' });
    expect(world.asked).toHaveLength(5);
    expect(world.timers.pauses).toHaveLength(4);
    for (const [at, pause] of world.timers.pauses.entries()) {
      expect(pause).toBeGreaterThan(150 * 2 ** at);
      expect(pause).toBeLessThanOrEqual(300 * 2 ** at);
    }
  });

  test('that stays without success is told by its last answer', async () => {
    world.behave(problem(503, 'store_unavailable'));
    expect(await thrownBy(client.jobs.cancel('1'))).toMatchObject({
      status: 503,
      code: 'store_unavailable',
    });
    expect(world.asked).toHaveLength(5);
  });

  test('that nobody answers is given up after a minute, and sent again', async () => {
    world.behave(silence, json({ at: 'now' }));
    const stats = client.stats();
    await until(() => world.asked.length === 1);
    expect(world.timers.watches).toEqual([60_000]);
    world.timers.giveUp();
    expect(await stats).toEqual({ at: 'now' });
    expect(world.timers.watches).toEqual([]);
    world.behave(silence);
    const error = thrownBy(client.health());
    await until(() => world.asked.length === 3);
    world.timers.giveUp();
    expect((await error).message).toBe('GET /healthz was not answered within 60 s.');
  });
});

describe('Retry-After', () => {
  test('is obeyed, in seconds', async () => {
    world.behave(problem(429, 'too_many_requests', { 'retry-after': '7' }), json({}));
    await client.stats();
    expect(world.timers.pauses).toEqual([expect.any(Number)]);
    expect(world.timers.pauses[0]).toBeGreaterThan(7000);
    expect(world.timers.pauses[0]).toBeLessThanOrEqual(7300);
  });

  test('is obeyed as a date, too', async () => {
    const date = new Date(Date.now() + 20_000).toUTCString();
    world.behave(problem(503, 'store_unavailable', { 'retry-after': date }), json({}));
    await client.stats();
    expect(world.timers.pauses[0]).toBeGreaterThan(15_000);
    expect(world.timers.pauses[0]).toBeLessThanOrEqual(20_300);
  });

  test('of more than a minute is told to who called', async () => {
    world.behave(problem(429, 'too_many_requests', { 'retry-after': '61' }));
    expect(await thrownBy(client.stats())).toMatchObject({ retry_after_seconds: 61 });
    expect(world.asked).toHaveLength(1);
  });

  test('that cannot be read is none', async () => {
    world.behave(problem(503, 'store_unavailable', { 'retry-after': 'soon' }), json({}));
    await client.stats();
    expect(world.timers.pauses[0]).toBeLessThanOrEqual(300);
  });
});

describe('a signal', () => {
  test('that is aborted already lets nothing be sent', async () => {
    const reason = new Error('enough');
    await expect(client.stats({ signal: AbortSignal.abort(reason) })).rejects.toBe(reason);
    expect(world.asked).toEqual([]);
    expect(world.timers.watches).toEqual([]);
  });

  test('ends a request that waits for its answer', async () => {
    world.behave(silence);
    const controller = new AbortController();
    const call = client.jobs.create(job, { signal: controller.signal }).catch((error) => error);
    await until(() => world.asked.length === 1);
    const reason = new Error('enough');
    controller.abort(reason);
    expect(await call).toBe(reason);
    await until(() => world.open === 0);
    expect(world.timers.pauses).toEqual([]);
  });

  test('ends a pause, after which nothing is sent', async () => {
    const api = createClient({ url: world.url });
    const controller = new AbortController();
    const reason = new Error('enough');
    world.behave((response, asked) => {
      problem(503, 'store_unavailable', { 'retry-after': '50' })(response, asked);
      response.on('close', () => setImmediate(() => controller.abort(reason)));
    });
    await expect(api.stats({ signal: controller.signal })).rejects.toBe(reason);
    expect(world.asked).toHaveLength(1);
  });
});

test('a signal is let go of by every call that has ended', async () => {
  const { signal } = new AbortController();
  world.behave(problem(503, 'store_unavailable'), json({}), problem(404, 'not_found'));
  await client.stats({ signal });
  await expect(client.jobs.wait('1', { signal })).rejects.toThrow('not_found');
  expect(getEventListeners(signal, 'abort')).toEqual([]);
});

describe('a deletion', () => {
  const gone = problem(404, 'not_found');

  test('whose first answer was lost has done what it should when there is nothing any more', async () => {
    for (const lost of [hangUp, problem(503, 'store_unavailable'), text('', 504)]) {
      world.behave(lost, gone);
      expect(await client.jobs.delete('1')).toBeUndefined();
    }
  });

  test('of what was never there is refused', async () => {
    world.behave(gone);
    await expect(client.jobs.delete('1')).rejects.toMatchObject({ status: 404 });
    world.behave(problem(429, 'too_many_requests'), gone);
    await expect(client.schedules.delete('s')).rejects.toMatchObject({ status: 404 });
    world.behave(hangUp, gone);
    await expect(client.jobs.cancel('1')).rejects.toMatchObject({ status: 404 });
  });
});
