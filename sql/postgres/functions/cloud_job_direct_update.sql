-- Trigger: someone updated a job by themselves (an older worker, a person in the table editor), and
-- knows nothing of the columns that belong to its status. Makes the row whole, ends the execution that
-- was running, tells of it in the job's history, and frees dependents of a success.
-- Writes of older workers name no lock epoch; those that come too late are refused (CJ006), and their
-- statement changes nothing: a pick of what is held or not due, and the end of a run when the job is
-- not locked any more, or an instance of this version holds it. The end of a run is told by its
-- last_execution.
-- Locks: the job, which is locked already, then its blocked dependents; what it depends on, if it is
-- to wait, see cloud_job_share.
CREATE OR REPLACE FUNCTION cloud_job_direct_update() RETURNS trigger
LANGUAGE plpgsql
SET search_path = pg_catalog, public, pg_temp
AS $$
DECLARE
  at     CONSTANT timestamptz := cloud_job_clock();
  moved  CONSTANT boolean := NEW.status <> OLD.status;
  picked CONSTANT boolean := NEW.status = 'locked'
    AND (moved OR NEW.locked_by IS DISTINCT FROM OLD.locked_by);
  ended  CONSTANT boolean := moved AND NEW.status IN ('success', 'failed', 'waiting')
    AND NEW.last_execution <> coalesce(OLD.last_execution, '-infinity');
  given  cloud_jobs;
  job    cloud_jobs;
  needed text[];
BEGIN
  IF NEW.starts_blocked <> OLD.starts_blocked THEN
    RETURN NULL; -- create_jobs, not someone else
  END IF;
  IF picked AND NOT coalesce(
      OLD.status = 'waiting' AND OLD.run_at <= at
      OR OLD.status = 'locked' AND OLD.lock_expires_at <= at, false)
  THEN
    RAISE EXCEPTION 'job % cannot be locked: it is neither waiting and due, nor has its lock expired',
      OLD.job_id USING ERRCODE = 'CJ006';
  END IF;
  IF ended AND (OLD.status <> 'locked' OR EXISTS (
      SELECT 1 FROM cloud_job_executions e
      WHERE e.job_id = OLD.job_id AND e.lock_epoch = OLD.lock_epoch AND e.status = 'running'
        AND e."trigger" NOT IN ('get_next_available_job', 'unknown')))
  THEN
    RAISE EXCEPTION 'job % is not % by this run: its lock was released, or someone else holds it',
      OLD.job_id, NEW.status USING ERRCODE = 'CJ006';
  END IF;

  -- Not NEW: another row of the same statement may have freed it by now.
  SELECT * INTO given FROM cloud_jobs j WHERE j.job_id = NEW.job_id;
  job := given;
  IF moved OR picked THEN
    IF OLD.status = 'locked' THEN
      UPDATE cloud_job_executions e SET
        status = CASE
          WHEN NEW.status IN ('success', 'failed', 'cancelled') THEN NEW.status
          WHEN ended THEN 'failed'
          ELSE 'lost' END,
        finished_at = at, duration_seconds = extract(epoch FROM at - e.started_at),
        error_message = CASE WHEN NEW.status <> 'success'
          THEN coalesce(e.error_message, 'ended by a direct update of its job') END
      WHERE e.job_id = OLD.job_id AND e.lock_epoch = OLD.lock_epoch AND e.status = 'running';
    END IF;
    -- What older workers call `failed` is picked again while retries are left, after those that wait.
    IF OLD.status = 'locked' AND job.status = 'failed' AND job.current_retries < job.max_retries THEN
      job.status := 'waiting';
    END IF;
    IF job.status = 'waiting' THEN
      IF OLD.status <> 'locked' THEN
        job.cancel_requested_at := NULL;
        needed := ARRAY(
          SELECT d.depends_on FROM cloud_job_dependencies d WHERE d.job_id = job.job_id);
        IF needed <> '{}' THEN
          PERFORM cloud_job_share(needed);
        END IF;
        IF cloud_job_is_blocked(job.job_id) THEN
          job.status := 'blocked';
        END IF;
      ELSIF OLD.cancel_requested_at IS NOT NULL THEN
        job.status := 'cancelled';
      ELSIF NEW.run_at = OLD.run_at THEN
        job.run_at := at;
      END IF;
    END IF;
    job.lock_epoch := job.lock_epoch + picked::integer;
    job.updated_at := at;
    job.last_event_id := job.last_event_id + 1;
  END IF;

  job := cloud_job_make_whole(job);
  IF job IS DISTINCT FROM given THEN
    UPDATE cloud_jobs j SET
      status = job.status, lock_epoch = job.lock_epoch, last_event_id = job.last_event_id,
      run_at = job.run_at, updated_at = job.updated_at, finished_at = job.finished_at,
      cancel_requested_at = job.cancel_requested_at, locked_at = job.locked_at,
      locked_by = job.locked_by, lock_expires_at = job.lock_expires_at
    WHERE j.job_id = job.job_id;
  END IF;
  IF moved OR picked THEN
    PERFORM cloud_job_append_status(
      job.job_id, job.last_event_id, job.status, '{"by": "a direct update"}');
  END IF;
  IF moved AND job.status = 'success' THEN
    PERFORM cloud_job_unblock(ARRAY[job.job_id]);
  END IF;
  RETURN NULL;
END
$$;
