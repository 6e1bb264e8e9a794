-- Keeps log lines of an execution as the events from number first_event_id on; for heartbeats and
-- records, which hold the job's row and have taken those numbers.
CREATE OR REPLACE FUNCTION cloud_job_append_logs(
  job_id text, execution_id text, first_event_id integer, logs jsonb
) RETURNS void
LANGUAGE sql
SET search_path = pg_catalog, public, pg_temp
AS $$
  INSERT INTO cloud_job_events (job_id, event_id, execution_id, at, kind, data)
  SELECT $1, first_event_id + line.place - 1, $2, cloud_job_clock(), 'log', line.data
  FROM jsonb_array_elements(logs) WITH ORDINALITY line (data, place)
$$;
