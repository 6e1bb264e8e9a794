// The typed client: what each call sends, what comes back, and what is thrown.
import { beforeEach, describe, expect, test } from '@jest/globals';
import { ApiError, type Client, createClient } from '../../src/client/client.ts';
import { callingWorld, json, problem, text } from './calling.ts';

const world = await callingWorld();
const { client } = world;
beforeEach(() => world.behave(json({ some: 'answer' })));

const thrownBy = async (call: Promise<unknown>): Promise<ApiError> => {
  const thrown = await call.then(
    () => null,
    (error: unknown) => error,
  );
  expect(thrown).toBeInstanceOf(ApiError);
  return thrown as ApiError;
};

describe('a call', () => {
  const run_at = new Date('2030-01-31T09:00:00Z');
  const schedule = { name: 's', job_type: 't', schedule_expression: '@daily' };

  const calls: [string, string, (api: Client) => Promise<unknown>, unknown?][] = [
    [
      'creates a job',
      'POST /api/v1/jobs',
      ({ jobs }) => jobs.create({ name: 'n', job_type: 't', config: { a: 1 }, run_at }),
      { name: 'n', job_type: 't', config: { a: 1 }, run_at: '2030-01-31T09:00:00.000Z' },
    ],
    [
      'creates a job of a type',
      'POST /api/v1/jobs',
      ({ jobs }) => jobs.createOf('t', { a: 1 }),
      { name: 't', job_type: 't', config: { a: 1 } },
    ],
    [
      'creates a job of a type with more than a config',
      'POST /api/v1/jobs',
      ({ jobs }) => jobs.createOf('t', undefined, { name: 'n', priority: 'high' }),
      { name: 'n', priority: 'high', job_type: 't' },
    ],
    ['lists jobs', 'GET /api/v1/jobs', ({ jobs }) => jobs.list()],
    [
      'lists jobs of a kind',
      'GET /api/v1/jobs?status=failed&limit=5&before=a%26b',
      ({ jobs }) => jobs.list({ status: 'failed', job_type: undefined, limit: 5, before: 'a&b' }),
    ],
    ['gets a job', 'GET /api/v1/jobs/a%2Fb%3Fc', ({ jobs }) => jobs.get('a/b?c')],
    ['cancels', 'POST /api/v1/jobs/1/cancel', ({ jobs }) => jobs.cancel('1')],
    ['retries', 'POST /api/v1/jobs/1/retry', ({ jobs }) => jobs.retry('1')],
    ['enables', 'POST /api/v1/jobs/1/enable', ({ jobs }) => jobs.enable('1')],
    ['disables', 'POST /api/v1/jobs/1/disable', ({ jobs }) => jobs.disable('1')],
    ['deletes a job', 'DELETE /api/v1/jobs/1', ({ jobs }) => jobs.delete('1')],
    ['lists job types', 'GET /api/v1/job-types', ({ job_types }) => job_types.list()],
    [
      'lists schedules',
      'GET /api/v1/schedules?status=paused&after=%C3%A4',
      ({ schedules }) => schedules.list({ status: 'paused', after: 'ä' }),
    ],
    ['gets a schedule', 'GET /api/v1/schedules/s%20t', ({ schedules }) => schedules.get('s t')],
    [
      'gets a schedule with some of its ledger',
      'GET /api/v1/schedules/s?slots=5',
      ({ schedules }) => schedules.get('s', { slots: 5 }),
    ],
    [
      'creates a schedule',
      'POST /api/v1/schedules',
      ({ schedules }) => schedules.create(schedule),
      schedule,
    ],
    ['pauses', 'POST /api/v1/schedules/s/pause', ({ schedules }) => schedules.pause('s')],
    ['resumes', 'POST /api/v1/schedules/s/resume', ({ schedules }) => schedules.resume('s')],
    ['triggers', 'POST /api/v1/schedules/s/trigger', ({ schedules }) => schedules.trigger('s')],
    ['deletes a schedule', 'DELETE /api/v1/schedules/s', ({ schedules }) => schedules.delete('s')],
    ['tells statistics', 'GET /api/v1/stats', ({ stats }) => stats()],
    [
      'tells a timeline',
      'GET /api/v1/stats/timeline?hours=48',
      ({ timeline }) => timeline({ hours: 48 }),
    ],
  ];

  test.each(calls.map((call) => ({ what: call[0], line: call[1], call })))(
    '$what by $line',
    async ({ line, call: [, , call, body] }) => {
      expect(await call(client)).toEqual({ some: 'answer' });
      const [asked, ...more] = world.asked;
      expect(more).toEqual([]);
      expect(`${asked?.method} ${asked?.url}`).toBe(line);
      expect(asked?.body).toBe(body === undefined ? '' : JSON.stringify(body));
      expect(asked?.headers['content-type']).toBe(
        body === undefined ? undefined : 'application/json',
      );
      expect(asked?.headers['x-api-key']).toBe('a-key');
      const isPost = line.startsWith('POST');
      expect(asked?.headers['idempotency-key'] ?? null).toEqual(
        isPost ? expect.stringMatching(/^[0-9a-f]{32}$/) : null,
      );
    },
  );

  test('has an Idempotency-Key of its own each time, or the one it is given', async () => {
    await client.jobs.retry('1');
    await client.jobs.retry('1');
    await client.jobs.retry('1', { idempotency_key: 'mine' });
    const keys = world.asked.map(({ headers }) => headers['idempotency-key']);
    expect(new Set(keys).size).toBe(3);
    expect(keys[2]).toBe('mine');
  });

  test('of an id that none can have is not sent', async () => {
    for (const id of ['', '.', '..']) {
      await expect(client.jobs.get(id)).rejects.toThrow(TypeError);
      await expect(client.schedules.pause(id)).rejects.toThrow(`"${id}" is no id.`);
      await expect(client.jobs.events(id).next()).rejects.toThrow(TypeError);
    }
    expect(world.asked).toEqual([]);
  });

  test('goes below the path of the url, and without a key where there is none', async () => {
    const api = world.clientWith({ url: `${world.url}/prod/`, api_key: undefined });
    await api.stats();
    expect(world.asked[0]?.url).toBe('/prod/api/v1/stats');
    expect(world.asked[0]?.headers).not.toHaveProperty('x-api-key');
  });

  test('uses the fetch that was given, as a function of its own', async () => {
    const seen: unknown[] = [];
    const api = world.clientWith({
      fetch: function (this: unknown, input, init) {
        seen.push(this, input);
        return globalThis.fetch(input, init);
      } as typeof fetch,
    });
    await api.stats();
    expect(seen).toEqual([undefined, `${world.url}/api/v1/stats`]);
  });

  test('that is answered with nothing has no value', async () => {
    world.behave((response) => response.writeHead(204).end());
    expect(await client.jobs.delete('1')).toBeUndefined();
  });
});

