// The API's own description, held against every answer that it gives.
import * as z from 'zod';

type Json = Record<string, unknown>;

interface Operation {
  responses: Record<string, { content?: Record<string, { schema: Json }> }>;
}

export interface Description {
  paths: Record<string, Record<string, Operation>>;
  components: { schemas: Record<string, Json> };
}

const COMPONENTS = '#/components/schemas/';

/** References as zod understands them: to definitions of the schema itself. */
const withDefs = (value: unknown): unknown => {
  if (Array.isArray(value)) return value.map(withDefs);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, inner]) =>
      key === '$ref' && typeof inner === 'string'
        ? [key, inner.replace(COMPONENTS, '#/$defs/')]
        : [key, withDefs(inner)],
    ),
  );
};

const fits = (template: string, path: string): boolean => {
  const [wanted, given] = [template.split('/'), path.split('/')];
  return (
    wanted.length === given.length &&
    wanted.every((part, at) => part === given[at] || /^\{\w+\}$/.test(part))
  );
};

/** Paths of an earlier system answer the same, and are not told of. */
const known = (path: string): string => path.replace(/^\/ops\//, '/api/v1/');

/** Answers a check that tells in words what of an answer is not as the description says. */
export const checkerOf = ({ paths, components }: Description) => {
  const $defs = withDefs(components.schemas) as Record<string, Json>;
  const compiled = new Map<string, z.ZodType>();
  const schemaOf = (schema: Json): z.ZodType => {
    const key = JSON.stringify(schema);
    const made =
      compiled.get(key) ?? z.fromJSONSchema({ ...(withDefs(schema) as Json), $defs } as never);
    compiled.set(key, made);
    return made;
  };
  const operationAt = (method: string, path: string): Operation | undefined => {
    const exact = paths[known(path)];
    const name = Object.keys(paths).find((template) => fits(template, known(path)));
    const found = exact ?? (name === undefined ? undefined : paths[name]);
    return found?.[method.toLowerCase()];
  };
  const faultsIn = (schema: Json, json: unknown): string[] =>
    (schemaOf(schema).safeParse(json).error?.issues ?? []).map(
      ({ path, message }) => `${path.join('.')}: ${message}`,
    );

  return (method: string, path: string, status: number, type: string, json: unknown): string[] => {
    if (method === 'HEAD') return json === undefined ? [] : ['it has a body'];
    if (status >= 400 && type.startsWith('application/problem+json')) {
      return faultsIn({ $ref: `${COMPONENTS}Problem` }, json);
    }
    const operation = operationAt(method, path);
    if (operation === undefined) return [];
    const told = operation.responses[status];
    if (told === undefined) return [`${status} is not told of`];
    const schema = told.content?.['application/json']?.schema;
    if (schema === undefined) return [];
    return type === 'application/json' ? faultsIn(schema, json) : [`it is ${type}`];
  };
};
