-- Writes a schedule as `given`, for cloud_job_save and move_schedule, which hold it as `was`, with what a
-- change of its status, or else of the rule of an active one, does to its plan.
CREATE OR REPLACE FUNCTION cloud_job_stand(was cloud_job_schedules, given cloud_job_schedules)
RETURNS cloud_job_schedules
LANGUAGE plpgsql
SET search_path = pg_catalog, public, pg_temp
AS $$
DECLARE
  at         CONSTANT timestamptz := cloud_job_clock();
  written_to timestamptz := was.planned_until;
BEGIN
  -- Once nothing is planned after now: up to where the ledger is written, also if clocks were set back.
  -- What a changed rule skipped is no end of it, for that rule had no use for the times.
  IF (written_to <= at) IS NOT TRUE THEN
    SELECT greatest(max(coalesce(s.until_at, s.slot_at)), at) INTO written_to
    FROM cloud_job_slots s
    WHERE s.schedule_id = was.schedule_id AND s.status <> 'planned' AND s.reason <> 'changed'
      -- From the last row before now on: it may be a range that reaches beyond.
      AND s.slot_at >= coalesce((
        SELECT k.slot_at FROM cloud_job_slots k
        WHERE k.schedule_id = was.schedule_id AND k.slot_at <= at
          AND k.status <> 'planned' AND k.reason <> 'changed'
        ORDER BY k.slot_at DESC LIMIT 1), at);
  END IF;
  IF given.status <> was.status THEN
    IF given.status = 'active' THEN
      given.planned_until := coalesce(was.planned_until, at);
      given.plan_at := at;
      given.idle_until := at;
      given.idle_reason := was.status;
    ELSE
      PERFORM cloud_job_unplan(was.schedule_id, given.status);
      given.plan_at := NULL;
      IF given.status <> 'deleted' THEN
        given.planned_until := written_to;
        given.idle_until := NULL;
        given.idle_reason := NULL;
      END IF;
    END IF;
  ELSIF given.status = 'active' AND (given.schedule_expression, given.timezone, given.missed,
      given.starting_deadline_seconds) IS DISTINCT FROM
    (was.schedule_expression, was.timezone, was.missed, was.starting_deadline_seconds)
  THEN
    PERFORM cloud_job_unplan(was.schedule_id, 'changed');
    given.planned_until := written_to;
    given.plan_at := at;
  END IF;
  UPDATE cloud_job_schedules c SET
    name = given.name, job_type = given.job_type,
    schedule_expression = given.schedule_expression, timezone = given.timezone,
    config = given.config, description = given.description, status = given.status,
    priority = given.priority, max_retries = given.max_retries,
    retry_delay_seconds = given.retry_delay_seconds, retry_backoff = given.retry_backoff,
    timeout_seconds = given.timeout_seconds, unique_key = given.unique_key,
    missed = given.missed, starting_deadline_seconds = given.starting_deadline_seconds,
    concurrency_policy = given.concurrency_policy, run_on_startup = given.run_on_startup,
    applied = given.applied, revision = was.revision + 1,
    planned_until = given.planned_until, plan_at = given.plan_at,
    idle_until = given.idle_until, idle_reason = given.idle_reason, updated_at = at,
    next_execution = (SELECT min(s.slot_at) FROM cloud_job_slots s
      WHERE s.schedule_id = was.schedule_id AND s.status = 'planned')
  WHERE c.schedule_id = was.schedule_id
  RETURNING * INTO given;
  RETURN given;
END
$$;
