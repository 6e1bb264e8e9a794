-- Called by whoever finds plans short: writes the next slots of schedules, and of which times no job is
-- made, each as {schedule_id, revision: as it was read, slots: [{slot_at, late_after}], gone: [{slot_at,
-- until_at, times, status, reason}], planned_until, plan_at}. Answers how many were written: not one
-- whose schedule was changed since, or is being fired or changed right now, nor one with slots or with
-- plan_at of a schedule that is not active. A time that is in the ledger stays as it is, unless only an
-- earlier rule had no use for it: then the plan counts, or the range of gone ones that it lies in.
-- Locks: the schedules, with SKIP LOCKED; their slots, which whoever holds the schedule has for itself.
CREATE OR REPLACE FUNCTION plan_schedules(schema_version integer, plans jsonb) RETURNS integer
LANGUAGE plpgsql
SET search_path = pg_catalog, public, pg_temp
SET enable_seqscan = off
SET enable_hashjoin = off
SET enable_mergejoin = off
SET jit = off
AS $$
#variable_conflict use_column
DECLARE
  at      CONSTANT timestamptz := cloud_job_clock();
  mine    text[];
  written integer;
BEGIN
  IF schema_version IS DISTINCT FROM cloud_job_schema_version() THEN
    PERFORM cloud_job_refuse_schema(schema_version);
  END IF;
  mine := ARRAY(
    SELECT c.schedule_id
    FROM jsonb_to_recordset(plans)
      AS g (schedule_id text, revision integer, slots jsonb, plan_at timestamptz)
    JOIN cloud_job_schedules c ON c.schedule_id = g.schedule_id
    WHERE c.revision = g.revision AND (c.status = 'active'
      OR c.status <> 'deleted' AND g.slots = '[]' AND g.plan_at IS NULL)
    FOR NO KEY UPDATE OF c SKIP LOCKED);
  INSERT INTO cloud_job_slots AS kept
    (schedule_id, slot_at, until_at, times, status, reason, late_after, decided_at)
  SELECT g.schedule_id, s.slot_at, s.until_at,
    CASE WHEN s.status IS NULL THEN 1 ELSE s.times END, coalesce(s.status, 'planned'), s.reason,
    s.late_after, CASE WHEN s.status IS NOT NULL THEN at END
  FROM jsonb_to_recordset(plans) AS g (schedule_id text, slots jsonb, gone jsonb)
  CROSS JOIN jsonb_to_recordset(g.slots || g.gone) AS s (slot_at timestamptz,
    until_at timestamptz, times integer, status text, reason text, late_after timestamptz)
  WHERE g.schedule_id = ANY (mine)
  ON CONFLICT (schedule_id, slot_at) DO UPDATE SET
    until_at = excluded.until_at, times = excluded.times, status = excluded.status,
    reason = excluded.reason, job_id = NULL, late_after = excluded.late_after,
    decided_at = excluded.decided_at
  WHERE kept.status = 'skipped' AND kept.reason = 'changed';
  DELETE FROM cloud_job_slots s WHERE (s.schedule_id, s.slot_at) IN (
    SELECT g.schedule_id, of_range.slot_at
    FROM jsonb_to_recordset(plans) AS g (schedule_id text, gone jsonb)
    CROSS JOIN jsonb_to_recordset(g.gone) AS r (slot_at timestamptz, until_at timestamptz)
    CROSS JOIN LATERAL (
      -- Apart, so that the plan goes from range to range, not through whole ledgers.
      SELECT k.slot_at FROM cloud_job_slots k
      WHERE k.schedule_id = g.schedule_id AND k.slot_at > r.slot_at AND k.slot_at <= r.until_at
        AND k.status = 'skipped' AND k.reason = 'changed'
      OFFSET 0) of_range
    WHERE g.schedule_id = ANY (mine));
  UPDATE cloud_job_schedules c SET
    planned_until = g.planned_until, plan_at = g.plan_at, idle_until = NULL, idle_reason = NULL,
    revision = c.revision + 1,
    next_execution = (SELECT min(s.slot_at) FROM cloud_job_slots s
      WHERE s.schedule_id = c.schedule_id AND s.status = 'planned')
  FROM jsonb_to_recordset(plans)
    AS g (schedule_id text, planned_until timestamptz, plan_at timestamptz)
  WHERE c.schedule_id = g.schedule_id AND c.schedule_id = ANY (mine);
  GET DIAGNOSTICS written = ROW_COUNT;
  RETURN written;
END
$$;
