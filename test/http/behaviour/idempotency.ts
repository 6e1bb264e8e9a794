// Requests that are sent again: with a key they do once what they ask.
import { expect } from '@jest/globals';
import type { CreatedAnswer, JobListAnswer } from '../../../src/http/wire/answers.ts';
import type { Behaviours } from '../behaviour.ts';
import { LATER, type Stage } from './stage.ts';

const replay = async ({ post }: Stage) => {
  const headers = { 'idempotency-key': 'replay-1' };
  const asked = { name: 'once', job_type: 'maintenance', run_at: LATER };
  const [first, second] = await Promise.all([
    post<CreatedAnswer>('/api/v1/jobs', asked, { headers }),
    post<CreatedAnswer>('/api/v1/jobs', asked, { headers }),
  ]);
  const third = await post<CreatedAnswer>('/api/v1/jobs', asked, { headers });
  expect([first, second, third].map(({ status }) => status)).toEqual([201, 201, 201]);
  const ids = [first, second, third].map(({ json }) => json.job_id);
  expect(new Set(ids).size).toBe(1);
  expect(third.headers.get('idempotency-replayed')).toBe('true');
};

const byType = async ({ post }: Stage) => {
  const wish = { headers: { 'idempotency-key': 'replay-2' } };
  const path = `/api/v1/jobs/maintenance?run_at=${LATER}`;
  const first = await post<CreatedAnswer>(path, { vacuum: true }, wish);
  const second = await post<CreatedAnswer>(path, { vacuum: true }, wish);
  expect(second.json.job_id).toBe(first.json.job_id);
  const other = await post(path, { vacuum: false }, wish);
  expect(other).toMatchObject({ status: 422, json: { code: 'idempotency_key_reused' } });
};

const misuse = async ({ post, ask }: Stage) => {
  const headers = { 'idempotency-key': 'misuse-1' };
  const asked = { name: 'one', job_type: 'maintenance', run_at: LATER, unique_key: 'misuse' };
  await post('/api/v1/jobs', asked, { headers });
  const refused = await post('/api/v1/jobs', { ...asked, name: 'two' }, { headers });
  expect(refused.status).toBe(422);
  expect(refused.json).toMatchObject({ code: 'idempotency_key_reused' });
  expect(refused.json.detail).toContain('"misuse-1"');
  const { jobs } = (await ask<JobListAnswer>('/api/v1/jobs?limit=500')).json;
  expect(jobs.filter(({ unique_key }) => unique_key === 'misuse')).toHaveLength(1);
};

const unusable = async ({ post }: Stage) => {
  const headers = { 'idempotency-key': 'a b' };
  const { status, json } = await post('/api/v1/jobs', { name: 'n' }, { headers });
  expect({ status, path: json.errors?.[0]?.path }).toEqual({
    status: 400,
    path: 'Idempotency-Key',
  });
};

const moves = async ({ post, create }: Stage) => {
  const { poll_url } = await create();
  const headers = { 'idempotency-key': 'move-1' };
  expect((await post(`${poll_url}/cancel`, undefined, { headers })).status).toBe(200);
  const again = await post(`${poll_url}/cancel`, undefined, { headers });
  expect(again).toMatchObject({ status: 200, json: { status: 'cancelled' } });
  expect((await post(`${poll_url}/cancel`)).status).toBe(409);
};

export const idempotency: Behaviours = {
  'creates one job of a request that comes several times with its Idempotency-Key': replay,
  'does so for a config alone, too': byType,
  'refuses an Idempotency-Key that was used for something else, and creates nothing': misuse,
  'refuses an Idempotency-Key that cannot be one': unusable,
  'takes a move that is repeated with its Idempotency-Key for done': moves,
};
