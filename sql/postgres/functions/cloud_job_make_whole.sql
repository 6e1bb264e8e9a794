-- For rows of cloud_jobs that others than these functions write: refuses values that nobody could read
-- (check_violation), and sets the columns that belong to the status: the lock, the end.
CREATE OR REPLACE FUNCTION cloud_job_make_whole(job cloud_jobs) RETURNS cloud_jobs
LANGUAGE plpgsql
SET search_path = pg_catalog, public, pg_temp
AS $$
DECLARE
  at    CONSTANT timestamptz := cloud_job_clock();
  wrong CONSTANT text := CASE
    WHEN job.status NOT IN
      ('waiting', 'blocked', 'locked', 'success', 'failed', 'cancelled', 'disabled') THEN 'status'
    WHEN job.max_retries < 0 THEN 'max_retries'
    WHEN job.current_retries < 0 THEN 'current_retries'
    WHEN job.retry_delay_seconds < 0 THEN 'retry_delay_seconds'
    WHEN job.retry_backoff NOT IN ('exponential', 'fixed') THEN 'retry_backoff'
    WHEN job.timeout_seconds <= 0 THEN 'timeout_seconds' END;
BEGIN
  IF wrong IS NOT NULL THEN
    RAISE EXCEPTION 'job %: % cannot be %', job.job_id, wrong, to_jsonb(job) -> wrong
      USING ERRCODE = 'check_violation', TABLE = 'cloud_jobs', COLUMN = wrong;
  END IF;
  job.finished_at := CASE
    WHEN job.status IN ('success', 'failed', 'cancelled') THEN coalesce(job.finished_at, at) END;
  IF job.status = 'locked' THEN
    job.locked_at := coalesce(job.locked_at, at);
    job.locked_by := coalesce(job.locked_by, 'unknown');
    job.lock_expires_at := coalesce(job.lock_expires_at, at + interval '30 minutes');
  ELSE
    job.locked_at := NULL;
    job.locked_by := NULL;
    job.lock_expires_at := NULL;
  END IF;
  RETURN job;
END
$$;
