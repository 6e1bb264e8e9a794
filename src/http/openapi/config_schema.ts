// The shape of a job type's config, as far as it can be told from its schema.
import type * as z from 'zod';
import type { Json } from '../../core/json.ts';
import { jsonSchemaOf } from './json_schema.ts';

const known = new WeakMap<z.ZodType, Json>();

const schemaOf = (config: z.ZodType): Json => {
  try {
    return jsonSchemaOf(config, 'input') as Json;
  } catch {
    return {}; // a schema of another library, or of a kind without a name in JSON Schema
  }
};

/** JSON Schema of what may be given; `{}` where it cannot be told. */
export const configSchema = (config: z.ZodType): Json => {
  const found = known.get(config) ?? schemaOf(config);
  known.set(config, found);
  return found;
};
