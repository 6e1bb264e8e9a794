-- Called to make a job of a schedule now, beside its planned times, whatever its status but `deleted`.
-- Answers {job_id, status, created}: the job that was made, or that was there by this id, or stood in the
-- way: an unfinished one with the schedule's unique_key, or of the schedule when only_if_idle. All null
-- and false: it is deleted. Null = no such schedule.
-- Raises CJ003 when another creation was in the way: nothing was made, send it again.
-- Locks: the schedule, so that of two callers the later one sees the earlier one's job; then it waits
-- for whoever is creating a job with its unique_key.
CREATE OR REPLACE FUNCTION trigger_schedule(
  schema_version integer,
  schedule_id    text,
  job_id         text,
  actor          text DEFAULT NULL,
  only_if_idle   boolean DEFAULT false,
  source_ip      text DEFAULT NULL
) RETURNS jsonb
LANGUAGE plpgsql
SET search_path = pg_catalog, public, pg_temp
AS $$
#variable_conflict use_column
DECLARE
  own      CONSTANT text := trigger_schedule.job_id;
  schedule cloud_job_schedules;
  job      record;
BEGIN
  IF schema_version IS DISTINCT FROM cloud_job_schema_version() THEN
    PERFORM cloud_job_refuse_schema(schema_version);
  END IF;
  SELECT * INTO schedule FROM cloud_job_schedules c
  WHERE c.schedule_id = trigger_schedule.schedule_id FOR NO KEY UPDATE;
  IF NOT FOUND THEN
    RETURN NULL;
  END IF;
  -- First of all: it may have been made by an earlier sending, whatever has become of it since.
  SELECT j.job_id, j.status INTO job FROM cloud_jobs j WHERE j.job_id = own;
  IF NOT FOUND AND schedule.status = 'deleted' THEN
    RETURN jsonb_build_object('job_id', NULL, 'status', NULL, 'created', false);
  END IF;
  IF job IS NULL THEN
    SELECT w.job_id, w.status INTO job FROM cloud_job_in_the_way(
      schedule.schedule_id, schedule.unique_key, own, only_if_idle) w;
  END IF;
  IF job IS NULL THEN
    IF cloud_job_make(
      ARRAY[schedule.schedule_id], ARRAY[own], ARRAY[cloud_job_clock()], actor, source_ip) > 0
    THEN
      UPDATE cloud_job_schedules c SET last_execution = cloud_job_clock()
      WHERE c.schedule_id = schedule.schedule_id;
      RETURN jsonb_build_object('job_id', own, 'status', 'waiting', 'created', true);
    END IF;
    -- Someone has created it, or one with its unique_key, since that was asked.
    SELECT j.job_id, j.status INTO job FROM cloud_jobs j WHERE j.job_id = own
    UNION ALL
    SELECT w.job_id, w.status FROM cloud_job_in_the_way(
      schedule.schedule_id, schedule.unique_key, own, false) w
    LIMIT 1;
  END IF;
  IF job IS NULL THEN
    RAISE EXCEPTION 'another creation was in the way; send it again' USING ERRCODE = 'CJ003';
  END IF;
  RETURN jsonb_build_object('job_id', job.job_id, 'status', job.status, 'created', false);
EXCEPTION WHEN deadlock_detected THEN
  RAISE EXCEPTION 'another creation was in the way; send it again' USING ERRCODE = 'CJ003';
END
$$;
