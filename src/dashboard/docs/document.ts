// What the page reads of an OpenAPI document: as much as it shows, and nothing of it trusted to be there.
import type { Json } from '../../core/json.ts';
import { isJsonObject } from '../forms/schema_fields.ts';

export type JsonObject = { [key: string]: Json };

const methods = ['get', 'post', 'put', 'patch', 'delete', 'head', 'options'];

export interface Body {
  type: string;
  schema: Json;
}

export interface Operation {
  /** of the place on the page */
  id: string;
  method: string;
  path: string;
  group: string;
  summary: string;
  description: string;
  parameters: JsonObject[];
  required: boolean;
  body: Body[];
  answers: { status: string; description: string; body: Body[] }[];
}

export const objectOf = (value: Json | undefined): JsonObject => (isJsonObject(value) ? value : {});
export const wordsOf = (value: Json | undefined): string =>
  typeof value === 'string' ? value : '';
const listOf = (value: Json | undefined): Json[] => (Array.isArray(value) ? value : []);

/** Follows `$ref` within the document; what leads nowhere is nothing. */
export const resolve = (document: Json, value: Json | undefined): JsonObject => {
  let found = objectOf(value);
  for (let hops = 0; hops < 10 && typeof found.$ref === 'string'; hops += 1) {
    const keys = found.$ref.replace(/^#\//, '').split('/');
    const names = keys.map((key) => key.replaceAll('~1', '/').replaceAll('~0', '~'));
    found = objectOf(names.reduce<Json | undefined>((at, name) => objectOf(at)[name], document));
  }
  return found;
};

const bodyOf = (document: Json, holder: JsonObject): Body[] =>
  Object.entries(objectOf(holder.content)).map(([type, media]) => ({
    type,
    schema: resolve(document, media).schema ?? {},
  }));

/** What the first part of its path says; `others` outside of the API itself. */
const groupOf = (path: string): string => /^\/api\/v\d+\/([^/]+)/.exec(path)?.[1] ?? 'others';

const operationOf = (
  document: Json,
  method: string,
  path: string,
  at: JsonObject,
  shared: Json[],
): Operation => {
  const body = resolve(document, at.requestBody);
  return {
    id: `${method}-${path}`.replace(/[^A-Za-z0-9]+/g, '-').replace(/-$/, ''),
    method: method.toUpperCase(),
    path,
    group: wordsOf(listOf(at.tags)[0]) || groupOf(path),
    summary: wordsOf(at.summary),
    description: wordsOf(at.description),
    parameters: [...shared, ...listOf(at.parameters)].map((each) => resolve(document, each)),
    required: body.required === true,
    body: bodyOf(document, body),
    answers: Object.entries(objectOf(at.responses)).map(([status, answer]) => {
      const told = resolve(document, answer);
      return { status, description: wordsOf(told.description), body: bodyOf(document, told) };
    }),
  };
};

/** In the order of the document. */
export const operationsOf = (document: Json): Operation[] =>
  Object.entries(objectOf(objectOf(document).paths)).flatMap(([path, at]) =>
    methods.flatMap((method) => {
      const operation = objectOf(at)[method];
      return isJsonObject(operation)
        ? [operationOf(document, method, path, operation, listOf(objectOf(at).parameters))]
        : [];
    }),
  );

/** Every word of `search` is in its method, path, summary or description. */
export const fits = (operation: Operation, search: string): boolean => {
  const { method, path, summary, description } = operation;
  const text = `${method} ${path} ${summary} ${description}`.toLowerCase();
  return search
    .toLowerCase()
    .split(/\s+/)
    .every((word) => text.includes(word));
};
