// Requests that mean no good: refused by a sentence, and nothing is lost or opened.
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { StoreUnavailableError } from '../../src/errors.ts';
import { type HttpWorld, httpWorld, type Wish } from './world.ts';

let world: HttpWorld;

beforeAll(async () => {
  world = await httpWorld();
});
afterAll(() => world.close());

const post = (body: NonNullable<Wish['body']>, headers: Record<string, string> = {}) =>
  world.ask('/api/v1/jobs/demo', {
    method: 'POST',
    body,
    headers: { 'content-type': 'application/json', ...headers },
  });

const count = async () => ((await world.ask('/api/v1/jobs?limit=500')).json.jobs as []).length;

describe('a body', () => {
  test.each([
    ['of more than 256 KiB', JSON.stringify({ text: 'x'.repeat(256 * 1024) }), 413, /262144 bytes/],
    ['that is no JSON', '{"a": 1,}', 400, /body: is not JSON/],
    ['of half a character in a text', new Uint8Array([0x22, 0xc3, 0x22]), 400, /not UTF-8/],
    ['of half a character', new Uint8Array([0x7b, 0x22, 0xff, 0xfe]), 400, /body: is not JSON/],
    [
      'that nests deeper than anybody means',
      `${'['.repeat(600)}${']'.repeat(600)}`,
      400,
      /500 levels/,
    ],
    ['that nests a hundred thousand levels', `${'['.repeat(100_000)}`, 400, /500 levels/],
    [
      'that nests deeper in its config',
      `{"a":${'{"b":'.repeat(500)}1${'}'.repeat(500)}}`,
      400,
      /500/,
    ],
    ['that is a list', '[1]', 400, /expected/],
    ['that is a text', '"x"', 400, /expected/],
    ['with U+0000', '{"a":"\\u0000"}', 400, /U\+0000|no store/],
  ])('%s is refused', async (_, body, status, said) => {
    const before = await count();
    const answered = await post(body);
    expect(answered.status).toBe(status);
    expect(answered.json.detail).toMatch(said);
    expect(await count()).toBe(before);
  });

  test('that lies about its length, or says none, is cut off as well', async () => {
    let sent = 0;
    const endless = new ReadableStream<Uint8Array>({
      pull: (controller) => {
        sent += 64 * 1024;
        controller.enqueue(new Uint8Array(64 * 1024).fill(0x20));
        if (sent > 64 * 1024 * 1024) controller.close();
      },
    });
    expect((await post(endless)).status).toBe(413);
    expect(sent).toBeLessThan(1024 * 1024);
  });

  test.each(['text/plain', 'application/x-www-form-urlencoded', 'multipart/form-data; boundary=x'])(
    'of the type %s is refused: a form of another page could send it',
    async (type) => {
      const { status, json } = await post('{}', { 'content-type': type });
      expect([status, json.code]).toEqual([415, 'not_json']);
    },
  );

  test('with keys that mean something to JavaScript is kept as it is', async () => {
    const { json } = await post(
      '{"__proto__":{"polluted":true},"constructor":{"prototype":{"polluted":1}}}',
    );
    const job = await world.ask(`/api/v1/jobs/${json.job_id}`);
    expect(job.text).toContain('"__proto__":{"polluted":true}');
    expect(({} as Record<string, unknown>).polluted).toBeUndefined();
  });
});

describe('a path', () => {
  test.each([
    '/api/v1/jobs/..%2f..%2fetc%2fpasswd',
    '/api/v1/jobs/%00',
    '/api/v1/jobs/%ff%fe',
    '/api/v1/jobs/%E0%A4%A',
    `/api/v1/jobs/${'x'.repeat(5000)}`,
    "/api/v1/jobs/x'%20OR%20'1'='1",
    '/api/v1/jobs/x;DROP TABLE cloud_jobs',
    '/assets/..%2f..%2fpackage.json',
    '/assets/../../package.json',
    '/assets/%2e%2e/%2e%2e/package.json',
    '//evil.example.com/api/v1/jobs',
    '/api/v1//jobs',
    '/API/v1/jobs',
    '/api/v1/jobs/',
  ])('%s leads nowhere', async (path) => {
    const { status, json, text } = await world.ask(path);
    expect([status, json.status]).toEqual([404, 404]);
    expect(text).not.toContain('dependencies');
  });

  test('asked for with another method says which there are', async () => {
    const { status, headers, json } = await world.ask('/api/v1/jobs/x', { method: 'PUT' });
    expect([status, json.code]).toEqual([405, 'method_not_allowed']);
    expect(headers.get('allow')?.split(', ').sort()).toEqual(['DELETE', 'GET', 'POST']);
    expect((await world.ask('/', { method: 'POST' })).status).toBe(405);
  });

  test('of which only the head is asked for is not found either', async () => {
    const { status } = await world.ask('/api/v1/jobs/nobody/stream', { method: 'HEAD' });
    expect(status).toBe(404);
  });
});

const hostile = [
  `<img src=x onerror="alert(1)">`,
  `'; DROP TABLE cloud_jobs; --`,
  `" OR 1=1 --`,
  '${env:HOME} {{7*7}} #{7*7} `id` $(id)',
  '\u202e\u2066 bidi \u2069',
  'line\r\nSet-Cookie: a=b',
  'é漢字🦄',
];

