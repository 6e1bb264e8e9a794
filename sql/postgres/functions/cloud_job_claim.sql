-- The pick, for claim_jobs, record_executions, preview_claim and get_next_available_job.
-- Releases a bounded number of expired locks and fires a bounded number of due slots, then takes due jobs
-- of the given types: priority first, then run_at, then creation; opens one execution for each, with the
-- caller's ids.
-- With fits_seconds it leaves out the types whose executions needed more than that, by the percentile
-- fits_share of those that are known.
-- Answers {picks: [{execution_id, job}], released, next_due_seconds, too_long: [{job_type,
-- usual_seconds}], schedules: {slots, more_slots, to_plan}, null = nothing of these}; see cloud_job_tend.
-- No picks means that nothing is due, that others are taking it right now, or that all that is due is of
-- the types told as too_long.
-- Locks: expired jobs, schedules with due slots (see cloud_job_fire), then picked jobs, all with SKIP
-- LOCKED: it never waits for another claim.
-- Plans must not depend on how many rows there were when they were made, hence the settings.
CREATE OR REPLACE FUNCTION cloud_job_claim(
  instance_id   text,
  job_types     text[],
  execution_ids text[],
  lock_seconds  double precision,
  "trigger"     text,
  priority_min  integer,
  priority_max  integer,
  fits_seconds  double precision DEFAULT NULL,
  fits_share    double precision DEFAULT NULL
) RETURNS json
LANGUAGE plpgsql
SET search_path = pg_catalog, public, pg_temp
SET enable_seqscan = off
SET enable_bitmapscan = off
SET enable_hashjoin = off
SET enable_mergejoin = off
SET plan_cache_mode = force_generic_plan
SET jit = off
AS $$
#variable_conflict use_column
DECLARE
  at            CONSTANT timestamptz := cloud_job_clock();
  lock_until    CONSTANT timestamptz := at + make_interval(secs => lock_seconds);
  wanted        CONSTANT integer := cardinality(execution_ids);
  -- One or two executions may be all hung ones; of three, half outvote one.
  least_known   CONSTANT integer := 3;
  -- Of stretches under a second, one in so many is told (src/core/stretch.ts).
  quick_times   CONSTANT integer := 20;
  done          integer := 0;
  released      jsonb := '[]';
  picks         json[] := '{}';
  passed        bigint[] := '{}'; -- heads of levels whose due jobs others are taking right now
  top           record;
  best_type     text;
  best_priority smallint;
  best_head     bigint;
  empty         boolean := false;
  is_due        boolean;
  next_run      timestamptz;
  next_at       timestamptz;
  next_seq      bigint;
  taken         text[];
  picked        json[];
  next_due      double precision;
  left_out      text[];
  usual         double precision[]; -- seconds that those need
  too_long      json := '[]';
  schedules     json;
