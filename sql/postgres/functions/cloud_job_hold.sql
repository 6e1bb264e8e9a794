-- The fence of everything running code writes (heartbeat_job, save_step, save_progress): takes `events`
-- numbers of the job's history, sets its progress if given, and holds the job's row until the
-- transaction ends.
-- Zero rows: the lock has expired, or someone else holds the job.
CREATE OR REPLACE FUNCTION cloud_job_hold(
  job_id text, execution_id text, lock_epoch bigint, lock_seconds double precision, events integer,
  progress jsonb DEFAULT NULL
) RETURNS TABLE (lock_expires_at timestamptz, cancel_requested boolean, last_event_id integer)
LANGUAGE sql VOLATILE
SET search_path = pg_catalog, public, pg_temp
AS $$
  UPDATE cloud_jobs j SET
    lock_expires_at = greatest(
      j.lock_expires_at, cloud_job_clock() + make_interval(secs => cloud_job_hold.lock_seconds)),
    last_event_id = j.last_event_id + cloud_job_hold.events,
    progress = coalesce(cloud_job_hold.progress, j.progress),
    updated_at = CASE WHEN cloud_job_hold.progress IS NULL
      THEN j.updated_at ELSE cloud_job_clock() END
  WHERE j.job_id = cloud_job_hold.job_id AND j.lock_epoch = cloud_job_hold.lock_epoch
    AND j.lock_expires_at > cloud_job_clock()
    AND EXISTS (SELECT 1 FROM cloud_job_executions e
      WHERE e.execution_id = cloud_job_hold.execution_id AND e.job_id = j.job_id
        AND e.lock_epoch = j.lock_epoch)
  RETURNING j.lock_expires_at, j.cancel_requested_at IS NOT NULL, j.last_event_id
$$;
