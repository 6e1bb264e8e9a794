-- Called to remove a job and all its rows, unless it is locked, or is no success and others depend on
-- it. Answers {moved, job, reason}, reason = status | needed | null; null = no such job.
-- Locks: the job, before it looks for dependents: whoever is adding one holds a share of it. Then its
-- dependencies, see cloud_job_undepend.
CREATE OR REPLACE FUNCTION delete_job(schema_version integer, job_id text) RETURNS jsonb
LANGUAGE plpgsql
SET search_path = pg_catalog, public, pg_temp
AS $$
#variable_conflict use_column
DECLARE
  job    cloud_jobs;
  reason text;
BEGIN
  IF schema_version IS DISTINCT FROM cloud_job_schema_version() THEN
    PERFORM cloud_job_refuse_schema(schema_version);
  END IF;
  SELECT * INTO job FROM cloud_jobs j WHERE j.job_id = delete_job.job_id FOR UPDATE;
  IF NOT FOUND THEN
    RETURN NULL;
  END IF;
  IF job.status = 'locked' THEN
    reason := 'status';
  ELSIF job.status <> 'success' AND EXISTS (
    SELECT 1 FROM cloud_job_dependencies d WHERE d.depends_on = job.job_id) THEN
    reason := 'needed';
  ELSE
    PERFORM cloud_job_undepend(ARRAY[job.job_id]);
    DELETE FROM cloud_jobs j WHERE j.job_id = job.job_id;
  END IF;
  RETURN jsonb_build_object('moved', reason IS NULL, 'job', to_jsonb(job), 'reason', reason);
END
$$;
