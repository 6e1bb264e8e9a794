-- Writes what became of planned slots, one for each place of the arrays that has a reason, for
-- cloud_job_decide and cloud_job_fire. The reason says the status. Answers each as {schedule_id, name,
-- slot_at, status, reason, job_id}; those of a schedule that is gone go by its id.
-- Locks: the slots, which whoever holds the schedule has for itself.
CREATE OR REPLACE FUNCTION cloud_job_settle(
  schedule_ids text[], slots timestamptz[], reasons text[], job_ids text[]
) RETURNS jsonb[]
LANGUAGE plpgsql
SET search_path = pg_catalog, public, pg_temp
AS $$
#variable_conflict use_column
DECLARE
  told jsonb[];
BEGIN
  WITH settled AS (
    UPDATE cloud_job_slots s SET
      status = CASE
        WHEN g.reason = 'due' THEN 'fired'
        WHEN g.reason IN ('too_late', 'superseded', 'too_many') THEN 'missed'
        ELSE 'skipped' END,
      reason = g.reason, job_id = g.job_id, decided_at = cloud_job_clock()
    FROM unnest(schedule_ids, slots, reasons, job_ids)
      WITH ORDINALITY g (schedule_id, slot_at, reason, job_id, place)
    -- Not by status: the index of due ones would be chosen then, for all that are due at that time.
    WHERE s.schedule_id = g.schedule_id AND s.slot_at = g.slot_at AND s.decided_at IS NULL
      AND g.reason IS NOT NULL
    RETURNING s.schedule_id, s.slot_at, s.status, s.reason, s.job_id, g.place
  )
  SELECT array_agg(jsonb_build_object(
    'schedule_id', t.schedule_id, 'name', coalesce(c.name, t.schedule_id), 'slot_at', t.slot_at,
    'status', t.status, 'reason', t.reason, 'job_id', t.job_id) ORDER BY t.place)
  INTO told
  FROM settled t LEFT JOIN cloud_job_schedules c ON c.schedule_id = t.schedule_id;
  RETURN coalesce(told, '{}');
END
$$;
