-- Called while code runs: creates or overwrites the step of that name; one that is `success` stays.
-- Answers {held, lock_expires_at, cancel_requested}; held false = nothing was changed.
CREATE OR REPLACE FUNCTION save_step(
  schema_version integer,
  job_id         text,
  execution_id   text,
  lock_epoch     bigint,
  name           text,
  step_order     integer,
  status         text,
  detail         text DEFAULT NULL,
  output         jsonb DEFAULT NULL
) RETURNS jsonb
LANGUAGE plpgsql
SET search_path = pg_catalog, public, pg_temp
AS $$
#variable_conflict use_column
DECLARE
  at      CONSTANT timestamptz := cloud_job_clock();
  hold    record;
  changed boolean;
BEGIN
  IF schema_version IS DISTINCT FROM cloud_job_schema_version() THEN
    PERFORM cloud_job_refuse_schema(schema_version);
  END IF;
  SELECT * INTO hold FROM cloud_job_hold(
    save_step.job_id, save_step.execution_id, save_step.lock_epoch, 0, 1);
  IF NOT FOUND THEN
    RETURN jsonb_build_object('held', false);
  END IF;
  INSERT INTO cloud_job_steps AS step
    (job_id, name, step_order, status, started_at, finished_at, detail, output, lock_epoch)
  VALUES (save_step.job_id, save_step.name, save_step.step_order, save_step.status, at,
    CASE WHEN save_step.status <> 'running' THEN at END, save_step.detail, save_step.output,
    save_step.lock_epoch)
  ON CONFLICT (job_id, name) DO UPDATE SET
    step_order = excluded.step_order, status = excluded.status,
    started_at = CASE WHEN excluded.status = 'running' THEN at ELSE step.started_at END,
    finished_at = excluded.finished_at, detail = excluded.detail, output = excluded.output,
    lock_epoch = excluded.lock_epoch
  WHERE step.status <> 'success'
  RETURNING true INTO changed;
  IF changed THEN
    INSERT INTO cloud_job_events (job_id, event_id, execution_id, at, kind, data)
    VALUES (save_step.job_id, hold.last_event_id, save_step.execution_id, at, 'step',
      jsonb_build_object('name', save_step.name, 'step_order', save_step.step_order,
        'status', save_step.status, 'detail', save_step.detail));
  END IF;
  RETURN jsonb_build_object('held', true, 'lock_expires_at', hold.lock_expires_at,
    'cancel_requested', hold.cancel_requested);
END
$$;
