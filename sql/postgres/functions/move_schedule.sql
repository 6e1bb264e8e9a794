-- Called to steer a schedule: from one of from_statuses to to_status; which moves there are stands in the
-- runner (core/schedule.ts). Answers {moved, schedule}; null = no such schedule.
-- Locks: the schedule; whoever is firing it is waited for.
CREATE OR REPLACE FUNCTION move_schedule(
  schema_version integer,
  schedule_id    text,
  from_statuses  text[],
  to_status      text
) RETURNS jsonb
LANGUAGE plpgsql
SET search_path = pg_catalog, public, pg_temp
AS $$
#variable_conflict use_column
DECLARE
  schedule cloud_job_schedules;
  given    cloud_job_schedules;
BEGIN
  IF schema_version IS DISTINCT FROM cloud_job_schema_version() THEN
    PERFORM cloud_job_refuse_schema(schema_version);
  END IF;
  SELECT * INTO schedule FROM cloud_job_schedules c
  WHERE c.schedule_id = move_schedule.schedule_id FOR NO KEY UPDATE;
  IF NOT FOUND THEN
    RETURN NULL;
  END IF;
  IF schedule.status <> ALL (from_statuses) THEN
    RETURN jsonb_build_object('moved', false, 'schedule', to_jsonb(schedule));
  END IF;
  given := schedule;
  given.status := to_status;
  RETURN jsonb_build_object(
    'moved', true, 'schedule', to_jsonb(cloud_job_stand(schedule, given)));
END
$$;
