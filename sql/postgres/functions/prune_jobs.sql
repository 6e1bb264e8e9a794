-- Called by `maintenance`: deletes at most `limit` rows of each kind that are older than that.
-- Answers {executions, events, jobs, slots, more}; rows that go with their job are not counted.
-- Events go with the executions of their time, and first, so that none is left behind. A finished
-- job that is no success stays while others depend on it.
-- Of the ledger goes what was decided before then; a deleted schedule once it has no slots left.
-- Locks: jobs with SKIP LOCKED, their dependencies (see cloud_job_undepend) and their other rows; only
-- then old executions, events, slots and schedules, with SKIP LOCKED: whoever holds those waits for
-- nobody.
CREATE OR REPLACE FUNCTION prune_jobs(
  schema_version  integer,
  older_than_days double precision,
  executions      boolean,
  jobs            boolean,
  "limit"         integer
) RETURNS jsonb
LANGUAGE plpgsql
SET search_path = pg_catalog, public, pg_temp
AS $$
#variable_conflict use_column
DECLARE
  before CONSTANT timestamptz := cloud_job_clock() - make_interval(secs => older_than_days * 86400);
  most   CONSTANT integer := "limit";
  old    text[];
  pruned_executions integer := 0;
  pruned_events     integer := 0;
  pruned_jobs       integer := 0;
  pruned_slots      integer := 0;
  pruned_schedules  integer := 0;
BEGIN
  IF schema_version IS DISTINCT FROM cloud_job_schema_version() THEN
    PERFORM cloud_job_refuse_schema(schema_version);
  END IF;
  IF prune_jobs.jobs THEN
    old := ARRAY(
      SELECT j.job_id FROM cloud_jobs j
      WHERE j.finished_at < before AND (j.status = 'success' OR NOT EXISTS (
        SELECT 1 FROM cloud_job_dependencies d WHERE d.depends_on = j.job_id))
      ORDER BY j.finished_at LIMIT most FOR UPDATE SKIP LOCKED);
    -- Asked again now that they are locked: a dependent may have been added before that.
    old := ARRAY(
      SELECT j.job_id FROM cloud_jobs j
      WHERE j.job_id = ANY (old) AND (j.status = 'success' OR NOT EXISTS (
        SELECT 1 FROM cloud_job_dependencies d WHERE d.depends_on = j.job_id)));
    PERFORM cloud_job_undepend(old);
    DELETE FROM cloud_jobs j WHERE j.job_id = ANY (old);
    GET DIAGNOSTICS pruned_jobs = ROW_COUNT;
  END IF;
  IF prune_jobs.executions THEN
    old := ARRAY(
      SELECT e.execution_id FROM cloud_job_executions e
      WHERE e.finished_at < before LIMIT most FOR UPDATE SKIP LOCKED);
    DELETE FROM cloud_job_events v WHERE (v.job_id, v.event_id) IN (
      SELECT k.job_id, k.event_id
      FROM (SELECT DISTINCT e.job_id FROM cloud_job_executions e WHERE e.execution_id = ANY (old)) o
      JOIN cloud_job_events k ON k.job_id = o.job_id AND k.at < before
      LIMIT most FOR UPDATE OF k SKIP LOCKED);
    GET DIAGNOSTICS pruned_events = ROW_COUNT;
    IF pruned_events < most THEN
      DELETE FROM cloud_job_executions e WHERE e.execution_id = ANY (old);
      GET DIAGNOSTICS pruned_executions = ROW_COUNT;
    END IF;
    DELETE FROM cloud_job_slots s WHERE (s.schedule_id, s.slot_at) IN (
      SELECT k.schedule_id, k.slot_at FROM cloud_job_slots k
      WHERE k.decided_at < before LIMIT most FOR UPDATE SKIP LOCKED);
    GET DIAGNOSTICS pruned_slots = ROW_COUNT;
    old := ARRAY(
      SELECT c.schedule_id FROM cloud_job_schedules c
      WHERE c.status = 'deleted' AND c.updated_at < before AND NOT EXISTS (
        SELECT 1 FROM cloud_job_slots s WHERE s.schedule_id = c.schedule_id)
      LIMIT most FOR UPDATE SKIP LOCKED);
    DELETE FROM cloud_job_schedules c WHERE c.schedule_id = ANY (old);
    GET DIAGNOSTICS pruned_schedules = ROW_COUNT;
    DELETE FROM cloud_job_streaks k
    WHERE k.subject IN (SELECT 'schedule:' || gone FROM unnest(old) gone);
  END IF;
  RETURN jsonb_build_object(
    'executions', pruned_executions, 'events', pruned_events, 'jobs', pruned_jobs,
    'slots', pruned_slots, 'more', greatest(
      pruned_executions, pruned_events, pruned_jobs, pruned_slots, pruned_schedules) >= most);
END
$$;
