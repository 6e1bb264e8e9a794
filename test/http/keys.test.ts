// Who may ask: keys, their scopes, and what holds without any.
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
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
