-- Trigger: what belongs to deleted jobs goes with them, however they were deleted. A job that others
-- depend on is not deleted (foreign_key_violation), unless it is `success` or they go with it: they
-- would wait for it for ever.
CREATE OR REPLACE FUNCTION cloud_job_forget() RETURNS trigger
LANGUAGE plpgsql
SET search_path = pg_catalog, public, pg_temp
AS $$
DECLARE
  needed record;
BEGIN
  SELECT g.job_id, j.job_id AS dependent INTO needed
  FROM gone g
  JOIN cloud_job_dependencies d ON d.depends_on = g.job_id
  JOIN cloud_jobs j ON j.job_id = d.job_id
  WHERE g.status <> 'success' LIMIT 1;
  IF FOUND THEN
    RAISE EXCEPTION 'job % cannot be deleted: job % depends on it', needed.job_id, needed.dependent
      USING ERRCODE = 'foreign_key_violation', TABLE = 'cloud_job_dependencies';
  END IF;
  DELETE FROM cloud_job_dependencies d USING gone WHERE d.job_id = gone.job_id;
  DELETE FROM cloud_job_dependencies d USING gone WHERE d.depends_on = gone.job_id;
  DELETE FROM cloud_job_executions e USING gone WHERE e.job_id = gone.job_id;
  DELETE FROM cloud_job_steps s USING gone WHERE s.job_id = gone.job_id;
  DELETE FROM cloud_job_events v USING gone WHERE v.job_id = gone.job_id;
  RETURN NULL;
END
$$;
