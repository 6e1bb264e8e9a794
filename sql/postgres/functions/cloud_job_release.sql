-- Ends up to `most` executions whose lock has expired as `lost`, for claims and release_expired_jobs.
-- One retry is used: the job goes back to `waiting` at once, to `failed` when none is left, to
-- `cancelled` when that was asked. Oldest expiry first. Locks: the expired jobs, with SKIP LOCKED.
-- An empty answer means that no lock has expired.
CREATE OR REPLACE FUNCTION cloud_job_release(most integer) RETURNS jsonb
LANGUAGE plpgsql
SET search_path = pg_catalog, public, pg_temp
SET plan_cache_mode = force_generic_plan
AS $$
#variable_conflict use_column
DECLARE
  at       CONSTANT timestamptz := cloud_job_clock();
  released jsonb;
BEGIN
  WITH expired AS MATERIALIZED (
    SELECT j.job_id, j.lock_epoch, j.locked_by, row_number() OVER () AS place,
      CASE
        WHEN j.cancel_requested_at IS NOT NULL THEN 'cancelled'
        WHEN j.current_retries < j.max_retries THEN 'waiting'
        ELSE 'failed' END AS job_status
    FROM (
      SELECT * FROM cloud_jobs
      WHERE status = 'locked' AND lock_expires_at <= at
      ORDER BY lock_expires_at LIMIT most
      FOR NO KEY UPDATE SKIP LOCKED
    ) j
  ), freed AS (
    UPDATE cloud_jobs j SET
      status = x.job_status, updated_at = at, last_event_id = j.last_event_id + 1,
      current_retries = j.current_retries + (j.current_retries < j.max_retries)::integer,
      finished_at = CASE WHEN x.job_status <> 'waiting' THEN at END,
      locked_at = NULL, locked_by = NULL, lock_expires_at = NULL
    FROM expired x WHERE j.job_id = x.job_id
    RETURNING j.job_id, j.name, j.lock_epoch, j.last_event_id, x.job_status, x.locked_by, x.place
  ), lost AS (
    UPDATE cloud_job_executions e SET
      status = 'lost', job_status = f.job_status, finished_at = at, ended_event_id = f.last_event_id,
      duration_seconds = extract(epoch FROM at - e.started_at),
      error_message = format('the lock held by %s expired before an outcome was recorded', f.locked_by)
    FROM freed f
    WHERE e.job_id = f.job_id AND e.lock_epoch = f.lock_epoch AND e.status = 'running'
    RETURNING e.job_id, e.execution_id
  )
  SELECT jsonb_agg(jsonb_build_object(
    'job_id', f.job_id, 'name', f.name, 'execution_id', coalesce(l.execution_id, ''),
    'lock_epoch', f.lock_epoch, 'instance_id', f.locked_by, 'job_status', f.job_status
  ) ORDER BY f.place)
  INTO released FROM freed f LEFT JOIN lost l ON l.job_id = f.job_id;
  RETURN coalesce(released, '[]');
END
$$;
