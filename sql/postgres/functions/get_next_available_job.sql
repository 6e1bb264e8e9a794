-- For callers of the earlier Supabase set-up: one pick of the job types it had, as it answered it.
-- The execution that the pick opens becomes the caller's own once the caller inserts one
-- (cloud_job_adopt_execution); what it writes to the job by itself is put in order by
-- cloud_job_direct_update.
CREATE OR REPLACE FUNCTION get_next_available_job(
  instance_id_param text, lock_duration_minutes integer DEFAULT 30
) RETURNS TABLE (
  job_id text, name text, job_type text, config jsonb, description text,
  current_retries integer, max_retries integer
)
LANGUAGE plpgsql
SET search_path = pg_catalog, public, pg_temp
AS $$
BEGIN
  RETURN QUERY
  SELECT j.job_id, j.name, j.job_type, j.config, j.description, j.current_retries, j.max_retries
  FROM json_array_elements(cloud_job_claim(
    instance_id_param, ARRAY['paper_fetch', 'maintenance', 'custom'],
    ARRAY[gen_random_uuid()::text], lock_duration_minutes * 60.0, 'get_next_available_job',
    -32768, 32767) -> 'picks') pick
  CROSS JOIN LATERAL json_populate_record(NULL::cloud_jobs, pick -> 'job') j;
END
$$;
