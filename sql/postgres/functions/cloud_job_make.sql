-- Makes the job of a schedule, for cloud_job_decide and trigger_schedule. Answers true; null = it was
-- not made, for there is a job of that id, or an unfinished one with the schedule's unique_key.
-- Locks: waits for whoever is creating such a job at this moment.
CREATE OR REPLACE FUNCTION cloud_job_make(
  schedule_id text, job_id text, run_at timestamptz, actor text
) RETURNS boolean
LANGUAGE sql VOLATILE
SET search_path = pg_catalog, public, pg_temp
AS $$
  INSERT INTO cloud_jobs (
    job_id, name, job_type, config, description, priority, run_at, max_retries,
    retry_delay_seconds, retry_backoff, timeout_seconds, unique_key, schedule_id, actor,
    created_at, updated_at, last_event_id)
  SELECT cloud_job_make.job_id, c.name, c.job_type, c.config, c.description, c.priority,
    cloud_job_make.run_at, c.max_retries, c.retry_delay_seconds, c.retry_backoff,
    c.timeout_seconds, c.unique_key, c.schedule_id, cloud_job_make.actor,
    cloud_job_clock(), cloud_job_clock(), 1
  FROM cloud_job_schedules c WHERE c.schedule_id = cloud_job_make.schedule_id
  ON CONFLICT DO NOTHING
  RETURNING true
$$;