describe('a client', () => {
  test('needs an address outside of a page, and one that can be used', () => {
    expect(() => createClient()).toThrow(/^createClient needs a url/);
    for (const url of ['nowhere', 'localhost:8080', 'ftp://there', '/api']) {
      expect(() => createClient({ url })).toThrow(`"${url}" is no url; expected one such as`);
    }
    expect(() => createClient({ url: world.url, api_key: 'a\nb' })).toThrow(/invalid header value/);
  });

  test('on a page asks where the page is from', async () => {
    const asked: unknown[] = [];
    Object.assign(globalThis, { location: { href: 'https://jobs.test/' } });
    try {
      const fetch = async (input: unknown) => {
        asked.push(input);
        return new Response('{}');
      };
      await createClient({ fetch: fetch as typeof globalThis.fetch }).stats();
    } finally {
      Reflect.deleteProperty(globalThis, 'location');
    }
    expect(asked).toEqual(['/api/v1/stats']);
  });
});

describe('a refusal', () => {
  test.each([400, 401, 403, 404, 409, 413, 415, 422, 500])(
    'of status %i is thrown at once, with all that was said',
    async (status) => {
      world.behave(problem(status, 'some_code'));
      const error = await thrownBy(client.jobs.cancel('1'));
      expect(world.asked).toHaveLength(1);
      expect(error).toMatchObject({
        name: 'ApiError',
        message: 'It is some_code.',
        status,
        code: 'some_code',
        problem: { status, detail: 'It is some_code.' },
        retry_after_seconds: null,
      });
    },
  );

  test('by something that is not the API is told by its status', async () => {
    for (const page of ['<html>', '', '{"message":"Forbidden"}', 'null']) {
      world.behave(text(page, 403));
      expect(await thrownBy(client.jobs.get('1'))).toMatchObject({
        message: 'GET /api/v1/jobs/1 was answered with 403.',
        status: 403,
        code: 'http_403',
        problem: null,
      });
    }
  });

  test('is what an answer is that is no JSON', async () => {
    world.behave(text('<html>'));
    expect(await thrownBy(client.stats())).toMatchObject({ status: 200, code: 'answer_invalid' });
    expect(world.asked).toHaveLength(1);
  });

  test('is what a redirect is: the key goes nowhere else', async () => {
    world.behave((response) => response.writeHead(302, { location: '/elsewhere' }).end());
    expect(await thrownBy(client.jobs.retry('1'))).toMatchObject({
      message: 'POST /api/v1/jobs/1/retry was answered with a redirect, which is not followed.',
      status: 302,
      code: 'redirected',
    });
    expect(world.asked).toHaveLength(1);
  });
});

describe('health', () => {
  test('is told once asked, also when the store is unavailable', async () => {
    const ok = { status: 'ok', store: 'sqlite', schema_version: 3 };
    world.behave(json(ok));
    expect(await client.health()).toEqual(ok);
    const out = { ...ok, status: 'unavailable', schema_version: null, code: 'store_unavailable' };
    world.behave(json(out, 503));
    expect(await client.health()).toEqual(out);
    expect(world.asked.map(({ url }) => url)).toEqual(['/healthz', '/healthz']);
  });

  test('is not what something else says', async () => {
    for (const other of [text('<html>', 503), json({ message: 'Service Unavailable' }, 503)]) {
      world.behave(other);
      expect(await thrownBy(client.health())).toMatchObject({ code: 'answer_invalid' });
    }
    expect(world.asked).toHaveLength(2);
  });
});
