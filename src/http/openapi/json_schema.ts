// zod schemas as JSON Schema 2020-12, the dialect of OpenAPI 3.1.
import * as z from 'zod';
import { isObject } from '../../core/json.ts';
import { rulebook } from '../../core/rules.ts';

export type JsonSchema = Record<string, unknown>;

const DEFS = '#/$defs/';

/** Of zod's own making, and of no use to readers: an integer is one within what JavaScript counts exactly. */
const isNoise = (key: string, value: unknown): boolean =>
  key === '$schema' ||
  ((key === 'maximum' || key === 'minimum') &&
    Math.abs(Number(value)) === Number.MAX_SAFE_INTEGER) ||
  (key === 'pattern' && String(value).length > 200);

/** A time may be given as a Date in a program, and as text: in JSON they are the same. */
const withoutTwins = (values: unknown[]): unknown[] => {
  const texts = values.map((value) => JSON.stringify(value));
  return values.filter((_, at) => texts.indexOf(texts[at] as string) === at);
};

/** A copy without noise, in which each reference to a definition is what `refOf` makes of its name. */
const copy = (value: unknown, refOf: (name: string) => string): unknown => {
  if (Array.isArray(value)) return withoutTwins(value.map((inner) => copy(inner, refOf)));
  if (!isObject(value)) return value;
  const kept = Object.entries(value).filter(([key, inner]) => !isNoise(key, inner));
  const copied = kept.map(([key, inner]) => {
    const isRef = key === '$ref' && typeof inner === 'string' && inner.startsWith(DEFS);
    return [key, isRef ? refOf(inner.slice(DEFS.length)) : copy(inner, refOf)];
  });
  return Object.fromEntries(copied);
};

/** Takes the definitions out of `schema`, each under the name that `nameOf` gives it. */
const takeDefs = (
  { $defs, ...schema }: JsonSchema,
  into: Record<string, unknown>,
  nameOf: (name: string) => string,
  place: string,
): JsonSchema => {
  const refOf = (name: string) => `${place}${nameOf(name)}`;
  for (const [name, inner] of Object.entries(isObject($defs) ? $defs : {})) {
    into[nameOf(name)] = copy(inner, refOf);
  }
  return copy(schema, refOf) as JsonSchema;
};

/**
 * `input`: what may be sent; `output`: what it is read as. What JSON cannot say is `{}`. Definitions of
 * what holds itself stand under `$defs` of the whole.
 */
export const jsonSchemaOf = (schema: z.ZodType, io: 'input' | 'output'): JsonSchema => {
  const $defs: Record<string, unknown> = {};
  const made = z.toJSONSchema(schema, {
    io,
    unrepresentable: 'any',
    override: ({ zodSchema, jsonSchema }) => {
      if (zodSchema._zod.def.type === 'date') {
        Object.assign(jsonSchema, { type: 'string', format: 'date-time' });
      }
      const entry = rulebook.get(zodSchema as unknown as z.ZodType);
      if (entry === undefined) return;
      const within = `rule${Object.keys($defs).length}_`;
      const inner = jsonSchemaOf(entry.schema as z.ZodType, io);
      const taken = takeDefs(inner, $defs, (name) => `${within}${name}`, DEFS);
      Object.assign(jsonSchema, taken, { description: `Expected: ${entry.expected}` });
    },
  });
  const whole = takeDefs(made, $defs, (name) => name, DEFS);
  return Object.keys($defs).length === 0 ? whole : { ...whole, $defs };
};

/** The schema as part of a larger document, its definitions among those of the document. */
export const withinDocument = (
  schema: JsonSchema,
  name: string,
  schemas: Record<string, unknown>,
): JsonSchema => takeDefs(schema, schemas, (inner) => `${name}_${inner}`, '#/components/schemas/');
