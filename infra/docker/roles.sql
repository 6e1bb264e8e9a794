-- The roles of a Supabase project, as far as jobs need them. Postgres' image runs this with psql when
-- the database is new, before `init` makes the tables, whose grants name these roles.
\getenv authenticator_password AUTHENTICATOR_PASSWORD
CREATE ROLE anon NOLOGIN NOINHERIT;
CREATE ROLE authenticated NOLOGIN NOINHERIT;
CREATE ROLE service_role NOLOGIN NOINHERIT BYPASSRLS;

-- PostgREST connects as this one, and becomes the role that a request's key names.
CREATE ROLE authenticator LOGIN NOINHERIT PASSWORD :'authenticator_password';
GRANT anon, authenticated, service_role TO authenticator;
ALTER ROLE authenticator SET statement_timeout = '8s';
ALTER ROLE authenticator SET lock_timeout = '8s';
GRANT USAGE ON SCHEMA public TO anon, authenticated, service_role;
