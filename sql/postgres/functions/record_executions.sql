-- Called when executions have come to an outcome: ends them, moves their jobs, unblocks dependents of
-- successes, and picks the next jobs when execution_ids are given (the arguments of claim_jobs).
-- Answers {job_statuses: [where each job went; null = the lock is lost, nothing changed], claim}.
-- Locks: the recorded jobs in the order given, which callers make that of job_id, then their blocked
-- dependents in order of job_id, then what is picked. A pick may hold, until the end, rows that
-- others were picking at the same moment: so it comes last, and nothing is waited for after it.
CREATE OR REPLACE FUNCTION record_executions(
  schema_version integer,
  records        jsonb,
  instance_id    text DEFAULT NULL,
  job_types      text[] DEFAULT NULL,
  execution_ids  text[] DEFAULT NULL,
  lock_seconds   double precision DEFAULT NULL,
  "trigger"      text DEFAULT NULL,
  priority_min   integer DEFAULT -32768,
  priority_max   integer DEFAULT 32767
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
  at           CONSTANT timestamptz := cloud_job_clock();
  given        jsonb;
  of_job       text;
  of_execution text;
  of_epoch     bigint;
  ended_as     text;
  goal         text;
  lines        integer;
  freed        record;
  job_statuses text[] := '{}';
  needed       text[] := '{}';
  claim        json;
BEGIN
  IF schema_version IS DISTINCT FROM cloud_job_schema_version() THEN
    PERFORM cloud_job_refuse_schema(schema_version);
  END IF;

  FOR place IN 0 .. jsonb_array_length(records) - 1 LOOP
    given := records -> place;
    of_job := given ->> 'job_id';
    of_execution := given ->> 'execution_id';
    of_epoch := given ->> 'lock_epoch';
    ended_as := given ->> 'status';
    goal := given ->> 'job_status';
    lines := jsonb_array_length(given -> 'logs');
    UPDATE cloud_jobs j SET
      status = CASE WHEN goal = 'waiting' AND j.cancel_requested_at IS NOT NULL
        THEN 'cancelled' ELSE goal END,
      run_at = CASE WHEN goal = 'waiting' AND j.cancel_requested_at IS NULL
        THEN at + make_interval(secs => (given ->> 'delay_seconds')::double precision)
        ELSE j.run_at END,
      current_retries = CASE WHEN (given ->> 'retry_used')::boolean
        THEN least(j.current_retries + 1, j.max_retries) ELSE j.current_retries END,
      finished_at = CASE WHEN goal = 'waiting' AND j.cancel_requested_at IS NULL
        THEN NULL ELSE at END,
      updated_at = at, last_event_id = j.last_event_id + lines + 1,
      locked_at = NULL, locked_by = NULL, lock_expires_at = NULL
    -- Not by status: the partial index on locks would be walked then, with all its dead entries.
    WHERE j.job_id = of_job AND j.lock_epoch = of_epoch AND j.lock_expires_at > at
      AND EXISTS (SELECT 1 FROM cloud_job_executions e
        WHERE e.execution_id = of_execution AND e.job_id = of_job AND e.lock_epoch = of_epoch)
    RETURNING j.status, j.last_event_id, EXISTS (
      SELECT 1 FROM cloud_job_dependencies d WHERE d.depends_on = of_job) AS needed
    INTO freed;
    IF NOT FOUND THEN
      -- An answer may have been lost on its way: the same outcome, already there, counts as written.
      job_statuses := job_statuses || (
        SELECT e.job_status FROM cloud_job_executions e
        WHERE e.execution_id = of_execution AND e.job_id = of_job AND e.lock_epoch = of_epoch
          AND e.status = ended_as);
      CONTINUE;
    END IF;
    UPDATE cloud_job_executions e SET
      status = ended_as, job_status = freed.status, finished_at = at,
      ended_event_id = freed.last_event_id, duration_seconds = extract(epoch FROM at - e.started_at),
      result = nullif(given -> 'result', 'null'), error = nullif(given -> 'error', 'null'),
      error_message = given -> 'error' ->> 'message'
    WHERE e.execution_id = of_execution;
    IF lines > 0 THEN
      PERFORM cloud_job_append_logs(
        of_job, of_execution, freed.last_event_id - lines, given -> 'logs');
    END IF;
    IF freed.needed AND freed.status = 'success' THEN
      needed := needed || of_job;
    END IF;
    job_statuses := job_statuses || freed.status;
  END LOOP;

  IF needed <> '{}' THEN
    PERFORM cloud_job_unblock(needed);
  END IF;
  IF execution_ids IS NOT NULL THEN
    claim := cloud_job_claim(
      instance_id, job_types, execution_ids, lock_seconds, "trigger", priority_min, priority_max);
  END IF;
  RETURN json_build_object('job_statuses', job_statuses, 'claim', claim);
END
$$;
