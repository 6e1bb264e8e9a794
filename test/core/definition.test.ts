// defineJob, the registry, and configs against their schema.
import { describe, expect, test } from '@jest/globals';
import * as z from 'zod';
import {
  acceptConfig,
  chooseTypes,
  createRegistry,
  defineJob,
  type JobDefinition,
  parseConfig,
} from '../../src/core/definition.ts';

const define = (overrides: Partial<JobDefinition> = {}) =>
  defineJob({ type: 'demo', config: z.object({}), run: () => null, ...overrides });

describe('describing a job type', () => {
  test('a plain description is accepted and cannot be changed afterwards', () => {
    const definition = define({ retry: { max_retries: 0, delay_seconds: 0 }, timeout: 0.5 });
    expect(definition).toMatchObject({ type: 'demo', timeout: 0.5 });
    expect(Object.isFrozen(definition)).toBe(true);
  });

  test.each(['a', 'paper_fetch', 'my-team.report-2', '9lives', 'a'.repeat(100)])(
    'the type name %s is accepted',
    (type) => {
      expect(define({ type }).type).toBe(type);
    },
  );

  test.each(['', 'Demo', 'a b', '_a', '.a', 'a/b', 'ä', 'a\n'])(
    'the type name %j is refused',
    (type) => {
      expect(() => define({ type })).toThrow(
        `type: ${JSON.stringify(type)} cannot be used; expected a type name of a-z, 0-9, _ . - (at most 100 characters)`,
      );
    },
  );

  test.each<[object, string]>([
    [{ retry: { max_retries: -1 } }, 'retry.max_retries: -1 cannot be used; expected a whole'],
    [{ retry: { max_retries: 1.5 } }, 'retry.max_retries: 1.5 cannot be used'],
    [{ retry: { max_retries: 1001 } }, 'retry.max_retries: 1001 cannot be used'],
    [{ retry: { delay_seconds: -30 } }, 'retry.delay_seconds: -30 cannot be used'],
    [{ retry: { delay_seconds: 9e15 } }, 'expected a number of seconds from 0 to 31536000'],
    [{ retry: { backoff: 'linear' } }, 'retry.backoff: "linear" cannot be used; expected exp'],
    [{ timeout: 0 }, 'timeout: 0 cannot be used; expected a number of seconds above 0'],
    [{ timeout: Number.NaN }, 'timeout: NaN cannot be used'],
    [{ timeout: Number.POSITIVE_INFINITY }, 'timeout: Infinity cannot be used'],
    [{ timeout: 604_801 }, 'timeout: 604801 cannot be used; expected a number of seconds'],
    [{ run: undefined }, 'run: is missing; expected a function'],
    [{ config: undefined }, 'config: is missing; expected a zod schema'],
    [{ config: { type: 'object' } }, 'config: an object cannot be used; expected a zod schema'],
  ])('a description with %j is refused', (overrides, message) => {
    expect(() => define(overrides)).toThrow(message);
  });

  test('every fault of a description is told at once', () => {
    expect(() => define({ type: 'No Name', timeout: 0, retry: { max_retries: -1 } })).toThrow(
      expect.objectContaining({
        code: 'input_invalid',
        problems: [
          expect.objectContaining({ path: 'type' }),
          expect.objectContaining({ path: 'retry.max_retries' }),
          expect.objectContaining({ path: 'timeout' }),
        ],
      }),
    );
  });
});

describe('the registry', () => {
  test('knows its types by name, sorted', () => {
    const beta = define({ type: 'beta' });
    const registry = createRegistry([beta, define({ type: 'alpha' })]);
    expect(registry.types).toEqual(['alpha', 'beta']);
    expect(registry.get('beta')).toBe(beta);
  });

  test('refuses a type it has no code for, naming those it knows', () => {
    const registry = createRegistry([define({ type: 'beta' }), define({ type: 'alpha' })]);
    for (const type of ['gamma', 'constructor', '']) {
      const message = `job_type: "${type}" is no known job type; expected one of alpha, beta`;
      expect(() => registry.get(type)).toThrow(message);
    }
  });

  test('chooses all its types unless some are asked for', () => {
    const registry = createRegistry([define({ type: 'beta' }), define({ type: 'alpha' })]);
    expect(chooseTypes(null, registry)).toEqual(['alpha', 'beta']);
    expect(chooseTypes(['beta'], registry)).toEqual(['beta']);
    expect(() => chooseTypes(['beta', 'gamma'], registry)).toThrow('"gamma" is no known job type');
  });

  test('refuses a type that is defined twice', () => {
    expect(() => createRegistry([define(), define()])).toThrow(
      'Job types refused: type: "demo" is defined twice; each job type has one definition',
    );
  });
});

describe('a config against its schema', () => {
  const schema = z.object({
    keywords: z.array(z.string()).min(1),
    max: z.number().int().default(10),
    when: z.coerce.date().optional(),
  });
  const definition = define({ config: schema as unknown as z.ZodType });

  test('is parsed to the view that code gets, defaults filled in', async () => {
    expect(await parseConfig(definition, { keywords: ['a'], when: '2030-01-01' })).toEqual({
      keywords: ['a'],
      max: 10,
      when: new Date('2030-01-01'),
    });
  });

  test('is stored as the caller gave it, so that later defaults still apply', async () => {
    expect(await acceptConfig(definition, { keywords: ['a'] })).toEqual({ keywords: ['a'] });
    expect(await acceptConfig(define(), undefined)).toEqual({});
  });

  test('is refused with the path of each fault', async () => {
    const wrong = { keywords: ['a', 5], max: 'many' };
    await expect(parseConfig(definition, wrong)).rejects.toMatchObject({
      code: 'input_invalid',
      problems: [{ path: 'config.keywords.1' }, { path: 'config.max' }],
    });
    await expect(acceptConfig(definition, { keywords: [] })).rejects.toMatchObject({
      code: 'input_invalid',
      message: expect.stringContaining('Config of demo refused: config.keywords: '),
    });
  });

  test('that JSON cannot hold is refused before the schema sees it', async () => {
    const anything = define({ config: z.any() });
    await expect(acceptConfig(anything, { size: 10n })).rejects.toThrow(
      'config: is not JSON: "size" is a BigInt',
    );
  });

  test('is refused when the schema itself throws', async () => {
    const broken = define({
      config: z.any().transform(() => {
        throw new TypeError('schema bug');
      }),
    });
    await expect(parseConfig(broken, {})).rejects.toMatchObject({
      code: 'input_invalid',
      problems: [{ path: 'config', message: 'schema bug' }],
    });
  });

  test('may be checked by an asynchronous schema', async () => {
    const slow = z.string().refine(async (text) => text !== 'taken', 'is taken');
    const asynchronous = define({ config: slow as unknown as z.ZodType });
    expect(await acceptConfig(asynchronous, 'free')).toBe('free');
    await expect(acceptConfig(asynchronous, 'taken')).rejects.toThrow('config: is taken');
  });
});
