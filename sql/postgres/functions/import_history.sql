-- Called by `import`: what ran in another system becomes finished jobs of schedules, each with its one
-- execution, its log lines and its row of the ledger. The job is as its schedule has it now. Left out:
-- a job that is there already, one whose schedule is not. Where the ledger has another row at that very
-- moment, it stays. Answers {added}.
-- Locks: the new jobs in the order given, then their schedules.
CREATE OR REPLACE FUNCTION import_history(schema_version integer, executions jsonb) RETURNS jsonb
LANGUAGE plpgsql
SET search_path = pg_catalog, public, pg_temp
AS $$
#variable_conflict use_column
DECLARE
  added text[];
BEGIN
  IF schema_version IS DISTINCT FROM cloud_job_schema_version() THEN
    PERFORM cloud_job_refuse_schema(schema_version);
  END IF;
  WITH given AS (
    SELECT DISTINCT ON (g.job_id) * FROM ROWS FROM (jsonb_to_recordset(executions) AS (
      job_id text, schedule_id text, status text, job_status text, created_at timestamptz,
      started_at timestamptz, finished_at timestamptz, duration_seconds double precision,
      result jsonb, error jsonb, logs jsonb, metadata jsonb))
      WITH ORDINALITY AS g (
        job_id, schedule_id, status, job_status, created_at, started_at, finished_at,
        duration_seconds, result, error, logs, metadata, place)
    ORDER BY g.job_id, g.place
  ), made AS (
    INSERT INTO cloud_jobs (
      job_id, name, job_type, config, description, status, priority, run_at, max_retries,
      retry_delay_seconds, retry_backoff, timeout_seconds, lock_epoch, schedule_id, metadata,
      created_at, updated_at, last_execution, finished_at, last_event_id)
    SELECT g.job_id, s.name, s.job_type, s.config, s.description, g.job_status, s.priority,
      g.started_at, s.max_retries, s.retry_delay_seconds, s.retry_backoff, s.timeout_seconds, 1,
      s.schedule_id, g.metadata, g.created_at, g.finished_at, g.started_at, g.finished_at,
      3 + jsonb_array_length(g.logs)
    FROM given g JOIN cloud_job_schedules s ON s.schedule_id = g.schedule_id
    ORDER BY g.place
    ON CONFLICT (job_id) DO NOTHING
    RETURNING job_id
  ), ended AS (
    INSERT INTO cloud_job_executions (
      execution_id, job_id, lock_epoch, status, started_at, finished_at, duration_seconds, result,
      error_message, error, instance_id, "trigger", opened_event_id, ended_event_id, job_status)
    SELECT g.job_id, g.job_id, 1, g.status, g.started_at, g.finished_at,
      g.duration_seconds, g.result, g.error ->> 'message', g.error, 'imported', 'imported', 2,
      3 + jsonb_array_length(g.logs), g.job_status
    FROM made m JOIN given g ON g.job_id = m.job_id
    ORDER BY g.place
  ), fired AS (
    INSERT INTO cloud_job_slots (schedule_id, slot_at, status, reason, job_id, decided_at)
    SELECT g.schedule_id, g.started_at, 'fired', 'imported', g.job_id, g.started_at
    FROM made m JOIN given g ON g.job_id = m.job_id
    ORDER BY g.place
    ON CONFLICT (schedule_id, slot_at) DO NOTHING
  ), logged AS (
    INSERT INTO cloud_job_events (job_id, event_id, execution_id, at, kind, data)
    SELECT g.job_id, 2 + line.place, g.job_id, g.finished_at, 'log', line.data
    FROM made m JOIN given g ON g.job_id = m.job_id
    CROSS JOIN jsonb_array_elements(g.logs) WITH ORDINALITY line (data, place)
  )
  SELECT array_agg(m.job_id) INTO added FROM made m;

  UPDATE cloud_job_schedules s SET last_execution = last.started_at
  FROM (
    SELECT j.schedule_id, max(j.last_execution) AS started_at
    FROM cloud_jobs j WHERE j.job_id = ANY (added) GROUP BY 1
  ) last
  WHERE s.schedule_id = last.schedule_id
    AND (s.last_execution IS NULL OR s.last_execution < last.started_at);
  RETURN jsonb_build_object('added', coalesce(cardinality(added), 0));
END
$$;
