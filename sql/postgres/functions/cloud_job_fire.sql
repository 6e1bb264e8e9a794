-- Decides upon due slots, a bounded number, for cloud_job_tend: makes the jobs of those whose time has
-- come. Answers the decisions, each {schedule_id, name, slot_at, status, reason, job_id}, and whether
-- there are more to make. No decisions means that others are making them right now, or that the slots
-- wait for a plan.
-- A schedule whose job cannot be made for a reason that will not pass is `refused`; the server's log has
-- it. What goes wrong otherwise leaves its slots to a later claim; nothing is lost because of either.
-- Locks: the schedules, with SKIP LOCKED, then see cloud_job_decide. Whoever creates a job with the
-- unique_key of a schedule at this moment is waited for, but not for long: the caller holds jobs.
CREATE OR REPLACE FUNCTION cloud_job_fire(OUT slots json, OUT more_slots boolean)
LANGUAGE plpgsql
SET search_path = pg_catalog, public, pg_temp
SET lock_timeout = '100ms'
AS $$
#variable_conflict use_column
DECLARE
  -- Jobs that one claim makes: enough to catch up, too few to be felt.
  most    CONSTANT integer := 100;
  due     text[];
  nobodys text[];
  one     text;
  told    jsonb[];
  decided jsonb[] := '{}';
BEGIN
  SELECT array_agg(d.schedule_id) FILTER (WHERE d.known),
    array_agg(d.schedule_id) FILTER (WHERE NOT d.known)
  INTO due, nobodys FROM cloud_job_due() d;
  due := ARRAY(
    SELECT c.schedule_id FROM unnest(due) WITH ORDINALITY d (schedule_id, place)
    JOIN cloud_job_schedules c ON c.schedule_id = d.schedule_id
    ORDER BY d.place LIMIT most
    FOR NO KEY UPDATE OF c SKIP LOCKED);
  BEGIN
    decided := cloud_job_decide(due, most);
  EXCEPTION WHEN OTHERS THEN
    -- Because of one of them: so each by itself, and none is waited for now, for there may be many.
    PERFORM set_config('lock_timeout', '1ms', true);
    FOREACH one IN ARRAY due LOOP
      EXIT WHEN cardinality(decided) >= most;
      BEGIN
        told := cloud_job_decide(ARRAY[one], most);
      EXCEPTION WHEN OTHERS THEN
        told := '{}';
        -- Bad data, a broken constraint, a limit, or what someone's own trigger raises.
        IF left(SQLSTATE, 2) IN ('22', '23', '54', 'P0') THEN
          RAISE WARNING 'cloud-jobs cannot make the job of schedule %: %', one, SQLERRM;
          told := cloud_job_decide(ARRAY[one], most, 'refused');
        END IF;
      END;
      decided := decided || told;
    END LOOP;
  END;
  IF nobodys IS NOT NULL THEN
    SELECT decided || cloud_job_settle(array_agg(s.schedule_id), array_agg(s.slot_at),
      array_agg('deleted'::text), array_agg(NULL::text))
    INTO decided FROM (
      SELECT s.schedule_id, s.slot_at FROM cloud_job_slots s
      WHERE s.schedule_id = ANY (nobodys) AND s.status = 'planned'
      LIMIT most FOR NO KEY UPDATE SKIP LOCKED) s;
  END IF;
  slots := array_to_json(decided);
  -- Without any progress the next claim would make none either.
  more_slots := decided <> '{}' AND greatest(cardinality(due), cardinality(decided)) >= most
    AND EXISTS (SELECT 1 FROM cloud_job_due());
END
$$;
