-- Called when executions have come to an outcome: ends them, moves their jobs, unblocks dependents of
-- successes, and picks the next jobs when execution_ids are given (the arguments of claim_jobs).
-- Answers {job_statuses: [where each job went; null = the lock is lost, nothing changed], claim, alerts}.
-- A record may tell how long its code went on without finishing a step: cloud_job_learn keeps that; and
-- ask whether someone is to be told: cloud_job_note answers that.
-- Locks: the recorded jobs in the order given, which callers make that of job_id, then their blocked
-- dependents in order of job_id, streaks and types only if they are free, then what is picked. A pick
-- may hold, until the end, rows that others were picking at the same moment: so it comes last, and
-- nothing is waited for after it.
CREATE OR REPLACE FUNCTION record_executions(
  schema_version integer,
  records        jsonb,
  instance_id    text DEFAULT NULL,
  job_types      text[] DEFAULT NULL,
  execution_ids  text[] DEFAULT NULL,
  lock_seconds   double precision DEFAULT NULL,
  "trigger"      text DEFAULT NULL,
  priority_min   integer DEFAULT -32768,
  priority_max   integer DEFAULT 32767,
  fits_seconds   double precision DEFAULT NULL,
  fits_share     double precision DEFAULT NULL
) RETURNS json
LANGUAGE plpgsql
SET search_path = pg_catalog, public, pg_temp
SET enable_seqscan = off
SET enable_bitmapscan = off
SET enable_hashjoin = off
SET enable_mergejoin = off
SET plan_cache_mode = force_generic_plan
SET jit = off
AS $$
#variable_conflict use_column
DECLARE
  at    CONSTANT timestamptz := cloud_job_clock();
  moved record;
  told  json;
  claim json;
  noted jsonb := '[]';
BEGIN
  IF schema_version IS DISTINCT FROM cloud_job_schema_version() THEN
    PERFORM cloud_job_refuse_schema(schema_version);
  END IF;

  WITH freed AS (
    UPDATE cloud_jobs j SET
      status = CASE WHEN g.job_status = 'waiting' AND j.cancel_requested_at IS NOT NULL
        THEN 'cancelled' ELSE g.job_status END,
      run_at = CASE WHEN g.job_status = 'waiting' AND j.cancel_requested_at IS NULL
        THEN at + make_interval(secs => g.delay_seconds) ELSE j.run_at END,
      current_retries = CASE WHEN g.retry_used
        THEN least(j.current_retries + 1, j.max_retries) ELSE j.current_retries END,
      finished_at = CASE WHEN g.job_status = 'waiting' AND j.cancel_requested_at IS NULL
        THEN NULL ELSE at END,
      updated_at = at, last_event_id = j.last_event_id + jsonb_array_length(g.logs) + 1,
      locked_at = NULL, locked_by = NULL, lock_expires_at = NULL
    FROM jsonb_to_recordset(records) AS g (
      job_id text, execution_id text, lock_epoch bigint, status text, job_status text,
      delay_seconds double precision, retry_used boolean, stretch_seconds double precision,
      result jsonb, error jsonb, logs jsonb, alert jsonb)
    -- Not by status: the partial index on locks would be walked then, with all its dead entries.
    WHERE j.job_id = g.job_id AND j.lock_epoch = g.lock_epoch AND j.lock_expires_at > at
      AND EXISTS (SELECT 1 FROM cloud_job_executions e
        WHERE e.execution_id = g.execution_id AND e.job_id = g.job_id
          AND e.lock_epoch = g.lock_epoch)
    RETURNING j.job_id, j.status AS job_status, j.last_event_id, g.execution_id, g.status,
      g.result, g.error, g.logs <> '[]' AS logged, j.job_type, j.schedule_id, g.stretch_seconds,
      g.alert
  ), ended AS (
    UPDATE cloud_job_executions e SET
      status = f.status, job_status = f.job_status, finished_at = at,
      ended_event_id = f.last_event_id, duration_seconds = extract(epoch FROM at - e.started_at),
      result = nullif(f.result, 'null'), error = nullif(f.error, 'null'),
      error_message = f.error ->> 'message'
    FROM freed f WHERE e.execution_id = f.execution_id
  )
  SELECT array_agg(f.job_id) AS job_ids, array_agg(f.job_status) AS job_statuses,
    array_agg(f.job_id) FILTER (WHERE f.job_status = 'success') AS successes,
    bool_or(f.logged) AS logged,
    array_agg(f.execution_id) FILTER (WHERE f.stretch_seconds IS NOT NULL) AS learned,
    array_agg(f.job_type) FILTER (WHERE f.stretch_seconds IS NOT NULL) AS learned_types,
    array_agg(f.stretch_seconds) FILTER (WHERE f.stretch_seconds IS NOT NULL) AS stretches,
    jsonb_agg(jsonb_build_object('execution_id', f.execution_id, 'status', f.status,
      'job_type', f.job_type, 'schedule_id', f.schedule_id, 'alert', f.alert))
      FILTER (WHERE f.alert IS NOT NULL) AS watched
  INTO moved FROM freed f;

  IF moved.logged THEN
    PERFORM cloud_job_append_logs(
      e.job_id, e.execution_id, e.ended_event_id - jsonb_array_length(g.logs), g.logs)
    FROM jsonb_to_recordset(records) AS g (execution_id text, logs jsonb)
    JOIN cloud_job_executions e
      ON e.execution_id = g.execution_id AND e.job_id = ANY (moved.job_ids);
  END IF;
  -- Asked only now: the update may have waited for a creation that made a job depend on this one.
  IF EXISTS (
    SELECT 1 FROM cloud_job_dependencies d WHERE d.depends_on = ANY (moved.successes)
  ) THEN
    PERFORM cloud_job_unblock(moved.successes);
  END IF;
  -- Before this is learned: it is compared with what came before it.
  IF moved.watched IS NOT NULL THEN
    noted := cloud_job_note(moved.watched);
  END IF;
  IF moved.learned_types IS NOT NULL THEN
    PERFORM cloud_job_learn(moved.learned_types, moved.stretches, moved.learned);
  END IF;
  told := CASE WHEN jsonb_array_length(records) = 1 AND cardinality(moved.job_ids) = 1
    THEN array_to_json(moved.job_statuses) ELSE cloud_job_told(records) END;
  IF execution_ids IS NOT NULL THEN
    claim := cloud_job_claim(
      instance_id, job_types, execution_ids, lock_seconds, "trigger", priority_min, priority_max,
      fits_seconds, fits_share);
  END IF;
  RETURN json_build_object('job_statuses', told, 'claim', claim, 'alerts', noted);
END
$$;
