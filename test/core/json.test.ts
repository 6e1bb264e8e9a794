// What may be stored as JSON.
import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { MAX_JSON_BYTES, toJson, toJsonText } from '../../src/core/json.ts';
import { InputError } from '../../src/errors.ts';

const problemOf = (value: unknown): string => {
  try {
    toJsonText(value, 'result');
  } catch (error) {
    if (error instanceof InputError) return error.message;
    throw error;
  }
  throw new Error('it was accepted');
};

const circle: Record<string, unknown> = { name: 'ring' };
circle.self = circle;

describe('what cannot be stored is refused with the place and the reason', () => {
  test.each([
    ['a BigInt', { total: 10n }, 'result: is not JSON: "total" is a BigInt'],
    ['a function', { deep: [{ run: () => 1 }] }, 'result: is not JSON: "run" is a function'],
    ['a symbol', { kind: Symbol('x') }, 'result: is not JSON: "kind" is a symbol'],
    ['not a number', { average: Number.NaN }, 'result: is not JSON: "average" is NaN'],
    ['infinity', [1, -Infinity], 'result: is not JSON: "1" is -Infinity'],
    ['a Map', { found: new Map([['a', 1]]) }, 'result: is not JSON: "found" is a Map'],
    ['a Set', new Set([1]), 'result: is not JSON: the value is a Set'],
    ['an invalid Date', { at: new Date(Number.NaN) }, '"at" is an invalid Date'],
    ['a NUL', { note: 'a\0b' }, 'result: "note" holds U+0000 or half a character, which no store'],
    ['half a character', ['ok', '🦑'.slice(1)], 'result: "1" holds U+0000 or half a character'],
    ['a NUL in a key', { 'a\0': 1 }, 'result: the key "a\\u0000" holds U+0000'],
    ['a bare function', () => 1, 'result: is not JSON: the value is a function'],
  ])('%s', (_what, value, message) => {
    expect(problemOf(value)).toContain(message);
  });

  test('a circle', () => {
    expect(problemOf(circle)).toMatch(/result: is not JSON: .*circular/i);
  });

  test('a value whose toJSON throws', () => {
    const value = {
      toJSON: () => {
        throw new Error('not today');
      },
    };
    expect(problemOf(value)).toContain('result: is not JSON: not today');
  });

  test('500 levels are kept, and one more is refused', () => {
    const nested = (levels: number) => `${'['.repeat(levels)}"]}"${']'.repeat(levels)}`;
    expect(toJson(JSON.parse(nested(500)), 'result')).toEqual(JSON.parse(nested(500)));
    expect(problemOf(JSON.parse(nested(501)))).toContain('result: is nested deeper than 500');
  });
});

describe('the size', () => {
  test('1 MiB of UTF-8 is kept, and a byte more is refused with both numbers', () => {
    const kept = 'é'.repeat(MAX_JSON_BYTES / 2 - 1);
    expect(toJson(kept, 'result')).toBe(kept);
    expect(problemOf(`${kept}a`)).toContain(
      'result: is 1048577 bytes of JSON; at most 1048576 (1 MiB) are kept',
    );
  });
});

describe('what is stored reads back the same', () => {
  test('nothing at all is null, and undefined properties are left out', () => {
    expect(toJson(undefined, 'result')).toBeNull();
    expect(toJson({ here: 1, gone: undefined }, 'result')).toEqual({ here: 1 });
  });

  test('dates are their ISO text', () => {
    const at = new Date('2030-01-02T03:04:05.678Z');
    expect(toJson({ at }, 'result')).toEqual({ at: '2030-01-02T03:04:05.678Z' });
  });

  test('what looks like a NUL once it is escaped', () => {
    const value = { '\\u0000': ['\\\\u0000', '\\ud800', '"\\u0000"'] };
    expect(toJson(value, 'result')).toEqual(value);
  });

  test('a second trip changes nothing, whatever the value', () => {
    fc.assert(
      fc.property(fc.jsonValue(), (value) => {
        const once = toJson(value, 'result');
        expect(toJson(once, 'result')).toEqual(once);
      }),
      { seed: 20261 },
    );
  });
});
