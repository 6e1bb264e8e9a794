-- Schedules of which more is to be planned, the shortest first, a bounded number, for cloud_job_tend:
-- with all that a planner needs. Changes nothing, and locks nothing.
CREATE OR REPLACE FUNCTION cloud_job_short() RETURNS json
LANGUAGE sql STABLE
SET search_path = pg_catalog, public, pg_temp
AS $$
  SELECT coalesce(json_agg(s ORDER BY s.plan_at), '[]')
  FROM (
    SELECT c.schedule_id, c.schedule_expression, c.timezone, c.missed,
      c.starting_deadline_seconds, c.revision, c.planned_until, c.idle_until, c.idle_reason,
      c.plan_at, cloud_job_clock() AS now
    FROM cloud_job_schedules c WHERE c.plan_at <= cloud_job_clock()
    ORDER BY c.plan_at LIMIT 50) s
$$;
