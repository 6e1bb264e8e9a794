// Texts of an earlier scheduler's database as values.
import { describe, expect, test } from '@jest/globals';
import { flagOf, jsonOf, momentOf, numberOf, wordOf } from '../../src/stores/earlier/values.ts';

describe('a moment', () => {
  test.each([
    ['2025-07-01T10:00:07.123456', '2025-07-01T10:00:07.123Z'],
    ['2025-07-01 10:00:07', '2025-07-01T10:00:07.000Z'],
    ['2025-07-01 10:00:07.9999999', '2025-07-01T10:00:07.999Z'],
    ['2025-07-01 10:00:07,5', '2025-07-01T10:00:07.500Z'],
    ['2025-07-01T10:00', '2025-07-01T10:00:00.000Z'],
    ['2025-07-01', '2025-07-01T00:00:00.000Z'],
    ['2025-07-01T10:00:07Z', '2025-07-01T10:00:07.000Z'],
    ['2025-07-01 10:00:07 UTC', '2025-07-01T10:00:07.000Z'],
    ['2025-07-01 10:00:07+00', '2025-07-01T10:00:07.000Z'],
    ['2025-07-01 10:00:07.25+05:45', '2025-07-01T04:15:07.250Z'],
    ['2025-07-01T10:00:07-0330', '2025-07-01T13:30:07.000Z'],
    ['2024-02-29 23:59:59', '2024-02-29T23:59:59.000Z'],
    ['1751364007', '2025-07-01T10:00:07.000Z'],
    ['1751364007.25', '2025-07-01T10:00:07.250Z'],
    ['1751364007123', '2025-07-01T10:00:07.123Z'],
    ['9999-12-31T23:59:59.999Z', '9999-12-31T23:59:59.999Z'],
  ])('%s is %s', (text, expected) => {
    expect(momentOf(text)?.toISOString()).toBe(expected);
  });

  test.each([
    '',
    'noon',
    'infinity',
    '2025-02-30',
    '2025-13-01',
    '2025-07-01 24:00:00',
    '2025-07-01 10:60',
    '1969-12-31',
    '9999-12-31T23:59:59-01',
    '0001-01-01 00:00:00 BC',
    '10:00:07',
    '12345',
    '99999999999999999',
  ])('is not %p', (text) => {
    expect(momentOf(text)).toBeUndefined();
  });
});

test('a number is one that is finite', () => {
  expect(['3', '3.0', ' 1e3 ', '-0.5'].map(numberOf)).toEqual([3, 3, 1000, -0.5]);
  expect(['', ' ', 'NaN', 'Infinity', '3s'].map(numberOf)).toEqual(Array(5).fill(undefined));
});

test('yes and no are what databases and people write for them', () => {
  expect(['1', 'true', 'T', 'Yes', 'on'].map(flagOf)).toEqual(Array(5).fill(true));
  expect(['0', 'false', 'F', 'no', 'OFF'].map(flagOf)).toEqual(Array(5).fill(false));
  expect(['', '2', 'maybe'].map(flagOf)).toEqual(Array(3).fill(undefined));
});

test('JSON may be packed twice, and a text that only looks like it stays a text', () => {
  expect(jsonOf('{"a": 1}')).toEqual({ a: 1 });
  expect(jsonOf('"[1]"')).toEqual([1]);
  expect(jsonOf('"{no"')).toBe('{no');
  expect(jsonOf('"1"')).toBe('1');
  expect(jsonOf("{'a': 1}")).toBeUndefined();
});

test('a word is one whatever its case, its class and its hyphens', () => {
  const spelt = ['JobStatus.ACTIVE', ' Active ', 'timed-out', 'Timed Out'];
  expect(spelt.map(wordOf)).toEqual(['active', 'active', 'timed_out', 'timed_out']);
});
