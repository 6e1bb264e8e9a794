-- Makes jobs of schedules, one for each place of the arrays, in that order, for cloud_job_decide and
-- trigger_schedule. Answers how many: not one whose job_id is there, nor one whose schedule has a
-- unique_key that an unfinished job has.
-- Locks: waits for whoever is creating such a job at this moment.
CREATE OR REPLACE FUNCTION cloud_job_make(
  schedule_ids text[], job_ids text[], run_at timestamptz[], actor text, source_ip text DEFAULT NULL
) RETURNS integer
LANGUAGE plpgsql
SET search_path = pg_catalog, public, pg_temp
AS $$
#variable_conflict use_column
DECLARE
  made integer;
BEGIN
  INSERT INTO cloud_jobs (
    job_id, name, job_type, config, description, priority, run_at, max_retries,
    retry_delay_seconds, retry_backoff, timeout_seconds, unique_key, schedule_id, actor, source_ip,
    created_at, updated_at, last_event_id)
  SELECT g.job_id, c.name, c.job_type, c.config, c.description, c.priority, g.run_at, c.max_retries,
    c.retry_delay_seconds, c.retry_backoff, c.timeout_seconds, c.unique_key, c.schedule_id,
    cloud_job_make.actor, cloud_job_make.source_ip, cloud_job_clock(), cloud_job_clock(), 1
  FROM unnest(schedule_ids, job_ids, cloud_job_make.run_at)
    WITH ORDINALITY g (schedule_id, job_id, run_at, place)
  JOIN cloud_job_schedules c ON c.schedule_id = g.schedule_id
  ORDER BY g.place
  ON CONFLICT DO NOTHING;
  GET DIAGNOSTICS made = ROW_COUNT;
  RETURN made;
END
$$;
