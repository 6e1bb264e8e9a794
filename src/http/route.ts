// What an operation of the API is: one value from which it is served and described.
import * as z from 'zod';
import { problemsOf } from '../core/rules.ts';
import { InputError } from '../errors.ts';
import type { Caller, HttpDeps, Peer } from './deps.ts';
import type { Idempotency } from './idempotency.ts';
import type { SchemaName } from './openapi/schemas.ts';
import type { Shared } from './shared.ts';

/** A request that may be answered: who asks is known, what was sent can be read. */
export interface Call<Query> {
  deps: HttpDeps & Shared;
  caller: Caller;
  peer: Peer;
  /** of the path, decoded */
  params: Record<string, string>;
  query: Query;
  /** JSON; undefined = none was sent */
  body: unknown;
  /** null = it is not said to be a repeatable one */
  idempotency: Idempotency | null;
  /** a new id; for a repeatable request the same one each time */
  newId: () => string;
  /** path of the API that was called, `/api/v1` or an older one: for links */
  base: string;
  headers: Headers;
  /** only the head of the answer is wanted */
  head: boolean;
}

export interface Route<Query = unknown> {
  method: 'GET' | 'POST' | 'DELETE';
  /** with parameters as `{job_id}` */
  path: string;
  operation: string;
  summary: string;
  description?: string;
  /** null = anybody may ask, without a key */
  scope: Caller['scope'] | null;
  query?: z.ZodType<Query>;
  /** what is to be sent */
  body?: SchemaName | 'Config';
  /** of what goes well, by status */
  answers: Record<number, { description: string; schema?: SchemaName | 'text/event-stream' }>;
  run(call: Call<Query>): Promise<Response>;
}

/** With its parameters' type forgotten, as the table of all routes holds them. */
export type AnyRoute = Omit<Route, 'run'> & { run(call: Call<never>): Promise<Response> };

/** A route whose parameters have the type of their schema. */
export const route = <Query = Record<string, never>>(given: Route<Query>): AnyRoute =>
  given as unknown as AnyRoute;

const none = z.lazy(() => z.strictObject({}));

/** One value for each name, or, given more than once, a list. */
const asObject = (params: URLSearchParams): Record<string, string | string[]> =>
  Object.fromEntries(
    [...new Set(params.keys())].map((name) => {
      const values = params.getAll(name);
      return [name, values.length === 1 ? (values[0] as string) : values];
    }),
  );

/** The parameters after the `?`; throws an InputError that names every fault. */
export const readQuery = (schema: z.ZodType | undefined, params: URLSearchParams): unknown => {
  const parsed = (schema ?? none).safeParse(asObject(params));
  if (parsed.success) return parsed.data;
  throw new InputError(problemsOf(parsed.error), 'Parameters refused');
};

/** JSON, for programs; never kept by anything in between. */
export const answer = (
  body: unknown,
  status = 200,
  headers: Record<string, string> = {},
): Response =>
  new Response(JSON.stringify(body), {
    status,
    headers: { 'content-type': 'application/json', ...headers },
  });

export const noContent = (): Response => new Response(null, { status: 204 });
