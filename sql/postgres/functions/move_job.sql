-- Called to steer a job: from one of from_statuses to to_status; which moves there are stands in the
-- runner (core/job.ts). A `locked` job is only asked to stop, a retry gives all retries back, and
-- `waiting` turns to `blocked` while a dependency is no success.
-- Answers {moved, job, reason}, reason = status | unique_key_taken | null; null = no such job.
-- Raises CJ003 when others were in the way: nothing was changed, send it again.
-- Locks: the jobs it depends on, see cloud_job_share, then the job; then a retry waits for whoever is
-- making a job with its unique_key.
CREATE OR REPLACE FUNCTION move_job(
  schema_version integer,
  job_id         text,
  move           text,
  from_statuses  text[],
  to_status      text
) RETURNS jsonb
LANGUAGE plpgsql
SET search_path = pg_catalog, public, pg_temp
AS $$
#variable_conflict use_column
DECLARE
  at      CONSTANT timestamptz := cloud_job_clock();
  retried CONSTANT boolean := move = 'retry';
  job     cloud_jobs;
  goal    text := to_status;
  needed  text[];
BEGIN
  IF schema_version IS DISTINCT FROM cloud_job_schema_version() THEN
    PERFORM cloud_job_refuse_schema(schema_version);
  END IF;
  needed := ARRAY(
    SELECT d.depends_on FROM cloud_job_dependencies d WHERE d.job_id = move_job.job_id);
  IF needed <> '{}' THEN
    PERFORM cloud_job_share(needed);
  END IF;
  SELECT * INTO job FROM cloud_jobs j WHERE j.job_id = move_job.job_id FOR NO KEY UPDATE;
  IF NOT FOUND THEN
    RETURN NULL;
  END IF;
  IF job.status <> ALL (from_statuses) THEN
    RETURN jsonb_build_object('moved', false, 'job', to_jsonb(job), 'reason', 'status');
  END IF;
  IF job.status = 'locked' THEN
    UPDATE cloud_jobs j SET
      cancel_requested_at = coalesce(j.cancel_requested_at, at), updated_at = at,
      last_event_id = j.last_event_id + 1
    WHERE j.job_id = move_job.job_id RETURNING * INTO job;
    INSERT INTO cloud_job_events (job_id, event_id, at, kind, data)
    VALUES (job.job_id, job.last_event_id, at, 'log',
      '{"level": "info", "message": "cancel requested"}');
    RETURN jsonb_build_object('moved', true, 'job', to_jsonb(job), 'reason', NULL);
  END IF;
  IF goal = 'waiting' AND cloud_job_is_blocked(job.job_id) THEN
    goal := 'blocked';
  END IF;
  BEGIN
    UPDATE cloud_jobs j SET
      status = goal, updated_at = at, last_event_id = j.last_event_id + 1,
      finished_at = CASE WHEN goal = 'cancelled' THEN at END,
      run_at = CASE WHEN retried THEN at ELSE j.run_at END,
      current_retries = CASE WHEN retried THEN 0 ELSE j.current_retries END,
      progress = CASE WHEN retried THEN NULL ELSE j.progress END,
      cancel_requested_at = CASE WHEN retried THEN NULL ELSE j.cancel_requested_at END
    WHERE j.job_id = move_job.job_id RETURNING * INTO job;
  EXCEPTION WHEN unique_violation THEN
    RETURN jsonb_build_object('moved', false, 'job', to_jsonb(job), 'reason', 'unique_key_taken');
  END;
  PERFORM cloud_job_append_status(
    job.job_id, job.last_event_id, goal, jsonb_build_object('move', move));
  RETURN jsonb_build_object('moved', true, 'job', to_jsonb(job), 'reason', NULL);
EXCEPTION WHEN deadlock_detected THEN
  RAISE EXCEPTION 'a job with the same unique_key was being made; send it again'
    USING ERRCODE = 'CJ003';
END
$$;