BEGIN
  IF fits_seconds IS NOT NULL THEN
    SELECT array_agg(k.job_type), array_agg(needs.seconds) INTO left_out, usual
    FROM cloud_job_stretches(job_types) k
    CROSS JOIN LATERAL (
      SELECT count(*) AS known,
        percentile_disc(fits_share) WITHIN GROUP (ORDER BY stretch) AS seconds
      FROM unnest(k.stretches) stretch
      CROSS JOIN generate_series(1, CASE WHEN stretch < 1 THEN quick_times ELSE 1 END)) needs
    WHERE needs.known >= least_known AND needs.seconds > fits_seconds;
    IF left_out IS NOT NULL THEN
      job_types := ARRAY(SELECT known FROM unnest(job_types) known WHERE known <> ALL (left_out));
    END IF;
  END IF;
  -- The highest priority among the waiting jobs, and whether several types share it; with
  -- questions that are almost always answered by no: has a lock expired, was this claim sent before, has
  -- the first planned slot come, is the plan of a schedule short?
  SELECT of_types.*,
    EXISTS (SELECT 1 FROM cloud_jobs j WHERE j.status = 'locked' AND j.lock_expires_at <= at)
      AS expired,
    EXISTS (SELECT 1 FROM cloud_job_executions e
      WHERE e.execution_id = ANY (cloud_job_claim.execution_ids)) AS sent_before,
    (SELECT s.slot_at FROM cloud_job_slots s WHERE s.status = 'planned'
      ORDER BY s.slot_at LIMIT 1) AS next_slot,
    EXISTS (SELECT 1 FROM cloud_job_schedules c WHERE c.plan_at <= at) AS short
  INTO top
  FROM (VALUES (1)) once LEFT JOIN LATERAL (
    SELECT known AS job_type, highest.priority,
      lead(highest.priority) OVER (ORDER BY highest.priority DESC) = highest.priority AS shared
    FROM unnest(job_types) known
    CROSS JOIN LATERAL (
      SELECT j.priority FROM cloud_jobs j
      WHERE j.status = 'waiting' AND j.job_type = known AND j.priority <= priority_max
      ORDER BY j.priority DESC LIMIT 1) highest
    ORDER BY highest.priority DESC LIMIT 1) of_types ON true;
  IF top.expired THEN
    released := cloud_job_release(20);
  END IF;
  IF top.sent_before THEN
    RETURN json_build_object('picks', cloud_job_picked_before(execution_ids),
      'released', released, 'next_due_seconds', NULL, 'too_long', too_long,
      'schedules', schedules);
  END IF;
  IF top.next_slot <= at OR top.short THEN
    SELECT t.told, t.next_slot INTO schedules, top.next_slot
    FROM cloud_job_tend(top.short, top.next_slot) t;
  END IF;
  -- Nearly always the best level (type and priority) is known by now, or that there is none.
  IF released = '[]' AND schedules IS NULL THEN
    IF (top.priority >= priority_min) IS NOT TRUE THEN
      empty := true;
    ELSIF wanted = 1 AND top.shared IS NOT TRUE THEN
      best_type := top.job_type;
      best_priority := top.priority;
    END IF;
  END IF;

  WHILE (done < wanted OR done = 0) AND NOT empty LOOP
    IF best_type IS NULL THEN
      -- The level whose head comes first, and the head of the next one, up to which it is taken; when
      -- nothing is due, when something will be.
      SELECT h.job_type, h.priority, h.seq, h.run_at <= at AND h.seq <> ALL (passed),
        min(h.run_at) OVER ()
      INTO best_type, best_priority, best_head, is_due, next_run
      FROM cloud_job_heads(job_types, priority_min, priority_max, 'infinity') h
      ORDER BY 4 DESC, h.priority DESC, h.run_at, h.seq LIMIT 1;
      EXIT WHEN is_due IS NOT TRUE OR wanted = 0;
      passed := passed || best_head;
      next_at := NULL;
      IF done + 1 < wanted THEN
        SELECT h.run_at, h.seq INTO next_at, next_seq
        FROM cloud_job_heads(job_types, best_priority, best_priority, at) h
        WHERE h.job_type <> best_type AND h.seq <> ALL (passed)
        ORDER BY h.run_at, h.seq LIMIT 1;
      END IF;
    END IF;
    -- A statement of its own, for a snapshot as late as can be: what others have picked since the
    -- snapshot is locked and looked at once more, which costs more than all the rest.
    taken := ARRAY(
      SELECT due.job_id FROM (
        -- A constant limit, so that the plan reads in order and stops; the caller's is above it.
        SELECT w.job_id FROM cloud_jobs w
        WHERE w.status = 'waiting' AND w.job_type = best_type
          AND w.priority = best_priority AND w.run_at <= at
          AND (next_at IS NULL OR (w.run_at, w.seq) < (next_at, next_seq))
        ORDER BY w.run_at, w.seq LIMIT 100
        FOR NO KEY UPDATE SKIP LOCKED) due
      LIMIT wanted - done);
    IF taken <> '{}' THEN
      WITH locked AS (
        UPDATE cloud_jobs j SET
          status = 'locked', lock_epoch = j.lock_epoch + 1, last_event_id = j.last_event_id + 1,
          locked_by = cloud_job_claim.instance_id, locked_at = at, lock_expires_at = lock_until,
          last_execution = at, updated_at = at
        WHERE j.job_id = ANY (taken)
        RETURNING j AS job, j.job_id, j.lock_epoch, j.last_event_id,
          array_position(taken, j.job_id) AS place
      ), opened AS (
        INSERT INTO cloud_job_executions
          (execution_id, job_id, lock_epoch, opened_event_id, started_at, instance_id, "trigger")
        SELECT cloud_job_claim.execution_ids[done + l.place], l.job_id, l.lock_epoch,
          l.last_event_id, at, cloud_job_claim.instance_id, cloud_job_claim."trigger"
        FROM locked l
      )
      SELECT array_agg(json_build_object('execution_id',
        cloud_job_claim.execution_ids[done + l.place], 'job', l.job) ORDER BY l.place)
      INTO picked FROM locked l;
      picks := picks || picked;
      done := cardinality(picks);
      passed := '{}';
    END IF;
    best_type := NULL;
  END LOOP;

  IF done = 0 THEN
    next_due := extract(epoch FROM least(next_run, top.next_slot) - at);
    IF left_out IS NOT NULL THEN
      SELECT coalesce(json_agg(l ORDER BY l.job_type COLLATE "C"), '[]') INTO too_long
      FROM unnest(left_out, usual) l (job_type, usual_seconds)
      WHERE l.job_type IN (
        SELECT h.job_type FROM cloud_job_heads(left_out, priority_min, priority_max, at) h);
    END IF;
  END IF;
  RETURN json_build_object('picks', array_to_json(picks), 'released', released,
    'next_due_seconds', CASE WHEN next_due IS NOT NULL THEN greatest(next_due, 0) END,
    'too_long', too_long,
    'schedules', schedules);
END
$$;
