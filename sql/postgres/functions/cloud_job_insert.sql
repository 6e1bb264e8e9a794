-- Inserts jobs as `waiting`, in the order given, for create_jobs. Raises unique_violation when one is
-- there already.
CREATE OR REPLACE FUNCTION cloud_job_insert(jobs jsonb) RETURNS void
LANGUAGE sql
SET search_path = pg_catalog, public, pg_temp
AS $$
  INSERT INTO cloud_jobs (
    job_id, name, job_type, config, description, priority, run_at, max_retries,
    retry_delay_seconds, retry_backoff, timeout_seconds, unique_key, actor, source_ip, metadata,
    created_at, updated_at, last_event_id)
  -- The recordset makes NULL of a JSON null.
  SELECT g.job_id, g.name, g.job_type, coalesce(g.config, 'null'), g.description,
    coalesce(g.priority, 0), coalesce(g.run_at, cloud_job_clock()), coalesce(g.max_retries, 3),
    coalesce(g.retry_delay_seconds, 30), coalesce(g.retry_backoff, 'exponential'),
    g.timeout_seconds, g.unique_key, g.actor, g.source_ip, coalesce(g.metadata, 'null'),
    cloud_job_clock(), cloud_job_clock(), 1
  FROM jsonb_to_recordset(jobs) AS g (
    job_id text, name text, job_type text, config jsonb, description text, priority smallint,
    run_at timestamptz, max_retries integer, retry_delay_seconds double precision,
    retry_backoff text, timeout_seconds double precision, unique_key text, actor text,
    source_ip text, metadata jsonb)
$$;
