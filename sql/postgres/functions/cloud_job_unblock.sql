-- Makes `waiting` what waits for nothing but successes any more, for record_executions and
-- cloud_job_direct_update; `done` are jobs that became `success` in this transaction.
-- Locks: their blocked dependents, in order of job_id, before it looks: of two jobs that end at the
-- same moment the later one then sees the earlier one's success, and cannot leave both unnoticed.
CREATE OR REPLACE FUNCTION cloud_job_unblock(done text[]) RETURNS void
LANGUAGE plpgsql
SET search_path = pg_catalog, public, pg_temp
SET plan_cache_mode = force_generic_plan
AS $$
#variable_conflict use_column
DECLARE
  at      CONSTANT timestamptz := cloud_job_clock();
  blocked text[];
BEGIN
  blocked := ARRAY(
    SELECT j.job_id FROM cloud_jobs j
    WHERE j.job_id IN (SELECT d.job_id FROM cloud_job_dependencies d WHERE d.depends_on = ANY (done))
      AND j.status = 'blocked'
    ORDER BY j.job_id FOR NO KEY UPDATE);
  WITH freed AS (
    UPDATE cloud_jobs j SET
      status = 'waiting', updated_at = at, last_event_id = j.last_event_id + 1
    WHERE j.job_id = ANY (blocked) AND NOT cloud_job_is_blocked(j.job_id)
    RETURNING j.job_id, j.last_event_id
  )
  INSERT INTO cloud_job_events (job_id, event_id, at, kind, data)
  SELECT f.job_id, f.last_event_id, at, 'status', jsonb_build_object(
    'status', 'waiting', 'unblocked_by', (
      SELECT min(d.depends_on) FROM cloud_job_dependencies d
      WHERE d.job_id = f.job_id AND d.depends_on = ANY (done)))
  FROM freed f;
END
$$;
