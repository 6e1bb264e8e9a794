-- Jobs, newest first; null for a filter = any; only those created before the job `before`, none when that
-- is gone. Locked jobs are read by their own index, the others by theirs: see cloud_jobs_newest.
CREATE OR REPLACE FUNCTION list_jobs(
  schema_version integer,
  "limit"        integer,
  status         text DEFAULT NULL,
  job_type       text DEFAULT NULL,
  before         text DEFAULT NULL
) RETURNS jsonb
LANGUAGE plpgsql STABLE
SET search_path = pg_catalog, public, pg_temp
SET plan_cache_mode = force_custom_plan
AS $$
DECLARE
  -- known before the list is planned, so that it is planned as what it is: a range of an index
  place CONSTANT bigint := (SELECT j.seq FROM cloud_jobs j WHERE j.job_id = list_jobs.before);
BEGIN
  IF schema_version IS DISTINCT FROM cloud_job_schema_version() THEN
    PERFORM cloud_job_refuse_schema(schema_version);
  END IF;
  RETURN (
    SELECT coalesce(jsonb_agg(to_jsonb(newest) ORDER BY newest.seq DESC), '[]')
    FROM (
      SELECT * FROM (
        SELECT * FROM cloud_jobs j
        WHERE j.status <> 'locked'
          AND (list_jobs.status IS NULL OR j.status = list_jobs.status)
          -- says nothing new but to the planner: a few successes are found by cloud_jobs_finished
          AND (list_jobs.status IS DISTINCT FROM 'success' OR j.finished_at IS NOT NULL)
          AND (list_jobs.job_type IS NULL OR j.job_type = list_jobs.job_type)
          AND (list_jobs.before IS NULL OR j.seq < place)
        ORDER BY j.seq DESC LIMIT list_jobs."limit") others
      UNION ALL
      SELECT * FROM (
        SELECT * FROM cloud_jobs j
        WHERE j.status = 'locked' AND coalesce(list_jobs.status, 'locked') = 'locked'
          AND (list_jobs.job_type IS NULL OR j.job_type = list_jobs.job_type)
          AND (list_jobs.before IS NULL OR j.seq < place)
        ORDER BY j.seq DESC LIMIT list_jobs."limit") locked
      ORDER BY seq DESC LIMIT list_jobs."limit"
    ) newest);
END
$$;
