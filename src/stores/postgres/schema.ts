// The whole of sql/postgres as one text that can be run anywhere: by `init`, by psql, or pasted into
// the Supabase SQL editor. One transaction; running it twice changes nothing the second time.
import { readMigrations, readSql, readSqlFolder } from '../sql_files.ts';

/** The version this code is written for; a test holds it to the number of migration files. */
export const POSTGRES_SCHEMA_VERSION = 7;

const literal = (text: string): string => `'${text.replaceAll("'", "''")}'`;

const refuseNewer = `DO $newer$
DECLARE
  installed CONSTANT integer := (SELECT max(version) FROM cloud_job_migrations);
BEGIN
  IF installed > ${POSTGRES_SCHEMA_VERSION} THEN
    RAISE EXCEPTION 'The tables are of version %, but this cloud-jobs knows version ${POSTGRES_SCHEMA_VERSION}: update cloud-jobs.', installed
      USING ERRCODE = 'CJ001', DETAIL = installed::text;
  END IF;
END
$newer$;`;

/** A migration runs only where the ledger does not have it; EXECUTE, so that it is parsed only then. */
const onlyOnce = ({ version, name, sql, checksum }: ReturnType<typeof readMigrations>[number]) =>
  `DO $once$
BEGIN
  IF NOT EXISTS (SELECT 1 FROM cloud_job_migrations WHERE version = ${version}) THEN
    EXECUTE $migration$
${sql.trim()}
$migration$;
    INSERT INTO cloud_job_migrations (version, name, checksum)
    VALUES (${version}, ${literal(name)}, ${literal(checksum)});
    INSERT INTO cloud_job_report (kind, detail) VALUES ('applied', ${literal(name)});
  END IF;
END
$once$;`;

const versionFunction = `CREATE OR REPLACE FUNCTION cloud_job_schema_version() RETURNS integer
LANGUAGE sql IMMUTABLE AS 'SELECT ${POSTGRES_SCHEMA_VERSION}';`;

const namesTable = (names: string[]) =>
  `CREATE TEMP TABLE cloud_job_functions ON COMMIT DROP AS
SELECT unnest(ARRAY[${names.map(literal).join(', ')}]) AS name;`;

/** Drops what earlier versions of these functions were called with. */
const dropStale = `DO $stale$
DECLARE
  it record;
BEGIN
  FOR it IN SELECT p.oid::regprocedure AS signature FROM pg_proc p
    JOIN cloud_job_functions f ON f.name = p.proname
    WHERE p.pronamespace = 'public'::regnamespace
      AND p.xmin::text <> (pg_current_xact_id()::xid)::text
      AND (p.proname LIKE 'cloud\\_job\\_%' OR 'schema_version' = ANY (p.proargnames))
  LOOP
    EXECUTE format('DROP FUNCTION %s', it.signature);
  END LOOP;
END
$stale$;`;

/** What someone opened stays open, also what came with this version. */
const keepOpen = (): string => `DO $kept$
BEGIN
  IF EXISTS (SELECT 1 FROM pg_policies WHERE schemaname = 'public'
    AND tablename = 'cloud_jobs' AND policyname = 'cloud_jobs_anon_access') THEN
    EXECUTE $open$
${readSql('optional/anon_access.sql').trim()}
$open$;
  END IF;
END
$kept$;`;

/** The text. Its last result but one are rows (kind, detail): from, kept, applied, closed, open. */
export const printPostgresSchema = (): string => {
  const functions = readSqlFolder('postgres/functions');
  const names = functions.map(({ name }) => name.replace(/\.sql$/, ''));
  return [
    '-- Tables and functions of cloud-jobs. Safe to run again; needs PostgreSQL 15 or newer.',
    // Not as the database may have it by default: those who waited have to see what was done meanwhile.
    'BEGIN ISOLATION LEVEL READ COMMITTED;',
    'SET LOCAL search_path = public, pg_temp;\nSET LOCAL client_min_messages = warning;\nSET LOCAL check_function_bodies = off;\nSET LOCAL statement_timeout = 0;',
    readSql('postgres/ledger.sql').trim(),
    refuseNewer,
    ...readMigrations('postgres/migrations').map(onlyOnce),
    versionFunction,
    ...functions.map(({ sql }) => sql.trim()),
    ...readSqlFolder('postgres/views').map(({ sql }) => sql.trim()),
    namesTable([...names, 'cloud_job_schema_version']),
    dropStale,
    readSql('postgres/triggers.sql').trim(),
    readSql('postgres/grants.sql').trim(),
    keepOpen(),
    "-- PostgREST is to see the new functions.\nNOTIFY pgrst, 'reload schema';",
    'SELECT kind, detail FROM cloud_job_report ORDER BY place;',
    'COMMIT;',
    '',
  ].join('\n\n');
};