describe('a text of somebody who tries things', () => {
  test.each(hostile)('comes back as it was sent, in every field: %j', async (text) => {
    const made = await world.post('/api/v1/jobs', {
      name: text,
      job_type: 'demo',
      description: text,
      config: { [text]: text },
      unique_key: text,
      metadata: { [text]: text },
    });
    expect(made.status).toBe(201);
    const { json, headers } = await world.ask(`/api/v1/jobs/${made.json.job_id}`);
    expect(json).toMatchObject({
      name: text.trim(),
      description: text,
      config: { [text]: text },
      unique_key: text.trim(),
      metadata: { [text]: text },
    });
    expect(headers.get('content-type')).toBe('application/json');
    expect(headers.get('x-content-type-options')).toBe('nosniff');
  });

  test.each(hostile)('as an id, a filter or a parameter finds nothing: %j', async (text) => {
    const word = encodeURIComponent(text);
    expect((await world.ask(`/api/v1/jobs/${word}`)).status).toBe(404);
    expect((await world.ask(`/api/v1/schedules/${word}`)).status).toBe(404);
    expect((await world.ask(`/api/v1/jobs?status=${word}`)).status).toBe(400);
    expect((await world.ask(`/api/v1/jobs?job_type=${word}`)).json.jobs).toEqual([]);
    expect((await world.ask(`/api/v1/jobs?before=${word}`)).status).toBe(400);
  });

  test.each(hostile)('as an id of one’s own is refused: %j', async (text) => {
    const { status } = await world.post('/api/v1/jobs', {
      name: 'n',
      job_type: 'demo',
      job_id: text,
    });
    expect(status).toBe(400);
  });

  test('adds no header to an answer', async () => {
    const { json, headers } = await world.post('/api/v1/jobs?x=%0d%0aset-cookie:a', {});
    expect(json.code).toBe('input_invalid');
    expect(headers.get('set-cookie')).toBeNull();
    const made = await world.post('/api/v1/jobs', { name: 'n', job_type: 'demo', job_id: 'a:b' });
    expect(made.headers.get('location')).toBe('/api/v1/jobs/a%3Ab');
  });
});

describe('every answer', () => {
  test.each(['/', '/api/v1/jobs', '/healthz', '/nowhere'])(
    'tells browsers to be strict: %s',
    async (path) => {
      const { headers } = await world.ask(path);
      const csp = headers.get('content-security-policy') ?? '';
      expect(csp).toContain("default-src 'none'");
      expect(csp).toContain("script-src 'self'");
      expect(csp).toContain("frame-ancestors 'none'");
      expect(csp).not.toContain('unsafe');
      expect(headers.get('x-content-type-options')).toBe('nosniff');
      expect(headers.get('referrer-policy')).toBe('no-referrer');
      expect(headers.get('cache-control')).toBe('no-store');
      expect(headers.get('access-control-allow-origin')).toBeNull();
    },
  );

  test('of a fault of ours keeps its text in the log', async () => {
    const broken = await httpWorld({
      metrics: {
        content_type: 'text/plain',
        text: async () => {
          throw new Error('the password is hunter2');
        },
      },
    });
    const { status, json, text } = await broken.ask('/metrics');
    expect([status, json.code]).toEqual([500, 'unexpected']);
    expect(text).not.toContain('hunter2');
    const line = broken.logged.find(({ event }) => event === 'http.failed');
    expect(line).toMatchObject({ request_id: json.request_id, reason: 'the password is hunter2' });
    await broken.close();
  });

  test('of a store that is away names the line in the log that says so', async () => {
    const text = async () => {
      throw new StoreUnavailableError('the store is away');
    };
    const told = await httpWorld({ metrics: { content_type: 'text/plain', text } });
    const { status, json } = await told.ask('/metrics');
    expect([status, json.code]).toEqual([503, 'store_unavailable']);
    const line = told.logged.find(({ event }) => event === 'http.failed');
    expect(line).toMatchObject({ request_id: json.request_id, reason: 'the store is away' });
    await told.close();
  });
});

describe('a page of another origin', () => {
  const ask = (origin: string, there: HttpWorld) =>
    there.ask('/api/v1/jobs', {
      method: 'OPTIONS',
      key: null,
      headers: { origin, 'access-control-request-method': 'POST' },
    });

  test('is told nothing unless it is named', async () => {
    expect(
      (await ask('https://app.example.com', world)).headers.get('access-control-allow-origin'),
    ).toBeNull();
    const open = await httpWorld({ cors_origins: ['https://app.example.com'] });
    const allowed = await ask('https://app.example.com', open);
    expect(allowed.status).toBe(204);
    expect(allowed.headers.get('access-control-allow-origin')).toBe('https://app.example.com');
    expect(allowed.headers.get('access-control-allow-headers')).toContain('X-API-Key');
    const other = await ask('https://evil.example.com', open);
    expect(other.headers.get('access-control-allow-origin')).toBeNull();
    await open.close();
  });
});
