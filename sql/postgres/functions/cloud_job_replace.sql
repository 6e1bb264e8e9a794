-- Makes room for a job of a schedule whose concurrency_policy is `replace`: its unfinished jobs are
-- cancelled, those that run are asked to stop, once; `own` is the job that is about to be made.
-- Answers what became of the slots that had made them, as cloud_job_settle does; null = someone is
-- writing one of these jobs, and nothing was changed.
-- Locks: the jobs, with SKIP LOCKED, all of them or none.
CREATE OR REPLACE FUNCTION cloud_job_replace(schedule_id text, own text) RETURNS jsonb[]
LANGUAGE plpgsql
SET search_path = pg_catalog, public, pg_temp
AS $$
#variable_conflict use_column
DECLARE
  at       CONSTANT timestamptz := cloud_job_clock();
  earlier  text[];
  replaced jsonb[];
BEGIN
  earlier := ARRAY(
    SELECT j.job_id FROM cloud_jobs j
    WHERE j.schedule_id = cloud_job_replace.schedule_id AND j.job_id <> own
      AND j.status IN ('waiting', 'blocked', 'locked')
    FOR NO KEY UPDATE SKIP LOCKED);
  IF EXISTS (
    SELECT 1 FROM cloud_jobs j
    WHERE j.schedule_id = cloud_job_replace.schedule_id AND j.job_id <> own
      AND j.status IN ('waiting', 'blocked', 'locked') AND j.job_id <> ALL (earlier)
  ) THEN
    RETURN NULL;
  END IF;
  WITH stopped AS (
    UPDATE cloud_jobs j SET
      status = CASE WHEN j.status = 'locked' THEN 'locked' ELSE 'cancelled' END,
      cancel_requested_at = CASE WHEN j.status = 'locked' THEN at ELSE j.cancel_requested_at END,
      finished_at = CASE WHEN j.status <> 'locked' THEN at END,
      updated_at = at, last_event_id = j.last_event_id + 1
    WHERE j.job_id = ANY (earlier)
      AND (j.status <> 'locked' OR j.cancel_requested_at IS NULL)
    RETURNING j.job_id, j.last_event_id, j.status
  )
  INSERT INTO cloud_job_events (job_id, event_id, at, kind, data)
  SELECT s.job_id, s.last_event_id, at,
    CASE WHEN s.status = 'locked' THEN 'log' ELSE 'status' END,
    CASE WHEN s.status = 'locked'
      THEN '{"level": "info", "message": "cancel requested"}'::jsonb
      ELSE '{"status": "cancelled", "move": "cancel", "by": "schedule"}'::jsonb END
  FROM stopped s;
  WITH passed AS (
    UPDATE cloud_job_slots s SET status = 'replaced', reason = 'later_slot', decided_at = at
    -- Both words: the partial index of jobs is chosen by the first one alone.
    WHERE s.job_id = ANY (earlier) AND s.status IN ('fired', 'replaced') AND s.status = 'fired'
      AND s.schedule_id = cloud_job_replace.schedule_id
    RETURNING s.slot_at, s.job_id
  )
  SELECT coalesce(array_agg(jsonb_build_object(
    'schedule_id', c.schedule_id, 'name', c.name, 'slot_at', p.slot_at, 'status', 'replaced',
    'reason', 'later_slot', 'job_id', p.job_id) ORDER BY p.slot_at), '{}')
  INTO replaced FROM passed p
  JOIN cloud_job_schedules c ON c.schedule_id = cloud_job_replace.schedule_id;
  RETURN replaced;
END
$$;
