-- Decides upon the due slots of one schedule, for cloud_job_fire, which holds the schedule: by what it
-- does about missed times and earlier jobs. Makes `most` jobs or fewer; further due slots stay planned,
-- as do those of a schedule whose earlier jobs are in use. Answers what cloud_job_settle tells of each.
-- `verdict` is a reason for all of them, whatever they are.
-- Locks: see cloud_job_replace and cloud_job_make.
CREATE OR REPLACE FUNCTION cloud_job_decide(
  schedule_id text, most integer, verdict text DEFAULT NULL
) RETURNS jsonb[]
LANGUAGE plpgsql
SET search_path = pg_catalog, public, pg_temp
AS $$
#variable_conflict use_column
DECLARE
  at         CONSTANT timestamptz := cloud_job_clock();
  schedule   cloud_job_schedules;
  due        record;
  slot       timestamptz;
  own        text;
  in_the_way text;
  reason     text;
  replaced   jsonb[];
  told       jsonb[] := '{}';
  fired      boolean := false;
BEGIN
  SELECT * INTO schedule FROM cloud_job_schedules c
  WHERE c.schedule_id = cloud_job_decide.schedule_id;
  IF schedule.planned_until <= at AND schedule.plan_at <= at THEN
    RETURN told; -- found short since it was chosen
  END IF;
  SELECT array_agg(s.slot_at ORDER BY s.slot_at) AS all_of_them,
    array_agg(s.slot_at) FILTER (WHERE s.late_after <= at) AS late,
    array_agg(s.slot_at ORDER BY s.slot_at) FILTER (WHERE (s.late_after <= at) IS NOT TRUE) AS timely
  INTO due FROM cloud_job_slots s
  WHERE s.schedule_id = schedule.schedule_id AND s.status = 'planned' AND s.slot_at <= at;
  IF due.all_of_them IS NULL THEN
    RETURN told;
  END IF;

  verdict := coalesce(verdict, nullif(schedule.status, 'active'));
  IF verdict IS NOT NULL THEN
    told := cloud_job_settle(schedule.schedule_id, schedule.name, due.all_of_them, verdict);
    due.timely := NULL;
  ELSE
    IF due.late IS NOT NULL THEN
      told := cloud_job_settle(schedule.schedule_id, schedule.name, due.late, 'too_late');
    END IF;
    IF schedule.missed = 'latest' AND cardinality(due.timely) > 1 THEN
      told := told || cloud_job_settle(schedule.schedule_id, schedule.name,
        trim_array(due.timely, 1), 'superseded');
      due.timely := due.timely[cardinality(due.timely):];
    END IF;
  END IF;

  FOREACH slot IN ARRAY coalesce(due.timely[:most], '{}') LOOP
    own := format('%s:%s', schedule.schedule_id,
      to_char(slot AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI"Z"'));
    SELECT w.job_id, w.reason INTO in_the_way, reason FROM cloud_job_in_the_way(
      schedule.schedule_id, schedule.unique_key, own, schedule.concurrency_policy = 'forbid') w;
    IF in_the_way IS NULL THEN
      reason := 'due';
      IF schedule.concurrency_policy = 'replace' THEN
        replaced := cloud_job_replace(schedule.schedule_id, schedule.name, own);
        EXIT WHEN replaced IS NULL;
        told := told || replaced;
      END IF;
      -- Not made and not there: whoever had its key has finished just now, so the next claim makes it.
      EXIT WHEN cloud_job_make(schedule.schedule_id, own, slot, NULL) IS NULL
        AND NOT EXISTS (SELECT 1 FROM cloud_jobs j WHERE j.job_id = own);
      fired := true;
    END IF;
    told := told || cloud_job_settle(
      schedule.schedule_id, schedule.name, ARRAY[slot], reason, coalesce(in_the_way, own));
  END LOOP;

  UPDATE cloud_job_schedules c SET
    last_execution = CASE WHEN fired THEN at ELSE c.last_execution END,
    next_execution = (SELECT min(s.slot_at) FROM cloud_job_slots s
      WHERE s.schedule_id = schedule.schedule_id AND s.status = 'planned')
  WHERE c.schedule_id = schedule.schedule_id;
  RETURN told;
END
$$;
