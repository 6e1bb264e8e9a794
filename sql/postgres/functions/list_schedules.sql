-- Schedules by name, then by creation: those of one status, or all that are not deleted; only those that
-- run on start-up, or do not; from the first name after `after` on.
CREATE OR REPLACE FUNCTION list_schedules(
  schema_version integer,
  "limit"        integer,
  status         text DEFAULT NULL,
  after          text DEFAULT NULL,
  run_on_startup boolean DEFAULT NULL
) RETURNS jsonb
LANGUAGE plpgsql STABLE
SET search_path = pg_catalog, public, pg_temp
SET plan_cache_mode = force_custom_plan
AS $$
BEGIN
  IF schema_version IS DISTINCT FROM cloud_job_schema_version() THEN
    PERFORM cloud_job_refuse_schema(schema_version);
  END IF;
  RETURN (
    SELECT coalesce(jsonb_agg(
      to_jsonb(c) ORDER BY c.name COLLATE "C", c.created_at, c.schedule_id), '[]')
    FROM (
      SELECT * FROM cloud_job_schedules s
      WHERE (list_schedules.status IS NULL OR s.status = list_schedules.status)
        AND (s.status <> 'deleted' OR list_schedules.status = 'deleted')
        AND (list_schedules.run_on_startup IS NULL
          OR s.run_on_startup = list_schedules.run_on_startup)
        AND (list_schedules.after IS NULL OR s.name > list_schedules.after COLLATE "C")
      ORDER BY s.name COLLATE "C", s.created_at, s.schedule_id LIMIT list_schedules."limit") c);
END
$$;
