-- Called while code runs: how far it has come, `{percent, message}`.
-- Answers {held, lock_expires_at, cancel_requested}; held false = nothing was changed.
CREATE OR REPLACE FUNCTION save_progress(
  schema_version integer,
  job_id         text,
  execution_id   text,
  lock_epoch     bigint,
  progress       jsonb
) RETURNS jsonb
LANGUAGE plpgsql
SET search_path = pg_catalog, public, pg_temp
AS $$
#variable_conflict use_column
DECLARE
  hold record;
BEGIN
  IF schema_version IS DISTINCT FROM cloud_job_schema_version() THEN
    PERFORM cloud_job_refuse_schema(schema_version);
  END IF;
  SELECT * INTO hold FROM cloud_job_hold(
    save_progress.job_id, save_progress.execution_id, save_progress.lock_epoch, 0, 1,
    save_progress.progress);
  IF NOT FOUND THEN
    RETURN jsonb_build_object('held', false);
  END IF;
  INSERT INTO cloud_job_events (job_id, event_id, execution_id, at, kind, data)
  VALUES (save_progress.job_id, hold.last_event_id, save_progress.execution_id,
    cloud_job_clock(), 'progress', save_progress.progress);
  RETURN jsonb_build_object('held', true, 'lock_expires_at', hold.lock_expires_at,
    'cancel_requested', hold.cancel_requested);
END
$$;
