-- Tells in a job's history that it is now `status`, as event `event_id`; for changes made by hand,
-- which no execution tells of.
CREATE OR REPLACE FUNCTION cloud_job_append_status(
  job_id text, event_id integer, status text, more jsonb
) RETURNS void
LANGUAGE sql
SET search_path = pg_catalog, public, pg_temp
AS $$
  INSERT INTO cloud_job_events (job_id, event_id, at, kind, data)
  VALUES (cloud_job_append_status.job_id, cloud_job_append_status.event_id, cloud_job_clock(),
    'status', jsonb_build_object('status', cloud_job_append_status.status) || more)
$$;
