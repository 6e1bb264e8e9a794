// Describing job types: what defineJob and the registry refuse, and in which words.
import { describe, expect, test } from '@jest/globals';
import { acceptConfig, createRegistry } from '../../src/core/definition.ts';
import { defineJob, InputError, z } from '../../src/index.ts';

const valid = { type: 'thumbnail', config: z.object({ url: z.url() }), run: () => null };

const faultsOf = (overrides: object): string => {
  try {
    defineJob({ ...valid, ...overrides });
    return '';
  } catch (error) {
    expect(error).toBeInstanceOf(InputError);
    return (error as InputError).message;
  }
};

describe('defineJob', () => {
  test('gives back what it was given, frozen', () => {
    const job = defineJob({ ...valid, timeout: 0.5, retry: { max_retries: 0, backoff: 'fixed' } });
    expect(job).toMatchObject({ type: 'thumbnail', timeout: 0.5, retry: { max_retries: 0 } });
    expect(Object.isFrozen(job)).toBe(true);
  });

  test.each<[string, object, RegExp]>([
    ['an empty type', { type: '' }, /^Job type refused: type: "" is not a type name \(a-z 0-9/],
    ['capitals in the type', { type: 'Thumb' }, /type: "Thumb" is not a type name/],
    ['a type that is too long', { type: 'x'.repeat(101) }, /at most 100 characters/],
    ['retries below zero', { retry: { max_retries: -1 } }, /retry\.max_retries: -1 is not a whole/],
    ['half a retry', { retry: { max_retries: 1.5 } }, /retry\.max_retries: 1\.5 is not a whole/],
    ['a delay in words', { retry: { delay_seconds: '30' } }, /retry\.delay_seconds: "30" is not/],
    [
      'an unknown backoff',
      { retry: { backoff: 'linear' } },
      /retry\.backoff: "linear" is not `exp/,
    ],
    ['no time at all', { timeout: 0 }, /timeout: 0 is not a number of seconds above 0/],
  ])('refuses %s', (_, overrides, message) => {
    expect(faultsOf(overrides)).toMatch(message);
  });

  test('names every fault at once', () => {
    const faults = faultsOf({ type: '', timeout: -1, retry: { max_retries: -1, backoff: 'x' } });
    for (const path of ['type:', 'timeout:', 'retry.max_retries:', 'retry.backoff:']) {
      expect(faults).toContain(path);
    }
  });

  test.failing.each([
    ['Infinity', Number.POSITIVE_INFINITY],
    ['NaN', Number.NaN],
  ])('names the offending number also when it is %s', (name, timeout) => {
    expect(faultsOf({ timeout })).toContain(`timeout: ${name} is not`);
  });

  test.failing.each<[string, object]>([
    ['retries beyond what a job may have', { retry: { max_retries: 1001 } }],
    ['a delay beyond what a job may have', { retry: { delay_seconds: 9e15 } }],
    ['a timeout beyond what a job may have', { timeout: 604_801 }],
  ])('refuses %s', (_, overrides) => {
    expect(faultsOf(overrides)).not.toBe('');
  });

  test.failing.each<[string, object]>([
    ['no code', { run: undefined }],
    ['no schema', { config: undefined }],
  ])('refuses a type with %s, which plain JavaScript can hand over', (_, overrides) => {
    expect(faultsOf(overrides)).not.toBe('');
  });
});

describe('the registry', () => {
  test('knows its types by name, sorted', () => {
    const registry = createRegistry([
      { ...valid, type: 'b' },
      { ...valid, type: 'a' },
    ]);
    expect(registry.types).toEqual(['a', 'b']);
    expect(registry.get('b').type).toBe('b');
  });

  test('refuses two definitions of one name', () => {
    expect(() => createRegistry([valid, valid])).toThrow(/"thumbnail" is defined twice/);
  });
});

describe('a config', () => {
  test('is stored as it was given, not as the schema fills it in', async () => {
    const config = z.object({ pages: z.number().default(5) });
    expect(await acceptConfig({ ...valid, config }, {})).toEqual({});
    expect(await acceptConfig({ ...valid, config }, undefined)).toEqual({});
  });

  test('is refused with the path of every fault', async () => {
    const config = z.object({ pages: z.number(), site: z.object({ url: z.url() }) });
    const refused = acceptConfig({ ...valid, config }, { pages: 'x', site: { url: 'y' } });
    await expect(refused).rejects.toThrow(
      /^Config of thumbnail refused: config\.pages: .+; config\.site\.url: .+/,
    );
  });

  test.each<[string, unknown, RegExp]>([
    ['no JSON', { big: 1n }, /config: is not JSON: "big" is a BigInt/],
    [
      'too large',
      { url: 'x'.repeat(1024 * 1024) },
      /config: is \d+ bytes of JSON; at most 1048576/,
    ],
  ])('is refused when it is %s', async (_, given, message) => {
    await expect(acceptConfig(valid, given)).rejects.toThrow(message);
  });
});
