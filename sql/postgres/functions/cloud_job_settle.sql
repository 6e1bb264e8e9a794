-- Writes what became of planned slots of a schedule, for cloud_job_fire and what it calls. The reason
-- says the status. Answers each as {schedule_id, name, slot_at, status, reason, job_id}.
-- Locks: the slots, which whoever holds the schedule has for itself.
CREATE OR REPLACE FUNCTION cloud_job_settle(
  schedule_id text, name text, slots timestamptz[], reason text, job_id text DEFAULT NULL
) RETURNS jsonb[]
LANGUAGE sql VOLATILE
SET search_path = pg_catalog, public, pg_temp
AS $$
  WITH settled AS (
    UPDATE cloud_job_slots s SET
      status = CASE
        WHEN cloud_job_settle.reason = 'due' THEN 'fired'
        WHEN cloud_job_settle.reason IN ('too_late', 'superseded') THEN 'missed'
        ELSE 'skipped' END,
      reason = cloud_job_settle.reason, job_id = cloud_job_settle.job_id,
      decided_at = cloud_job_clock()
    WHERE s.schedule_id = cloud_job_settle.schedule_id AND s.slot_at = ANY (slots)
      AND s.status = 'planned'
    RETURNING s.slot_at, s.status
  )
  SELECT coalesce(array_agg(jsonb_build_object(
    'schedule_id', cloud_job_settle.schedule_id, 'name', cloud_job_settle.name,
    'slot_at', settled.slot_at, 'status', settled.status, 'reason', cloud_job_settle.reason,
    'job_id', cloud_job_settle.job_id) ORDER BY settled.slot_at), '{}')
  FROM settled
$$;
