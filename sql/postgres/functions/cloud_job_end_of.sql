-- For executions that others than these functions write: when one of this status ended, if they do not
-- say it; refuses a status that nobody could read (check_violation).
CREATE OR REPLACE FUNCTION cloud_job_end_of(status text, finished_at timestamptz)
RETURNS timestamptz
LANGUAGE plpgsql
SET search_path = pg_catalog, public, pg_temp
AS $$
BEGIN
  IF status NOT IN ('running', 'success', 'failed', 'timeout', 'cancelled', 'lost', 'yielded') THEN
    RAISE EXCEPTION 'an execution cannot be "%"', status
      USING ERRCODE = 'check_violation', TABLE = 'cloud_job_executions', COLUMN = 'status';
  END IF;
  RETURN CASE WHEN status <> 'running' THEN coalesce(finished_at, cloud_job_clock()) END;
END
$$;
