// Who may ask: keys, what each may do, and what is kept of whoever asked.
import { expect } from '@jest/globals';
import type { CreatedAnswer } from '../../../src/http/wire/answers.ts';
import type { Behaviours } from '../behaviour.ts';
import { LATER, READ_KEY, type Stage, type Wish, WRITE_KEY } from './stage.ts';

const bearer = (key: string) => ({ key: null, headers: { authorization: `Bearer ${key}` } });

const matrix = async ({ ask, create }: Stage) => {
  const { poll_url } = await create();
  const reads = ['/api/v1/jobs', poll_url, '/api/v1/stats', '/metrics', '/openapi.json'];
  const writes: [path: string, wish: Wish][] = [
    ['/api/v1/jobs', { method: 'POST', json: { name: 'n', job_type: 'maintenance' } }],
    ['/api/v1/jobs/maintenance', { method: 'POST' }],
    [`${poll_url}/cancel`, { method: 'POST' }],
    [poll_url, { method: 'DELETE' }],
    ['/api/v1/schedules', { method: 'POST' }],
  ];
  for (const path of reads) {
    expect([path, (await ask(path, { key: null })).status]).toEqual([path, 401]);
    expect([path, (await ask(path, { key: READ_KEY })).status]).toEqual([path, 200]);
  }
  for (const [path, wish] of writes) {
    const without = await ask(path, { ...wish, key: null });
    expect([path, without.status, without.json.code]).toEqual([path, 401, 'unauthorized']);
    const reading = await ask(path, { ...wish, key: READ_KEY });
    expect([path, reading.status, reading.json.code]).toEqual([path, 403, 'forbidden']);
    expect(reading.json.detail).toContain('"viewer"');
  }
};

const wrong = async ({ ask }: Stage) => {
  for (const wish of [
    { key: 'the-key-of-nobody-at-all-anywhere' },
    { key: `${WRITE_KEY}x` },
    { key: WRITE_KEY.slice(1) },
    bearer('the-key-of-nobody'),
    { key: null, headers: { authorization: `Basic ${WRITE_KEY}` } },
  ]) {
    const { status, headers, text } = await ask('/api/v1/jobs', wish);
    expect(status).toBe(401);
    expect(headers.get('www-authenticate')).toBe('Bearer realm="cloud-jobs"');
    expect(text).not.toContain(WRITE_KEY);
  }
};

const asBearer = async ({ ask }: Stage) => {
  expect((await ask('/api/v1/jobs', bearer(READ_KEY))).status).toBe(200);
  const forbidden = await ask('/api/v1/jobs/maintenance', { ...bearer(READ_KEY), method: 'POST' });
  expect(forbidden.status).toBe(403);
};

const unknownPaths = async ({ ask }: Stage) => {
  // A stranger learns no more of a job that is there than of one that is not.
  const [known, unknown] = [
    await ask('/api/v1/stats', { key: null }),
    await ask('/api/v1/jobs/none', { key: null }),
  ];
  expect([known.status, unknown.status]).toEqual([401, 401]);
};

const kept = async ({ post, show, host }: Stage) => {
  const headers = { 'x-forwarded-for': '198.51.100.7' };
  const path = `/api/v1/jobs/maintenance?run_at=${LATER}`;
  const { json } = await post<CreatedAnswer>(path, {}, { headers });
  // What a caller says of itself is not believed.
  expect(await show(json.job_id)).toMatchObject({ actor: 'ops', source_ip: host.source_ip });
};

const ours = async ({ post }: Stage) => {
  const asked = { name: 'n', job_type: 'maintenance', actor: 'me', source_ip: '192.0.2.1' };
  const { status, json } = await post('/api/v1/jobs', asked);
  expect(status).toBe(400);
  expect(json.errors?.map(({ path }) => path)).toEqual(['actor', 'source_ip']);
  expect((await post('/api/v1/jobs/maintenance?actor=me')).status).toBe(400);
};

export const access: Behaviours = {
  'lets a key read or write, as it may, and nobody without one': matrix,
  'refuses a wrong key, and does not repeat it': wrong,
  'takes a key as a bearer token, too': asBearer,
  'tells strangers nothing of what there is': unknownPaths,
  'keeps the name of the key and the address of the caller, whatever the caller says': kept,
  'does not let a caller choose who it is': ours,
};
