// What stands outside of /api/v1: health, metrics, the description of the API.
import { RunnerError } from '../../errors.ts';
import type { Served } from '../openapi/document.ts';
import { type AnyRoute, answer, route } from '../route.ts';
import type { HealthAnswer } from '../wire/answers.ts';

export const metrics = route({
  method: 'GET',
  path: '/metrics',
  operation: 'getMetrics',
  summary: 'Figures for Prometheus',
  scope: 'read',
  answers: { 200: { description: 'Text in the format of Prometheus' } },
  run: async ({ deps: { metrics: figures } }) =>
    new Response(await figures.text(), { headers: { 'content-type': figures.content_type } }),
});

/** Its parts are loaded when it is first asked for: most processes never are. */
export const openApiJson = (described: () => Served[]): AnyRoute =>
  route({
    method: 'GET',
    path: '/openapi.json',
    operation: 'getOpenApi',
    summary: 'This API as OpenAPI 3.1, with an operation for each job type',
    scope: 'read',
    answers: { 200: { description: 'The document' } },
    run: async ({ deps: { runner, version } }) => {
      const { openApi } = await import('../openapi/document.ts');
      return answer(openApi(described(), runner, version));
    },
  });

/** Asked without any key: it names no place, and no job. */
export const health = route({
  method: 'GET',
  path: '/healthz',
  operation: 'getHealth',
  summary: 'Tells whether the store answers, and the version of its tables',
  scope: null,
  answers: {
    200: { description: 'The store answers', schema: 'Health' },
    503: { description: 'It does not', schema: 'Health' },
  },
  run: async ({ deps }) => {
    const { store_kind: store } = deps;
    try {
      const schema_version = await deps.schemaVersion();
      return answer({ status: 'ok', store, schema_version } satisfies HealthAnswer);
    } catch (error) {
      const code = error instanceof RunnerError ? error.code : 'unexpected';
      const said = { status: 'unavailable', store, schema_version: null, code } as const;
      return answer(said satisfies HealthAnswer, 503);
    }
  },
});
