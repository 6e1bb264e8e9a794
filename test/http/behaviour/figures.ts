// What programs ask: figures, health, and what there is to ask.
import { expect } from '@jest/globals';
import { Validator } from '@seriousme/openapi-schema-validator';
import type { HealthAnswer, StatsAnswer, TimelineAnswer } from '../../../src/http/wire/answers.ts';
import type { Behaviours } from '../behaviour.ts';
import type { Description } from './described.ts';
import { READ_KEY, type Stage } from './stage.ts';
import { work } from './work.ts';

const stats = async ({ ask, create, drain }: Stage) => {
  await create();
  await create({ run_at: undefined });
  await drain(work);
  const { status, json } = await ask<StatsAnswer>('/api/v1/stats', { key: READ_KEY });
  expect(status).toBe(200);
  expect(JSON.stringify(json)).toContain('maintenance');
};

const timeline = async ({ ask }: Stage) => {
  for (const [query, hours] of [
    ['', 24],
    ['?hours=1', 1],
    ['?hours=720', 720],
  ] as const) {
    const { json } = await ask<TimelineAnswer>(`/api/v1/stats/timeline${query}`);
    const seconds = (Date.parse(json.at) - Date.parse(json.since)) / 1000;
    // Whole parts of which the last one is not over yet.
    expect(seconds).toBeLessThanOrEqual(hours * 3600);
    expect(seconds).toBeGreaterThan(hours * 3600 - json.bucket_seconds - 1);
  }
  for (const hours of ['0', '721', 'day']) {
    expect((await ask(`/api/v1/stats/timeline?hours=${hours}`)).status).toBe(400);
  }
};

const health = async ({ ask }: Stage) => {
  const { status, json } = await ask<HealthAnswer>('/healthz', { key: null });
  expect({ status, json }).toEqual({
    status: 200,
    json: { status: 'ok', store: 'sqlite', schema_version: expect.any(Number) },
  });
};

const metrics = async ({ ask }: Stage) => {
  const { status, headers, text } = await ask('/metrics', { key: READ_KEY });
  expect(status).toBe(200);
  expect(headers.get('content-type')).toMatch(/^text\/plain; version=0\.0\.4/);
  expect(text).toMatch(/^cloud_jobs_store_up 1$/m);
  expect(text).toMatch(/^cloud_jobs_jobs\{job_type="maintenance",status="waiting"\} \d+$/m);
  expect(text).toMatch(/^process_cpu_seconds_total \d/m);
};

const description = async ({ ask }: Stage) => {
  const { json } = await ask<Description>('/openapi.json', { key: READ_KEY });
  expect(await new Validator().validate({ ...structuredClone(json) })).toEqual({ valid: true });
  expect(Object.keys(json.paths)).toContain('/api/v1/jobs/maintenance');
};

export const figures: Behaviours = {
  'counts jobs and what is due': stats,
  'counts what ended over the last hours': timeline,
  'says whether its store answers, to anybody': health,
  'has figures for Prometheus': metrics,
  'describes itself in valid OpenAPI': description,
};
