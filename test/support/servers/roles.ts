// The roles and privileges that a Supabase project begins with, as far as they concern our tables.

/** The superuser. Supabase keeps it to itself. */
export const ADMIN = 'supabase_admin';

/** What Supabase hands to the owner of a project: no superuser. */
export const OWNER = 'postgres';

/** Once per server. */
export const supabaseRoles = (password: string): string[] => [
  `CREATE ROLE ${OWNER} LOGIN CREATEDB CREATEROLE REPLICATION BYPASSRLS PASSWORD '${password}'`,
  'CREATE ROLE anon NOLOGIN NOINHERIT',
  'CREATE ROLE authenticated NOLOGIN NOINHERIT',
  'CREATE ROLE service_role NOLOGIN NOINHERIT BYPASSRLS',
  `CREATE ROLE authenticator LOGIN NOINHERIT PASSWORD '${password}'`,
  'GRANT anon, authenticated, service_role TO authenticator',
  `GRANT anon, authenticated, service_role TO ${OWNER} WITH ADMIN OPTION`,
  `GRANT pg_monitor, pg_signal_backend TO ${OWNER}`,
  "ALTER ROLE anon SET statement_timeout = '3s'",
  "ALTER ROLE authenticated SET statement_timeout = '8s'",
  // In force for service_role too, which has no limit of its own.
  "ALTER ROLE authenticator SET statement_timeout = '8s'",
  "ALTER ROLE authenticator SET lock_timeout = '8s'",
];

/**
 * Projects made before 30 May 2026 open every new object of schema public to the roles of the API;
 * later ones take the useful privileges back, from service_role as well.
 */
export type Exposure = 'open' | 'closed';

const api = 'anon, authenticated, service_role';
const inPublic = 'ALTER DEFAULT PRIVILEGES IN SCHEMA public';

/** Once per database, as its owner. */
export const supabasePrivileges = (exposure: Exposure): string[] => [
  `GRANT USAGE ON SCHEMA public TO ${OWNER}, ${api}`,
  ...['TABLES', 'FUNCTIONS', 'SEQUENCES'].map(
    (kind) => `${inPublic} GRANT ALL ON ${kind} TO ${OWNER}, ${api}`,
  ),
  ...(exposure === 'open'
    ? []
    : [
        `${inPublic} REVOKE SELECT, INSERT, UPDATE, DELETE ON TABLES FROM ${api}`,
        `${inPublic} REVOKE USAGE, SELECT ON SEQUENCES FROM ${api}`,
        `${inPublic} REVOKE EXECUTE ON FUNCTIONS FROM ${api}`,
      ]),
];
