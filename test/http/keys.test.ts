// Who may ask: keys, their scopes, and what holds without any.
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { StoreRefusedError } from '../../src/errors.ts';
import { type HttpWorld, httpWorld, keys, READ_KEY, WRITE_KEY } from './world.ts';

let world: HttpWorld;
let open: HttpWorld;

beforeAll(async () => {
  world = await httpWorld();
  open = await httpWorld({ keys: [] });
});
afterAll(async () => {
  await world.close();
  await open.close();
});

const everything = [
  ['GET', '/api/v1/jobs'],
  ['POST', '/api/v1/jobs'],
  ['POST', '/api/v1/jobs/demo'],
  ['GET', '/api/v1/jobs/x'],
  ['DELETE', '/api/v1/jobs/x'],
  ['GET', '/api/v1/jobs/x/stream'],
  ['POST', '/api/v1/jobs/x/cancel'],
  ['GET', '/api/v1/job-types'],
  ['GET', '/api/v1/schedules'],
  ['POST', '/api/v1/schedules'],
  ['POST', '/api/v1/schedules/x/trigger'],
  ['GET', '/api/v1/stats'],
  ['GET', '/api/v1/stats/timeline'],
  ['GET', '/metrics'],
  ['GET', '/openapi.json'],
  ['GET', '/ops/jobs/x'],
  ['POST', '/ops/jobs/demo'],
];

describe('without a key', () => {
  test.each(everything)('%s %s is refused, and says how to send one', async (method, path) => {
    const { status, json, headers } = await world.ask(path, { method, key: null });
    expect([status, json.code]).toEqual([401, 'unauthorized']);
    expect(headers.get('www-authenticate')).toMatch(/^Bearer/);
    expect(json.detail).toContain('X-API-Key');
  });

  test('health is told, and neither the place of the store nor any job', async () => {
    const { status, json } = await world.ask('/healthz', { key: null });
    expect(status).toBe(200);
    expect(json).toEqual({ status: 'ok', store: 'sqlite', schema_version: expect.any(Number) });
  });
});

test('health of a store that refuses is told as that of one that is away, without its words', async () => {
  const inspect = async () => {
    throw new StoreRefusedError('db.internal refuses the user "jobs"');
  };
  const store = Object.create(world.runner.store, { inspect: { value: inspect } });
  const refused = await httpWorld({ runner: { ...world.runner, store } });
  const { status, json } = await refused.ask('/healthz', { key: null });
  const told = { store: 'sqlite', schema_version: null, code: 'store_refused' };
  expect([status, json]).toEqual([503, { status: 'unavailable', ...told }]);
  await refused.close();
});

describe('a wrong key', () => {
  test.each([
    '',
    'wrong',
    WRITE_KEY.slice(0, -1),
    `${WRITE_KEY}x`,
    WRITE_KEY.toUpperCase(),
    keys[0]?.sha256 ?? '',
    `sha256:${keys[0]?.sha256}`,
    'x'.repeat(1000),
  ])('is refused: %s', async (key) => {
    const { status, text } = await world.ask('/api/v1/jobs', { key });
    expect(status).toBe(401);
    expect(text).not.toContain('wrong');
  });

  test('beside others, a thousand in a second, are told to wait, and right ones are served', async () => {
    const busy = await httpWorld();
    const statuses = new Map<number, number>();
    for (let at = 0; at < 1000; at += 1) {
      const { status, headers } = await busy.ask('/api/v1/jobs', { key: `guess-${at}` });
      statuses.set(status, (statuses.get(status) ?? 0) + 1);
      if (status === 429) expect(Number(headers.get('retry-after'))).toBeGreaterThan(0);
    }
    expect([statuses.get(401), statuses.get(429)]).toEqual([30, 970]);
    expect((await busy.ask('/api/v1/jobs')).status).toBe(200);
    const elsewhere = { key: 'guess', peer: { address: '10.0.0.9' } };
    expect((await busy.ask('/api/v1/jobs', elsewhere)).status).toBe(401);
    // The log is not flooded by them either.
    const told = busy.logged.filter(({ event }) => event === 'http.answered');
    expect(told.length).toBeLessThanOrEqual(1003);
    await busy.close();
  });
});

