-- What there is to tell people of these executions, which have ended just now, for record_executions;
-- `watched` holds {execution_id, status, job_type, schedule_id, alert: {after, slow_times}}. Counts
-- failures one after the other of a schedule, or of a type where there is none; a streak is told of once
-- it is long enough, again after a minute until alert_told says that it was told, and when it ends.
-- Of a streak that someone else is counting right now it counts nothing: see cloud_job_learn.
-- Answers the alerts of core/alert.ts.
-- Locks: an advisory lock per subject, only if it is free, until the transaction ends; its row after that.
CREATE OR REPLACE FUNCTION cloud_job_note(watched jsonb) RETURNS jsonb
LANGUAGE plpgsql
SET search_path = pg_catalog, public, pg_temp
AS $$
#variable_conflict use_column
DECLARE
  at          CONSTANT timestamptz := cloud_job_clock();
  locks       CONSTANT integer := hashtext('cloud_job_streaks');
  -- One or two executions may be all odd ones.
  least_known CONSTANT integer := 3;
  -- Of executions under a second, one in so many is told (src/core/stretch.ts).
  quick_times CONSTANT integer := 20;
  ended       record;
  streak      cloud_job_streaks;
  slow        jsonb;
  noted       jsonb := '[]';
BEGIN
  FOR ended IN
    SELECT w.execution_id, w.status, w.job_type,
      (w.alert ->> 'after')::integer AS after,
      (w.alert ->> 'slow_times')::double precision AS slow_times,
      coalesce('schedule:' || w.schedule_id, 'type:' || w.job_type) AS subject
    FROM jsonb_to_recordset(watched) AS w (
      execution_id text, status text, job_type text, schedule_id text, alert jsonb)
  LOOP
    IF ended.status IN ('failed', 'timeout') THEN
      IF pg_try_advisory_xact_lock(locks, hashtext(ended.subject)) THEN
        INSERT INTO cloud_job_streaks AS k (subject, failures, since) VALUES (ended.subject, 1, at)
        ON CONFLICT (subject) DO UPDATE SET failures = k.failures + 1
        RETURNING * INTO streak;
        IF streak.failures >= ended.after AND streak.told_at IS NULL
          AND (streak.claimed_at <= at - interval '60 seconds') IS NOT FALSE
        THEN
          UPDATE cloud_job_streaks k SET claimed_at = at WHERE k.subject = ended.subject;
          noted := noted || jsonb_build_object('kind', 'failing', 'subject', ended.subject,
            'failures', streak.failures, 'since', streak.since);
        END IF;
      END IF;
    ELSIF ended.status = 'success'
      AND EXISTS (SELECT 1 FROM cloud_job_streaks k WHERE k.subject = ended.subject)
      AND pg_try_advisory_xact_lock(locks, hashtext(ended.subject))
    THEN
      DELETE FROM cloud_job_streaks k WHERE k.subject = ended.subject RETURNING * INTO streak;
      -- Of a streak that nobody was told of, the end is not told either.
      IF coalesce(streak.told_at, streak.claimed_at) IS NOT NULL THEN
        noted := noted || jsonb_build_object('kind', 'recovered', 'subject', ended.subject,
          'failures', streak.failures, 'since', streak.since);
      END IF;
    END IF;

    IF ended.slow_times IS NOT NULL THEN
      SELECT jsonb_build_object('kind', 'slow', 'execution_id', ended.execution_id,
        'usual_seconds', usual.seconds, 'duration_seconds', e.duration_seconds)
      INTO slow
      FROM cloud_job_executions e
      CROSS JOIN (
        SELECT percentile_disc(0.5) WITHIN GROUP (ORDER BY duration) AS seconds
        FROM cloud_job_types t CROSS JOIN unnest(t.durations) duration
        CROSS JOIN generate_series(1, CASE WHEN duration < 1 THEN quick_times ELSE 1 END)
        WHERE t.job_type = ended.job_type AND cardinality(t.durations) >= least_known) usual
      WHERE e.execution_id = ended.execution_id
        AND e.duration_seconds > ended.slow_times * usual.seconds;
      IF FOUND THEN
        noted := noted || slow;
      END IF;
    END IF;
  END LOOP;
  RETURN noted;
END
$$;
