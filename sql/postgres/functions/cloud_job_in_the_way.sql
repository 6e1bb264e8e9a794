-- The unfinished job that stands in the way of another one of a schedule, for cloud_job_decide and
-- trigger_schedule, and the reason: with `idle` any of the schedule, the oldest first; then the one that
-- has its unique_key. `own` is the job that is about to be made: it does not stand in its own way.
CREATE OR REPLACE FUNCTION cloud_job_in_the_way(
  schedule_id text, unique_key text, own text, idle boolean
) RETURNS TABLE (job_id text, status text, reason text)
LANGUAGE plpgsql STABLE
SET search_path = pg_catalog, public, pg_temp
AS $$
#variable_conflict use_column
BEGIN
  RETURN QUERY
  (SELECT j.job_id, j.status, 'still_running' AS reason FROM cloud_jobs j
   WHERE idle AND j.schedule_id = cloud_job_in_the_way.schedule_id AND j.job_id <> own
     AND j.status IN ('waiting', 'blocked', 'locked')
   ORDER BY j.seq LIMIT 1)
  UNION ALL
  (SELECT j.job_id, j.status, 'unique_key' FROM cloud_jobs j
   WHERE j.unique_key = cloud_job_in_the_way.unique_key AND j.job_id <> own
     AND j.status IN ('waiting', 'blocked', 'locked', 'disabled'))
  ORDER BY reason LIMIT 1;
END
$$;
