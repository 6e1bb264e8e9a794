-- One schedule with its newest `slots` rows of the ledger, by id, or by the name of one that is not
-- deleted: {schedule, slots: newest first, each with the status of its job, earlier: deleted ones of the
-- same name, now}; null = no such schedule.
CREATE OR REPLACE FUNCTION get_schedule(schema_version integer, id_or_name text, slots integer)
RETURNS jsonb
LANGUAGE plpgsql STABLE
SET search_path = pg_catalog, public, pg_temp
AS $$
DECLARE
  schedule cloud_job_schedules;
BEGIN
  IF schema_version IS DISTINCT FROM cloud_job_schema_version() THEN
    PERFORM cloud_job_refuse_schema(schema_version);
  END IF;
  SELECT * INTO schedule FROM cloud_job_schedules c WHERE c.schedule_id = id_or_name;
  IF NOT FOUND THEN
    SELECT * INTO schedule FROM cloud_job_schedules c
    WHERE c.name = id_or_name COLLATE "C" AND c.status <> 'deleted';
  END IF;
  IF NOT FOUND THEN
    RETURN NULL;
  END IF;
  RETURN jsonb_build_object(
    'schedule', to_jsonb(schedule),
    'now', cloud_job_clock(),
    'slots', (
      SELECT coalesce(jsonb_agg(
        to_jsonb(newest) || jsonb_build_object('job_status', j.status)
        ORDER BY newest.slot_at DESC), '[]')
      FROM (
        SELECT * FROM cloud_job_slots s WHERE s.schedule_id = schedule.schedule_id
        ORDER BY s.slot_at DESC LIMIT get_schedule.slots) newest
      LEFT JOIN cloud_jobs j ON j.job_id = newest.job_id),
    'earlier', (
      SELECT coalesce(jsonb_agg(jsonb_build_object('schedule_id', gone.schedule_id,
        'created_at', gone.created_at, 'deleted_at', gone.updated_at)
        ORDER BY gone.created_at DESC, gone.schedule_id), '[]')
      FROM (
        SELECT * FROM cloud_job_schedules c
        WHERE c.name = schedule.name COLLATE "C" AND c.status = 'deleted'
          AND c.schedule_id <> schedule.schedule_id
        ORDER BY c.created_at DESC, c.schedule_id LIMIT 10) gone));
END
$$;
