-- Deletes what these jobs depend on and what depends on them, for delete_job and prune_jobs:
-- cloud_job_forget would do so, but in an order in which two callers may wait for each other.
-- Locks: the dependencies, in order of (job_id, depends_on).
CREATE OR REPLACE FUNCTION cloud_job_undepend(job_ids text[]) RETURNS void
LANGUAGE plpgsql
SET search_path = pg_catalog, public, pg_temp
AS $$
BEGIN
  PERFORM 1 FROM cloud_job_dependencies d
  WHERE d.job_id = ANY (job_ids) OR d.depends_on = ANY (job_ids)
  ORDER BY d.job_id, d.depends_on FOR UPDATE;
  DELETE FROM cloud_job_dependencies d
  WHERE d.job_id = ANY (job_ids) OR d.depends_on = ANY (job_ids);
END
$$;
