// What counts as JSON: kept exactly, or refused by name; nothing is dropped in silence.
import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { toJson } from '../../src/core/json.ts';
import { InputError } from '../../src/index.ts';

test('whatever JSON can hold comes back as it was', () => {
  fc.assert(
    fc.property(fc.jsonValue(), (value) => {
      const plain = JSON.parse(JSON.stringify(value));
      expect(toJson(value, 'x')).toEqual(plain);
    }),
  );
});

test('what is normalised once stays as it is', () => {
  fc.assert(
    fc.property(fc.object({ withDate: false, withBigInt: false }), (value) => {
      let once: unknown;
      try {
        once = toJson(value, 'x');
      } catch (error) {
        expect(error).toBeInstanceOf(InputError);
        return;
      }
      expect(toJson(once, 'x')).toEqual(once);
    }),
  );
});

describe('refused, by what it is called', () => {
  test.failing.each<[string, unknown]>([
    ['a Map', { found: new Map([['a', 1]]) }],
    ['a Set', { found: new Set([1]) }],
    ['an invalid Date', { at: new Date(Number.NaN) }],
    ['an object whose toJSON gives nothing', { toJSON: () => undefined }],
  ])('%s', (_, value) => {
    expect(() => toJson(value, 'result')).toThrow(InputError);
  });
});
