-- Decides upon the due slots of schedules, for cloud_job_fire, which holds them: by what they do about
-- missed times and earlier jobs. Makes `most` jobs or fewer; further due slots stay planned, as do those
-- of a schedule whose earlier jobs are in use. Answers what cloud_job_settle tells of each.
-- `verdict` is a reason for all of them, whatever they are.
-- Locks: see cloud_job_replace and cloud_job_make.
CREATE OR REPLACE FUNCTION cloud_job_decide(
  schedule_ids text[], most integer, verdict text DEFAULT NULL
) RETURNS jsonb[]
LANGUAGE plpgsql
SET search_path = pg_catalog, public, pg_temp
AS $$
#variable_conflict use_column
DECLARE
  at           CONSTANT timestamptz := cloud_job_clock();
  -- No further schedule is begun after so many slots, whatever becomes of them.
  most_decided CONSTANT integer := 500;
  -- Of one schedule, of what was missed (src/core/cron/plan.ts).
  most_made_up CONSTANT integer := 100;
  due          record;
  slot         record;
  in_the_way   record;
  replaced     jsonb[];
  left_alone   text := '';
  told         jsonb[];
BEGIN
  -- What each comes to; no reason yet, if that depends on other jobs.
  WITH of_all AS (
    SELECT g.place, c.schedule_id, c.concurrency_policy = 'forbid' AS forbids,
      c.concurrency_policy = 'replace' AS replaces, c.unique_key, s.slot_at,
      format('%s:%s', c.schedule_id,
        to_char(s.slot_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI"Z"')) AS job_id,
      CASE
        WHEN verdict IS NOT NULL THEN verdict
        WHEN c.status <> 'active' THEN c.status
        WHEN s.late_after <= at THEN 'too_late'
        WHEN c.missed = 'latest' AND s.newer > 0 THEN 'superseded'
        WHEN s.newer >= most_made_up THEN 'too_many'
        WHEN c.concurrency_policy = 'allow' AND c.unique_key IS NULL THEN 'due' END AS reason
    FROM unnest(schedule_ids) WITH ORDINALITY g (schedule_id, place)
    JOIN cloud_job_schedules c ON c.schedule_id = g.schedule_id
    CROSS JOIN LATERAL (
      -- Apart, so that the plan goes from schedule to schedule, not through all that is due.
      SELECT k.slot_at, k.late_after, row_number() OVER (
        PARTITION BY (k.late_after <= at) IS TRUE ORDER BY k.slot_at DESC) - 1 AS newer
      FROM cloud_job_slots k
      WHERE k.schedule_id = c.schedule_id AND k.status = 'planned' AND k.slot_at <= at
      OFFSET 0) s
    WHERE (c.planned_until <= at AND c.plan_at <= at) IS NOT TRUE
  ), bounded AS (
    SELECT d.*, coalesce(d.reason, 'due') = 'due' AS acts,
      count(*) OVER (ORDER BY d.place RANGE BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING) AS before,
      count(*) FILTER (WHERE coalesce(d.reason, 'due') = 'due')
        OVER (ORDER BY d.place, d.slot_at) AS acted
    FROM of_all d
  )
  SELECT array_agg(d.schedule_id ORDER BY d.place, d.slot_at) AS schedule_ids,
    array_agg(d.slot_at ORDER BY d.place, d.slot_at) AS slots,
    array_agg(d.reason ORDER BY d.place, d.slot_at) AS reasons,
    array_agg(CASE WHEN d.acts THEN d.job_id END ORDER BY d.place, d.slot_at) AS job_ids,
    array_agg(d.unique_key ORDER BY d.place, d.slot_at) AS unique_keys,
    array_agg(d.forbids ORDER BY d.place, d.slot_at) AS forbids,
    array_agg(d.replaces ORDER BY d.place, d.slot_at) AS replaces
  INTO due FROM bounded d
  WHERE d.before < most_decided AND (d.acted <= most OR NOT d.acts);

  PERFORM cloud_job_make(array_agg(d.schedule_id), array_agg(d.job_id), array_agg(d.slot_at), NULL)
  FROM unnest(due.schedule_ids, due.job_ids, due.slots, due.reasons)
    d (schedule_id, job_id, slot_at, reason)
  WHERE d.reason = 'due' HAVING count(*) > 0;
  told := cloud_job_settle(due.schedule_ids, due.slots, due.reasons, due.job_ids);

  FOR slot IN
    SELECT * FROM unnest(due.schedule_ids, due.slots, due.job_ids, due.unique_keys, due.forbids,
      due.replaces, due.reasons)
      d (schedule_id, slot_at, job_id, unique_key, forbids, replaces, reason)
    WHERE d.reason IS NULL
  LOOP
    CONTINUE WHEN slot.schedule_id = left_alone;
    SELECT w.job_id, w.reason INTO in_the_way FROM cloud_job_in_the_way(
      slot.schedule_id, slot.unique_key, slot.job_id, slot.forbids) w;
    IF in_the_way IS NULL THEN
      IF slot.replaces THEN
        replaced := cloud_job_replace(slot.schedule_id, slot.job_id);
        told := told || replaced;
      END IF;
      -- Not made and not there: whoever had its key has finished just now, so the next claim makes it.
      IF slot.replaces AND replaced IS NULL
        OR cloud_job_make(ARRAY[slot.schedule_id], ARRAY[slot.job_id], ARRAY[slot.slot_at], NULL) = 0
          AND NOT EXISTS (SELECT 1 FROM cloud_jobs j WHERE j.job_id = slot.job_id)
      THEN
        left_alone := slot.schedule_id;
        CONTINUE;
      END IF;
    END IF;
    told := told || cloud_job_settle(ARRAY[slot.schedule_id], ARRAY[slot.slot_at],
      ARRAY[coalesce(in_the_way.reason, 'due')],
      ARRAY[coalesce(in_the_way.job_id, slot.job_id)]);
  END LOOP;

  UPDATE cloud_job_schedules c SET
    last_execution = CASE WHEN t.fired THEN at ELSE c.last_execution END,
    next_execution = (SELECT min(s.slot_at) FROM cloud_job_slots s
      WHERE s.schedule_id = c.schedule_id AND s.status = 'planned')
  FROM (
    SELECT it ->> 'schedule_id' AS schedule_id, bool_or(it ->> 'status' = 'fired') AS fired
    FROM unnest(told) it GROUP BY 1) t
  WHERE c.schedule_id = t.schedule_id;
  RETURN told;
END
$$;
