// The description of the API: valid, complete, and true of what is answered.
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { Validator } from '@seriousme/openapi-schema-validator';
import { served } from '../../src/http/routes/table.ts';
import { type HttpWorld, httpWorld, READ_KEY } from './world.ts';

type Operations = Record<string, { operationId: string; requestBody?: object; responses: object }>;

interface Described {
  openapi: string;
  paths: Record<string, Operations>;
  components: { schemas: Record<string, { properties: Record<string, unknown> }> };
}

let world: HttpWorld;
let described: Described;

beforeAll(async () => {
  world = await httpWorld();
  described = (await world.ask('/openapi.json', { key: READ_KEY })).json as unknown as Described;
});
afterAll(() => world.close());

describe('the description', () => {
  test('is valid OpenAPI 3.1', async () => {
    const checked = await new Validator().validate({ ...structuredClone(described) });
    expect(checked).toEqual({ valid: true });
    expect(described.openapi).toBe('3.1.1');
  });

  test('has every operation under /api/v1 and around it, each with a name of its own', () => {
    const operations = Object.values(described.paths).flatMap((path) => Object.values(path));
    const names = operations.map(({ operationId }) => operationId);
    expect(new Set(names).size).toBe(names.length);
    const missing = served
      .filter(({ base, route }) => base !== '/ops' && route.path !== '/openapi.json')
      .filter(({ route }) => route.body !== 'Config')
      .filter(({ route, base }) => {
        const path = described.paths[`${base}${route.path}`];
        return path?.[route.method.toLowerCase()]?.operationId !== route.operation;
      });
    expect(missing).toEqual([]);
  });

  test('has an operation for each job type, whose body is its config', () => {
    const { post } = described.paths['/api/v1/jobs/count'] as Operations;
    expect(post?.requestBody).toMatchObject({
      content: {
        'application/json': {
          schema: {
            type: 'object',
            properties: { to: { type: 'integer', minimum: 0, maximum: 1000, default: 3 } },
            additionalProperties: false,
          },
        },
      },
    });
    for (const type of world.runner.job_types) {
      expect(described.paths).toHaveProperty([`/api/v1/jobs/${type}`, 'post']);
    }
  });

  test('tells the parameters that a job has beside its config, and each is known', async () => {
    const { post } = described.paths['/api/v1/jobs/count'] as Operations;
    const { parameters } = post as unknown as { parameters: { name?: string; in: string }[] };
    const names = parameters.filter((one) => one.in === 'query').map(({ name }) => name);
    expect(names).toEqual(expect.arrayContaining(['name', 'priority', 'run_at', 'depends_on']));
    expect(post?.requestBody).toHaveProperty('required', false);
    const all = names.map((name) => `${name}=%20`).join('&');
    const { json } = await world.post(`/api/v1/jobs/count?${all}`, undefined);
    expect(json.detail).toContain('priority: " " cannot be used');
    expect(json.detail).not.toContain('is no parameter');
  });

  test('says of each field of a job what is expected', () => {
    const { properties } = described.components.schemas.JobInput as { properties: object };
    expect(properties).toMatchObject({
      name: { type: 'string', minLength: 1, maxLength: 200 },
      priority: { anyOf: [{ enum: ['low', 'normal', 'high'] }, { type: 'integer' }] },
      max_retries: { type: 'integer', minimum: 0, maximum: 1000 },
      run_at: { description: expect.stringContaining('a time with its zone') },
    });
    expect(properties).not.toHaveProperty('actor');
    expect(properties).not.toHaveProperty('source_ip');
  });
});
