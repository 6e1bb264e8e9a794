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
  most         CONSTANT integer := 100;
  -- No further schedule is begun after so many slots, fired or not.
  most_decided CONSTANT integer := 500;
  due          text[];
  nobodys      text[];
  one          text;
  acted        integer := 0;
  told         jsonb[];
  decided      jsonb[] := '{}';
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
    FOREACH one IN ARRAY due LOOP
      EXIT WHEN acted >= most OR cardinality(decided) >= most_decided;
      told := cloud_job_decide(one, most - acted);
      acted := acted + (SELECT count(*) FROM unnest(told) t WHERE t ->> 'status' <> 'missed');
      decided := decided || told;
    END LOOP;
  EXCEPTION WHEN OTHERS THEN
    -- One of them: so each by itself. Now nobody is waited for, for there may be many.
    PERFORM set_config('lock_timeout', '1ms', true);
    acted := 0;
    decided := '{}';
    FOREACH one IN ARRAY due LOOP
      EXIT WHEN acted >= most OR cardinality(decided) >= most_decided;
      BEGIN
        told := cloud_job_decide(one, most - acted);
      EXCEPTION WHEN OTHERS THEN
        told := '{}';
        -- Bad data, a broken constraint, a limit, or what someone's own trigger raises.
        IF left(SQLSTATE, 2) IN ('22', '23', '54', 'P0') THEN
          RAISE WARNING 'cloud-jobs cannot make the job of schedule %: %', one, SQLERRM;
          told := cloud_job_decide(one, most - acted, 'refused');
        END IF;
      END;
      acted := acted + (SELECT count(*) FROM unnest(told) t WHERE t ->> 'status' <> 'missed');
      decided := decided || told;
    END LOOP;
  END;
  FOREACH one IN ARRAY coalesce(nobodys, '{}') LOOP
    EXIT WHEN cardinality(decided) >= most_decided;
    decided := decided || cloud_job_settle(one, one, ARRAY(
      SELECT s.slot_at FROM cloud_job_slots s
      WHERE s.schedule_id = one AND s.status = 'planned'
      LIMIT most FOR NO KEY UPDATE SKIP LOCKED), 'deleted');
  END LOOP;
  slots := array_to_json(decided);
  -- Without any progress the next claim would make none either.
  more_slots := decided <> '{}' AND EXISTS (SELECT 1 FROM cloud_job_due());
END
$$;
