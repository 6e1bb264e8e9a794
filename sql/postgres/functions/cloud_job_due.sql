-- Schedules with due slots, in the order of the first one of each, for cloud_job_fire. Left out is what
-- must be planned on first: what was planned before everything stood still may be made up for otherwise,
-- or not at all. `known` = false: the schedule was deleted by hand, and its slots are nobody's.
-- Looks at so many slots, however many are due.
CREATE OR REPLACE FUNCTION cloud_job_due() RETURNS TABLE (schedule_id text, known boolean)
LANGUAGE sql STABLE
SET search_path = pg_catalog, public, pg_temp
AS $$
  SELECT first.schedule_id, c.schedule_id IS NOT NULL
  FROM (
    SELECT looked_at.schedule_id, min(looked_at.slot_at) AS slot_at
    FROM (
      SELECT s.schedule_id, s.slot_at FROM cloud_job_slots s
      WHERE s.status = 'planned' AND s.slot_at <= cloud_job_clock()
      ORDER BY s.slot_at LIMIT 1000) looked_at
    GROUP BY looked_at.schedule_id) first
  LEFT JOIN cloud_job_schedules c ON c.schedule_id = first.schedule_id
  WHERE (c.planned_until <= cloud_job_clock() AND c.plan_at <= cloud_job_clock()) IS NOT TRUE
  ORDER BY first.slot_at, first.schedule_id
$$;
