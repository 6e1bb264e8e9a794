// Everything a database's catalog says of schema public, as sorted lines: two equal dumps are two
// equal schemas, down to bodies, settings, grants and storage parameters.
import { query } from '../support/servers/postgres.ts';

const parts: Record<string, string> = {
  relations: `SELECT c.relname, c.relkind, c.relrowsecurity, c.relforcerowsecurity, c.reloptions,
      c.relpersistence, pg_get_userbyid(c.relowner) AS owner
    FROM pg_class c WHERE c.relnamespace = 'public'::regnamespace`,
  // Dropped columns stay in the catalog and count in attnum, so the place is counted anew.
  columns: `SELECT a.attrelid::regclass AS relation, a.attname,
      row_number() OVER (PARTITION BY a.attrelid ORDER BY a.attnum) AS place,
      format_type(a.atttypid, a.atttypmod) AS type, a.attnotnull, a.attidentity, a.attgenerated,
      a.attstorage, a.attcompression, a.attstattarget, a.attacl, a.attoptions,
      pg_get_expr(d.adbin, d.adrelid) AS default
    FROM pg_attribute a JOIN pg_class c ON c.oid = a.attrelid
    LEFT JOIN pg_attrdef d ON d.adrelid = a.attrelid AND d.adnum = a.attnum
    WHERE c.relnamespace = 'public'::regnamespace AND c.relkind IN ('r', 'v')
      AND a.attnum > 0 AND NOT a.attisdropped`,
  constraints: `SELECT conname, conrelid::regclass AS relation, contype, convalidated,
      pg_get_constraintdef(oid) AS definition
    FROM pg_constraint WHERE connamespace = 'public'::regnamespace`,
  indexes: `SELECT i.indexrelid::regclass AS index, i.indisvalid,
      pg_get_indexdef(i.indexrelid) AS definition
    FROM pg_index i JOIN pg_class c ON c.oid = i.indexrelid
    WHERE c.relnamespace = 'public'::regnamespace`,
  policies: "SELECT * FROM pg_policies WHERE schemaname = 'public'",
  triggers: `SELECT tgname, tgenabled, pg_get_triggerdef(oid) AS definition FROM pg_trigger
    WHERE NOT tgisinternal`,
  functions: `SELECT pg_get_functiondef(p.oid) AS definition, pg_get_userbyid(p.proowner) AS owner
    FROM pg_proc p WHERE p.pronamespace = 'public'::regnamespace`,
  views: "SELECT viewname, definition, viewowner FROM pg_views WHERE schemaname = 'public'",
  sequences: `SELECT sequencename, data_type, start_value, increment_by, cache_size, cycle
    FROM pg_sequences WHERE schemaname = 'public'`,
  sequence_owners: `SELECT d.objid::regclass AS sequence, d.refobjid::regclass AS relation, d.deptype
    FROM pg_depend d JOIN pg_class c ON c.oid = d.objid AND c.relkind = 'S'
    WHERE c.relnamespace = 'public'::regnamespace AND d.refclassid = 'pg_class'::regclass`,
  // An ACL that was never touched means what its default means.
  relation_grants: `SELECT c.relname, pg_get_userbyid(x.grantee) AS grantee, x.privilege_type,
      x.is_grantable
    FROM pg_class c CROSS JOIN LATERAL aclexplode(coalesce(c.relacl,
      acldefault(CASE c.relkind WHEN 'S' THEN 's'::"char" ELSE 'r' END, c.relowner))) x
    WHERE c.relnamespace = 'public'::regnamespace AND c.relkind IN ('r', 'v', 'S')`,
  function_grants: `SELECT p.oid::regprocedure AS function, pg_get_userbyid(x.grantee) AS grantee,
      x.privilege_type, x.is_grantable
    FROM pg_proc p CROSS JOIN LATERAL aclexplode(coalesce(p.proacl, acldefault('f', p.proowner))) x
    WHERE p.pronamespace = 'public'::regnamespace`,
  types: `SELECT t.typname, t.typtype FROM pg_type t WHERE t.typnamespace = 'public'::regnamespace`,
};

/** One line per fact, each beginning with its kind. */
export const dumpCatalog = async (url: string): Promise<string[]> => {
  const lines: string[] = [];
  for (const [kind, sql] of Object.entries(parts)) {
    for (const row of await query(url, sql)) lines.push(`${kind} ${JSON.stringify(row)}`);
  }
  return lines.sort();
};
