-- Called while code runs: the lock now ends no earlier than lock_seconds from now; keeps log lines.
-- Answers {held, lock_expires_at, cancel_requested}; held false = nothing was changed.
CREATE OR REPLACE FUNCTION heartbeat_job(
  schema_version integer,
  job_id         text,
  execution_id   text,
  lock_epoch     bigint,
  lock_seconds   double precision,
  logs           jsonb DEFAULT '[]'
) RETURNS jsonb
LANGUAGE plpgsql
SET search_path = pg_catalog, public, pg_temp
AS $$
#variable_conflict use_variable
DECLARE
  lines CONSTANT integer := jsonb_array_length(logs);
  hold  record;
BEGIN
  IF schema_version IS DISTINCT FROM cloud_job_schema_version() THEN
    PERFORM cloud_job_refuse_schema(schema_version);
  END IF;
  SELECT * INTO hold FROM cloud_job_hold(job_id, execution_id, lock_epoch, lock_seconds, lines);
  IF NOT FOUND THEN
    RETURN jsonb_build_object('held', false);
  END IF;
  IF lines > 0 THEN
    PERFORM cloud_job_append_logs(job_id, execution_id, hold.last_event_id - lines + 1, logs);
  END IF;
  RETURN jsonb_build_object('held', true, 'lock_expires_at', hold.lock_expires_at,
    'cancel_requested', hold.cancel_requested);
END
$$;
