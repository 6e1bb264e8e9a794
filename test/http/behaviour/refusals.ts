// Requests that cannot be answered: each is refused by the status and the words that say why.
import { expect } from '@jest/globals';
import type { Behaviours } from '../behaviour.ts';
import type { Stage } from './stage.ts';

const JOBS = '/api/v1/jobs';
const asJson = { 'content-type': 'application/json' };

const nowhere = async ({ ask }: Stage) => {
  for (const path of [
    '/nowhere',
    '/api/v1/nowhere',
    '/api/v2/jobs',
    '/api/v1/jobs/',
    '/assets/x',
  ]) {
    const { status, headers, json } = await ask(path);
    expect([path, status, json.code]).toEqual([path, 404, 'no_route']);
    expect(headers.get('content-type')).toBe('application/problem+json');
  }
};

const methods = async ({ ask }: Stage) => {
  for (const [method, path, allow] of [
    ['PUT', JOBS, 'GET, POST'],
    ['DELETE', '/api/v1/stats', 'GET'],
    ['PATCH', '/api/v1/jobs/some', 'POST, GET, DELETE'],
    ['GET', '/api/v1/jobs/some/cancel', 'POST'],
    ['POST', '/healthz', 'GET'],
  ] as const) {
    const { status, headers, json } = await ask(path, { method });
    expect([path, status, json.code]).toEqual([path, 405, 'method_not_allowed']);
    expect(headers.get('allow')?.split(', ').toSorted()).toEqual(allow.split(', ').toSorted());
  }
};

const tooLarge = async ({ ask }: Stage) => {
  const text = (length: number) => JSON.stringify({ name: 'x'.repeat(length) });
  const limit = 256 * 1024;
  const body = text(limit);
  const refused = await ask(JOBS, { method: 'POST', body, headers: asJson });
  expect([refused.status, refused.json.code]).toEqual([413, 'too_large']);
  const fits = text(limit - text(0).length);
  expect(fits).toHaveLength(limit);
  expect((await ask(JOBS, { method: 'POST', body: fits, headers: asJson })).status).toBe(400);
};

const notJson = async ({ ask }: Stage) => {
  for (const type of ['text/plain', 'application/xml', 'application/x-www-form-urlencoded']) {
    const wish = { method: 'POST', body: '{"name":"n"}', headers: { 'content-type': type } };
    const { status, json } = await ask(JOBS, wish);
    expect([type, status, json.code]).toEqual([type, 415, 'not_json']);
    expect(json.detail).toContain(type);
  }
};

const otherJson = async ({ ask }: Stage) => {
  const body = Buffer.from(JSON.stringify({ name: 'Käse', job_type: 'maintenance' }));
  const type = 'application/vnd.api+json; charset=utf-8';
  const wish = { method: 'POST', body, headers: { 'content-type': type } };
  expect((await ask(JOBS, wish)).status).toBe(201);
};

const untyped = async ({ ask }: Stage) => {
  const { status, json } = await ask(JOBS, { method: 'POST', body: '{"name":"n"}' });
  expect({ status, code: json.code }).toEqual({ status: 415, code: 'not_json' });
};

const broken = async ({ ask }: Stage) => {
  const { status, json } = await ask(JOBS, { method: 'POST', body: '{"name":', headers: asJson });
  expect({ status, code: json.code }).toEqual({ status: 400, code: 'input_invalid' });
  expect(json.errors).toMatchObject([{ path: 'body', message: expect.stringContaining('JSON') }]);
};

const deep = async ({ ask }: Stage) => {
  const body = `${'['.repeat(600)}${']'.repeat(600)}`;
  const { status, json } = await ask(JOBS, { method: 'POST', body, headers: asJson });
  expect(status).toBe(400);
  expect(json.detail).toContain('nested deeper than');
};

const faults = async ({ post }: Stage) => {
  const wrong = {
    job_type: 'maintenence',
    priority: 'urgent',
    run_at: 'soon',
    max_retries: -1,
    own: 1,
  };
  const { status, json } = await post(JOBS, wrong);
  expect({ status, code: json.code }).toEqual({ status: 400, code: 'input_invalid' });
  const paths = (json.errors ?? []).map(({ path }) => path);
  expect(paths).toEqual(expect.arrayContaining(['name', 'priority', 'run_at', 'max_retries']));
  expect(json.errors?.every(({ message }) => message !== '')).toBe(true);
  const config = { cleanup_days: -1, colour: 'red' };
  const byType = await post('/api/v1/jobs/maintenance', config);
  expect(byType.status).toBe(400);
  expect(byType.json.detail).toContain('cleanup_days');
  const unknown = await post('/api/v1/jobs/none-of-these', {});
  expect(unknown.status).toBe(400);
  expect(unknown.json.detail).toContain('maintenance');
};

const parameters = async ({ ask, post }: Stage) => {
  for (const query of [
    'limit=0',
    'limit=501',
    'limit=x',
    'status=done',
    'colour=red',
    'limit=1&limit=2',
  ]) {
    const { status, json } = await ask(`${JOBS}?${query}`);
    expect([query, status, json.code]).toEqual([query, 400, 'input_invalid']);
    expect(json.errors?.length).toBeGreaterThan(0);
  }
  expect((await post('/api/v1/jobs/maintenance?colour=red')).json.detail).toContain('colour');
  expect((await ask(`${JOBS}?before=no-such-job`)).status).toBe(400);
};

export const refusals: Behaviours = {
  'answers 404 where there is nothing': nowhere,
  'answers 405 for another method, and names those that there are': methods,
  'answers 413 for a body of more than 256 KiB, and takes one of just that': tooLarge,
  'answers 415 for a body that does not say that it is JSON': notJson,
  'answers 415 for a body that does not say what it is': untyped,
  'takes JSON of every kind, byte by byte': otherJson,
  'answers 400 for a body that says it is JSON, and is none': broken,
  'answers 400 for a body that is nested too deeply': deep,
  'answers 400 with every fault of what was sent, by its path': faults,
  'answers 400 for parameters that cannot be': parameters,
};
