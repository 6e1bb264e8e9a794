-- Called to create jobs, all or none. A job whose job_id is there, or whose unique_key an unfinished
-- job has, is not created again. Fields that are left out have their default; config and metadata may
-- not be. Answers what is not as asked: {existing: [{place, given, job_id, status}], blocked: [job_id]};
-- every other job was created as `waiting`.
-- Raises CJ002 with detail {name, depends_on, itself} for a dependency that is missing or the job
-- itself, CJ003 when two creators were in each other's way: nothing was written then, send it again.
-- Locks: the jobs depended on, see cloud_job_share.
CREATE OR REPLACE FUNCTION create_jobs(schema_version integer, jobs jsonb) RETURNS jsonb
LANGUAGE plpgsql
SET search_path = pg_catalog, public, pg_temp
AS $$
#variable_conflict use_column
DECLARE
  found   jsonb := jsonb_build_object('existing', '[]'::jsonb, 'fresh', jobs);
  blocked jsonb := '[]';
BEGIN
  IF schema_version IS DISTINCT FROM cloud_job_schema_version() THEN
    PERFORM cloud_job_refuse_schema(schema_version);
  END IF;
  BEGIN
    PERFORM cloud_job_insert(jobs);
  EXCEPTION WHEN unique_violation THEN
    -- Some of them are there already: seldom, so it is looked for only now.
    found := cloud_job_existing(jobs);
    PERFORM cloud_job_insert(found -> 'fresh');
  END;
  IF jsonb_path_exists(jobs, '$[*].depends_on[0]') THEN
    blocked := cloud_job_depend(found -> 'fresh', found -> 'existing');
  END IF;
  RETURN jsonb_build_object('blocked', blocked, 'existing', (
    SELECT coalesce(jsonb_agg(x || jsonb_build_object('status', j.status)), '[]')
    FROM jsonb_array_elements(found -> 'existing') x JOIN cloud_jobs j ON j.job_id = x ->> 'job_id'));
EXCEPTION WHEN deadlock_detected OR unique_violation THEN
  RAISE EXCEPTION 'another creation of the same jobs was in the way; send it again'
    USING ERRCODE = 'CJ003';
END
$$;
