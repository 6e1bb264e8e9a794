// The description of the API: OpenAPI 3.1 (https://spec.openapis.org/oas/v3.1.1), made of its routes.
import type * as z from 'zod';
import { isObject } from '../../core/json.ts';
import type { ApiRunner } from '../deps.ts';
import type { AnyRoute } from '../route.ts';
import { jobParameters } from '../routes/create_job.ts';
import { configSchema } from './config_schema.ts';
import { type JsonSchema, jsonSchemaOf, withinDocument } from './json_schema.ts';
import { componentSchemas } from './schemas.ts';

/** A route and the path under which it is served. */
export interface Served {
  route: AnyRoute;
  base: string;
}

type Operation = Record<string, unknown>;

const refTo = (name: string): JsonSchema => ({ $ref: `#/components/schemas/${name}` });

const contentOf = (schema: string | undefined): object => {
  if (schema === undefined) return {};
  if (schema === 'text/event-stream')
    return { content: { [schema]: { schema: { type: 'string' } } } };
  return { content: { 'application/json': { schema: refTo(schema) } } };
};

const pathParameters = (path: string): object[] =>
  [...path.matchAll(/\{(\w+)\}/g)].map(([, name]) => ({
    name,
    in: 'path',
    required: true,
    schema: { type: 'string' },
  }));

const queryParameters = (query: z.ZodType | undefined): object[] => {
  if (query === undefined) return [];
  const { properties } = jsonSchemaOf(query, 'output');
  if (!isObject(properties)) return [];
  return Object.entries(properties).map(([name, schema]) => ({ name, in: 'query', schema }));
};

const headerParameters = ({ method, answers }: AnyRoute): object[] => {
  if (method === 'POST') return [{ $ref: '#/components/parameters/IdempotencyKey' }];
  const streams = answers[200]?.schema === 'text/event-stream';
  return streams ? [{ $ref: '#/components/parameters/LastEventId' }] : [];
};

const bodyOf = (schema: JsonSchema, required: boolean): object => ({
  requestBody: { required, content: { 'application/json': { schema } } },
});

/** What a job has beside its type and its config, as its description whole has it. */
const jobFields = ({ JobInput }: Record<string, unknown>): object[] => {
  const { properties } = JobInput as { properties: Record<string, JsonSchema> };
  return jobParameters.map((name) => ({ name, in: 'query', schema: properties[name] }));
};

const operationOf = (given: AnyRoute): Operation => {
  const { operation, summary, description, path, query, body, answers, scope } = given;
  const told = Object.entries(answers).map(([status, { description: what, schema }]) => [
    status,
    { description: what, ...contentOf(schema) },
  ]);
  return {
    operationId: operation,
    tags: [path.split('/')[1]],
    summary,
    ...(description !== undefined && { description }),
    ...(scope === null && { security: [] }),
    parameters: [...pathParameters(path), ...queryParameters(query), ...headerParameters(given)],
    ...(body !== undefined && body !== 'Config' && bodyOf(refTo(body), true)),
    responses: { ...Object.fromEntries(told), default: { $ref: '#/components/responses/Problem' } },
  };
};

/** One for each type: with its config as the body, and its own name in the path. */
const operationsOfTypes = (
  { route, base }: Served,
  runner: ApiRunner,
  schemas: Record<string, unknown>,
): [string, object][] =>
  runner.job_types.map((job_type) => {
    const operation = operationOf(route);
    const config = configSchema(runner.registry.get(job_type).config) as JsonSchema;
    const parameters = [...jobFields(schemas), ...headerParameters(route)];
    const own = {
      ...operation,
      operationId: `${route.operation}_${job_type}`,
      summary: `Creates a job of type ${job_type}: the body is its config`,
      parameters,
      ...bodyOf(withinDocument(config, job_type, schemas), false),
    };
    return [`${base}${route.path.replace('{job_type}', job_type)}`, { post: own }];
  });

const components = (schemas: Record<string, unknown>) => ({
  securitySchemes: {
    key: { type: 'apiKey', in: 'header', name: 'X-API-Key' },
    bearer: { type: 'http', scheme: 'bearer' },
  },
  parameters: {
    IdempotencyKey: {
      name: 'Idempotency-Key',
      in: 'header',
      description: 'Makes the request safe to repeat: the same key, the same outcome.',
      schema: { type: 'string', minLength: 1, maxLength: 255 },
    },
    LastEventId: {
      name: 'Last-Event-ID',
      in: 'header',
      description: 'Goes on behind the event of this id.',
      schema: { type: 'integer', minimum: 0 },
    },
  },
  responses: {
    Problem: {
      description: 'What went wrong, and at which field',
      content: { 'application/problem+json': { schema: refTo('Problem') } },
    },
  },
  schemas,
});

const byPath = (
  served: Served[],
  runner: ApiRunner,
  schemas: Record<string, unknown>,
): Record<string, Record<string, object>> => {
  const paths: Record<string, Record<string, object>> = {};
  for (const one of served) {
    const { route, base } = one;
    if (route.body === 'Config') {
      for (const [path, operations] of operationsOfTypes(one, runner, schemas)) {
        paths[path] = { ...paths[path], ...operations };
      }
      continue;
    }
    const path = `${base}${route.path}`;
    paths[path] = { ...paths[path], [route.method.toLowerCase()]: operationOf(route) };
  }
  return paths;
};

export const openApi = (served: Served[], runner: ApiRunner, version: string): object => {
  const schemas: Record<string, unknown> = componentSchemas();
  return {
    openapi: '3.1.1',
    info: {
      title: 'Cloud Job Runner',
      version,
      description:
        'Create jobs, watch them, steer them. Times are ISO 8601 in UTC, lengths are seconds.',
    },
    security: [{ key: [] }, { bearer: [] }],
    paths: byPath(served, runner, schemas),
    components: components(schemas),
  };
};
