// What takes from an installation what a version of the schema brought, so that it is as the version
// before left it: its tables, its functions, and what had been called otherwise.

/** Drops functions by name, whatever they are called with. */
const dropFunctions = (...names: string[]): string =>
  `DO $$
   DECLARE
     it regprocedure;
   BEGIN
     FOR it IN SELECT oid FROM pg_proc WHERE pronamespace = 'public'::regnamespace
       AND proname IN (${names.map((name) => `'${name}'`).join(', ')}) LOOP
       EXECUTE format('DROP FUNCTION %s', it);
     END LOOP;
   END
   $$`;

const stand_in = (name: string, parameters: string, type: string): string =>
  `CREATE FUNCTION ${name}(${parameters}) RETURNS ${type} LANGUAGE sql AS 'SELECT NULL::${type}'`;

const versionBefore = (version: number): string[] => [
  `DELETE FROM cloud_job_migrations WHERE version = ${version}`,
  `CREATE OR REPLACE FUNCTION cloud_job_schema_version() RETURNS integer
   LANGUAGE sql IMMUTABLE AS 'SELECT ${version - 1}'`,
];

/** To version 6, which knew no timelines and read no list on. */
export const takeBackReading: string[] = [
  dropFunctions('job_timeline', 'list_jobs'),
  stand_in(
    'list_jobs',
    'schema_version integer, "limit" integer, status text DEFAULT NULL, job_type text DEFAULT NULL',
    'jsonb',
  ),
  ...versionBefore(7),
];

/** To version 5, which knew nothing of schedules. */
export const takeBackSchedules: string[] = [
  ...takeBackReading,
  dropFunctions(
    'alert_told',
    'cloud_job_decide',
    'cloud_job_due',
    'cloud_job_fire',
    'cloud_job_in_the_way',
    'cloud_job_learn',
    'cloud_job_make',
    'cloud_job_note',
    'cloud_job_replace',
    'cloud_job_save',
    'cloud_job_settle',
    'cloud_job_short',
    'cloud_job_stand',
    'cloud_job_tend',
    'cloud_job_unplan',
    'get_schedule',
    'import_history',
    'list_schedules',
    'move_schedule',
    'plan_schedules',
    'save_schedules',
    'trigger_schedule',
  ),
  stand_in('cloud_job_learn', 'job_types text[], stretches double precision[]', 'void'),
  'DROP TABLE cloud_job_schedules, cloud_job_slots, cloud_job_streaks',
  'DROP INDEX cloud_jobs_of_schedule',
  'ALTER TABLE cloud_job_types DROP COLUMN durations',
  ...versionBefore(6),
];

const OF_CLAIM = `instance_id text, job_types text[], execution_ids text[],
  lock_seconds double precision, "trigger" text`;
const PRIORITIES = 'priority_min integer DEFAULT -32768, priority_max integer DEFAULT 32767';

/** What version 4 was called with, where that is not what version 5 is called with. */
const called = {
  cloud_job_claim: `${OF_CLAIM}, priority_min integer, priority_max integer`,
  claim_jobs: `schema_version integer, ${OF_CLAIM}, ${PRIORITIES}`,
  preview_claim: `schema_version integer, ${OF_CLAIM}, ${PRIORITIES}`,
  record_executions: `schema_version integer, records jsonb, instance_id text DEFAULT NULL,
    job_types text[] DEFAULT NULL, execution_ids text[] DEFAULT NULL,
    lock_seconds double precision DEFAULT NULL, "trigger" text DEFAULT NULL, ${PRIORITIES}`,
};

/** To version 4, which knew nothing of how long types take. */
export const takeBackTypes: string[] = [
  ...takeBackSchedules,
  dropFunctions(...Object.keys(called), 'cloud_job_learn', 'cloud_job_stretches'),
  ...Object.entries(called).map(([name, parameters]) => stand_in(name, parameters, 'json')),
  'DROP TABLE cloud_job_types',
  ...versionBefore(5),
];
