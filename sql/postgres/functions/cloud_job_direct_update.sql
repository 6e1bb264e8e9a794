-- Trigger: someone updated a job by themselves (an older worker, a person in the table editor), and
-- knows nothing of the columns that belong to its status. Makes the row whole, ends the execution that
-- was running, tells of it in the job's history, and frees dependents of a success.
-- Writes of older workers name no lock epoch; those that come too late change nothing, and count no
-- row: a pick of what is held or not due, and the end of a run when the job is not locked any more, or
-- an instance of this version holds it. The end of a run is told by its last_execution.
-- Locks: the job, which is locked already, then its blocked dependents; what it depends on, if it is
-- to wait, only when nobody is at it (55P03 then: send it again).
CREATE OR REPLACE FUNCTION cloud_job_direct_update() RETURNS trigger
LANGUAGE plpgsql
SET search_path = pg_catalog, public, pg_temp
AS $$
DECLARE
  at     CONSTANT timestamptz := cloud_job_clock();
  moved  CONSTANT boolean := NEW.status IS DISTINCT FROM OLD.status;
  picked CONSTANT boolean := NEW.status = 'locked'
    AND (moved OR NEW.locked_by IS DISTINCT FROM OLD.locked_by);
  ended  CONSTANT boolean := moved AND NEW.status IN ('success', 'failed', 'waiting')
    AND NEW.last_execution <> coalesce(OLD.last_execution, '-infinity');
BEGIN
  IF NEW.starts_blocked <> OLD.starts_blocked THEN
    RETURN NEW; -- create_jobs, not someone else
  END IF;
  IF NOT moved AND NOT picked THEN
    RETURN cloud_job_make_whole(NEW);
  END IF;
  IF picked AND NOT coalesce(
      OLD.status = 'waiting' AND OLD.run_at <= at
      OR OLD.status = 'locked' AND OLD.lock_expires_at <= at, false)
    OR ended AND (OLD.status <> 'locked' OR EXISTS (
      SELECT 1 FROM cloud_job_executions e
      WHERE e.job_id = OLD.job_id AND e.lock_epoch = OLD.lock_epoch AND e.status = 'running'
        AND e."trigger" NOT IN ('get_next_available_job', 'unknown')))
  THEN
    RETURN NULL;
  END IF;

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
  IF OLD.status = 'locked' AND NEW.status = 'failed' AND NEW.current_retries < NEW.max_retries THEN
    NEW.status := 'waiting';
  END IF;
  IF NEW.status = 'waiting' THEN
    IF OLD.status <> 'locked' THEN
      NEW.cancel_requested_at := NULL;
      PERFORM 1 FROM cloud_job_dependencies d JOIN cloud_jobs needed ON needed.job_id = d.depends_on
      WHERE d.job_id = NEW.job_id FOR SHARE OF needed NOWAIT;
      IF cloud_job_is_blocked(NEW.job_id) THEN
        NEW.status := 'blocked';
      END IF;
    ELSIF OLD.cancel_requested_at IS NOT NULL THEN
      NEW.status := 'cancelled';
    ELSIF NEW.run_at = OLD.run_at THEN
      NEW.run_at := at;
    END IF;
  END IF;
  IF picked THEN
    NEW.lock_epoch := OLD.lock_epoch + 1;
  END IF;
  NEW.updated_at := at;
  NEW.last_event_id := OLD.last_event_id + 1;
  NEW := cloud_job_make_whole(NEW);
  PERFORM cloud_job_append_status(
    NEW.job_id, NEW.last_event_id, NEW.status, '{"by": "a direct update"}');
  IF NEW.status = 'success' THEN
    PERFORM cloud_job_unblock(ARRAY[NEW.job_id]);
  END IF;
  RETURN NEW;
END
$$;
