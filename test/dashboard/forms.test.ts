// From a JSON Schema to fields, and from what stands in them to a config; and where refusals belong.
import { describe, expect, test } from '@jest/globals';
import { ApiError } from '../../src/client/client.ts';
import { faultsOf } from '../../src/dashboard/forms/faults.ts';
import {
  configOf,
  fieldsOf,
  type SchemaField,
  textsOf,
} from '../../src/dashboard/forms/schema_fields.ts';

const schema = {
  type: 'object',
  properties: {
    url: { type: 'string', description: 'where to' },
    retries: { type: 'integer', minimum: 0, maximum: 9, default: 3 },
    method: { type: 'string', enum: ['GET', 'POST'] },
    keywords: { type: 'array', items: { type: 'string' } },
    draft: { type: 'boolean' },
    headers: { type: 'object', additionalProperties: { type: 'string' } },
    expect: { anyOf: [{ type: 'integer' }, { type: 'array', items: { type: 'integer' } }] },
  },
  required: ['url', 'retries'],
};
const fields = fieldsOf(schema) as SchemaField[];

describe('the fields of a config', () => {
  test('are asked for by their kind, with what the schema says of them', () => {
    expect(fields.map(({ name, kind }) => `${name} ${kind}`)).toEqual([
      'url text',
      'retries number',
      'method choice',
      'keywords lines',
      'draft yes_no',
      'headers json',
      'expect json',
    ]);
    expect(fields[1]).toMatchObject({
      required: false,
      help: 'a whole number, from 0, at most 9, 3 unless given',
    });
    expect(fields[0]).toMatchObject({ required: true, help: 'where to' });
  });

  test.each([
    [{}],
    [null],
    [true],
    [{ type: 'object' }],
    [{ type: 'object', properties: {} }],
    [{ anyOf: [schema] }],
  ])('are none for %j: JSON is asked for', (other) => {
    expect(fieldsOf(other)).toBeNull();
  });

  test('make a config without what was left empty', () => {
    const given = {
      url: 'https://example.org',
      retries: '2',
      keywords: 'one\n\n two ',
      draft: 'false',
      method: '',
      headers: '{"a": "b"}',
      expect: '[200, 204]',
    };
    const { config, faults } = configOf(fields, given);
    expect(faults.size).toBe(0);
    expect(config).toEqual({
      url: 'https://example.org',
      retries: 2,
      keywords: ['one', ' two '],
      draft: false,
      headers: { a: 'b' },
      expect: [200, 204],
    });
    expect(configOf(fields, textsOf(fields, config) ?? {}).config).toEqual(config);
  });

  test('say what cannot be read before it is sent', () => {
    const { faults } = configOf(fields, { retries: 'two', headers: '{' });
    expect([...faults]).toEqual([
      ['config.retries', 'This is not a number.'],
      ['config.headers', 'This is not JSON.'],
    ]);
    expect(configOf(fields, { retries: '"2"' }).faults.size).toBe(1);
  });

  test.each([
    [[1]],
    ['text'],
    [{ other: 1 }],
    [{ url: 7 }],
    [{ url: '' }],
    [{ url: 'a\nb' }],
    [{ keywords: [1] }],
    [{ keywords: ['a\nb'] }],
    [{ keywords: [] }],
    [{ draft: 'yes' }],
  ])('cannot show %j: it stays JSON', (config) => {
    expect(textsOf(fields, config)).toBeNull();
  });
});

describe('refusals', () => {
  const refused = new ApiError('Job refused', {
    status: 400,
    code: 'input_invalid',
    problem: {
      type: 'about:blank',
      title: 'Bad Request',
      status: 400,
      detail: 'Job refused',
      code: 'input_invalid',
      errors: [
        { path: 'config.keywords.0', message: 'is no text' },
        { path: 'name', message: 'is too long' },
        { path: 'retry_delay_seconds', message: 'is no number' },
      ],
    },
  });

  test('stand at the field they are about, and else where all can see them', () => {
    const faults = faultsOf(refused, new Map(), ['name', 'config.keywords', 'config.key']);
    expect(faults.at('name')).toBe('is too long');
    expect(faults.at('config.keywords')).toBe('0: is no text');
    expect(faults.at('config.key')).toBeUndefined();
    expect(faults.elsewhere).toEqual(['retry_delay_seconds: is no number']);
    expect(faults.some_at_fields).toBe(true);
  });

  test('of a config that is written as JSON stand at the JSON', () => {
    const faults = faultsOf(refused, new Map(), ['name', 'config']);
    expect(faults.at('config')).toBe('keywords.0: is no text');
  });

  test('without a list of faults leave the sentence to say it', () => {
    const other = faultsOf(new Error('no answer'), new Map(), ['name']);
    expect(other).toMatchObject({ elsewhere: [], some_at_fields: false });
  });
});