test('wrong keys from all over one network of IPv6 are counted as those of one', async () => {
  const guessed = await httpWorld();
  const statuses = new Set<number>();
  for (let at = 1; at <= 31; at += 1) {
    const address = at % 2 === 0 ? `2001:db8::${at}` : `2001:db8:0:0:${at}:0:0:1`;
    const { status } = await guessed.ask('/api/v1/jobs', { key: 'guess', peer: { address } });
    statuses.add(status);
  }
  expect([...statuses]).toEqual([401, 429]);
  const neighbour = { key: 'guess', peer: { address: '2001:db8:0:1::1' } };
  expect((await guessed.ask('/api/v1/jobs', neighbour)).status).toBe(401);
  await guessed.close();
});

test('the log tells from where a key was guessed, and not the key', async () => {
  const key = 'a-guess-at-the-key-of-somebody-else';
  await world.ask('/api/v1/stats', { key, peer: { address: '192.0.2.7' } });
  const line = world.logged.at(-1);
  expect(line).toMatchObject({ status: 401, actor: null, source_ip: '192.0.2.7' });
  expect(JSON.stringify(world.logged)).not.toContain(key);
});

describe('a key that may only read', () => {
  test.each(everything.filter(([method]) => method !== 'GET'))(
    'is refused for %s %s, by its name',
    async (method, path) => {
      const { status, json } = await world.ask(path, { method, key: READ_KEY, json: {} });
      expect([status, json.code]).toEqual([403, 'forbidden']);
      expect(json.detail).toContain('"grafana"');
    },
  );

  test('may look', async () => {
    expect((await world.ask('/api/v1/jobs', { key: READ_KEY })).status).toBe(200);
  });
});

describe('a right key', () => {
  test('may come as a bearer token', async () => {
    const headers = { authorization: `Bearer ${WRITE_KEY}` };
    expect((await world.ask('/api/v1/stats', { key: null, headers })).status).toBe(200);
  });

  test('may ask only so often in a minute', async () => {
    const slow = await httpWorld({ rate_limit: 3 });
    const statuses: number[] = [];
    for (let at = 0; at < 5; at += 1) statuses.push((await slow.ask('/api/v1/jobs')).status);
    expect(statuses).toEqual([200, 200, 200, 429, 429]);
    expect((await slow.ask('/api/v1/jobs', { key: READ_KEY })).status).toBe(200);
    await slow.close();
  });
});

describe('where no key is configured', () => {
  const post = (wish: object) =>
    open.ask('/api/v1/jobs/demo', { method: 'POST', key: null, ...wish });

  test('whoever is on this machine may do everything', async () => {
    expect((await post({})).status).toBe(201);
    expect((await post({ origin: 'http://127.0.0.1:8080' })).status).toBe(201);
    expect((await post({ origin: 'http://[::1]:8080', peer: { address: '::1' } })).status).toBe(
      201,
    );
  });

  test.each([
    ['another machine', { peer: { address: '10.0.0.9' } }],
    ['a platform that does not say from where', { peer: { address: null } }],
    ['a name of somebody that leads here', { origin: 'http://rebound.example.com:8080' }],
    ['a page of another origin', { headers: { origin: 'https://example.com' } }],
    ['a page of another port', { headers: { origin: 'http://localhost:3000' } }],
    ['a form of another page', { headers: { 'sec-fetch-site': 'cross-site' } }],
    ['a page without an origin', { headers: { origin: 'null' } }],
  ])('%s may not', async (_, wish) => {
    const { status, json } = await post(wish);
    expect([status, json.code]).toEqual([403, 'forbidden']);
    expect(json.detail).toContain('cloud-jobs api-key');
  });

  test('what a caller says of other addresses makes it no nearer', async () => {
    const wish = { peer: { address: '10.0.0.9' }, headers: { 'x-forwarded-for': '127.0.0.1' } };
    expect((await post(wish)).status).toBe(403);
  });

  test('the own page may', async () => {
    const headers = { origin: 'http://localhost:8080', 'sec-fetch-site': 'same-origin' };
    expect((await post({ headers })).status).toBe(201);
  });
});
