// All that `init` makes in an empty database, as its catalog lists it.
import { query } from '../support/servers/postgres.ts';

export interface Callable {
  name: string;
  /** `name(types)` */
  signature: string;
  /** by name */
  parameters: Record<string, string>;
  is_trigger: boolean;
}

const FUNCTIONS = `
  SELECT p.proname AS name, p.oid::regprocedure::text AS signature,
    p.prorettype = 'trigger'::regtype AS is_trigger,
    coalesce((
      SELECT json_object_agg(p.proargnames[place], format_type(type, NULL) ORDER BY place)
      FROM unnest(p.proargtypes) WITH ORDINALITY given (type, place)), '{}') AS parameters
  FROM pg_proc p WHERE p.pronamespace = 'public'::regnamespace ORDER BY 2`;

export const functionsOf = (url: string): Promise<Callable[]> => query(url, FUNCTIONS);

/** Tables, views and sequences, by kind. */
export const relationsOf = async (url: string): Promise<Record<'r' | 'v' | 'S', string[]>> => {
  const found = { r: [] as string[], v: [] as string[], S: [] as string[] };
  const rows = await query<{ relname: string; relkind: keyof typeof found }>(
    url,
    `SELECT relname, relkind FROM pg_class
     WHERE relnamespace = 'public'::regnamespace AND relkind NOT IN ('i', 't') ORDER BY 1`,
  );
  for (const { relname, relkind } of rows) found[relkind].push(relname);
  return found;
};

const values: Record<string, unknown> = {
  text: 'x',
  'text[]': ['x'],
  integer: 1,
  bigint: 1,
  'double precision': 1,
  'double precision[]': [1],
  boolean: false,
  jsonb: [],
  'timestamp with time zone': '2026-01-01T00:00:00Z',
  'timestamp with time zone[]': ['2026-01-01T00:00:00Z'],
  cloud_jobs: {},
  cloud_job_schedules: {},
};

/** Arguments of the right names and types, with which a function is found and does next to nothing. */
export const someArguments = (
  { parameters }: Callable,
  schema_version: number,
): Record<string, unknown> =>
  Object.fromEntries(
    Object.entries(parameters).map(([name, type]) => {
      if (!(type in values)) throw new Error(`no value for a parameter of type ${type}`);
      return [name, name === 'schema_version' ? schema_version : values[type]];
    }),
  );
