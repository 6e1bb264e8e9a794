-- Trigger: someone inserted an execution by themselves, as older workers do after a pick. It takes the
-- place of the one that the pick opened, so that each pick has one. Without a pick that it could
-- belong to it is given a number below those of the picks, and is `lost` when it says that it runs.
-- Locks: the job's key, as a foreign key would, so that it is not deleted meanwhile.
CREATE OR REPLACE FUNCTION cloud_job_adopt_execution() RETURNS trigger
LANGUAGE plpgsql
SET search_path = pg_catalog, public, pg_temp
AS $$
DECLARE
  job record;
BEGIN
  SELECT j.lock_epoch, j.status, j.locked_by INTO job
  FROM cloud_jobs j WHERE j.job_id = NEW.job_id FOR KEY SHARE;
  IF NOT FOUND THEN
    RAISE EXCEPTION 'there is no job %', NEW.job_id
      USING ERRCODE = 'foreign_key_violation', TABLE = 'cloud_job_executions', COLUMN = 'job_id';
  END IF;
  IF job.status = 'locked' AND NEW.instance_id IN (job.locked_by, 'unknown') THEN
    DELETE FROM cloud_job_executions e
    WHERE e.job_id = NEW.job_id AND e.lock_epoch = job.lock_epoch AND e.status = 'running'
      AND e."trigger" = 'get_next_available_job'
    RETURNING e.lock_epoch, e.opened_event_id, e."trigger"
    INTO NEW.lock_epoch, NEW.opened_event_id, NEW."trigger";
    IF NOT FOUND AND NOT EXISTS (SELECT 1 FROM cloud_job_executions e
      WHERE e.job_id = NEW.job_id AND e.lock_epoch = job.lock_epoch) THEN
      NEW.lock_epoch := job.lock_epoch;
    END IF;
  END IF;
  NEW."trigger" := coalesce(NEW."trigger", 'unknown');
  IF NEW.lock_epoch IS NULL THEN
    SELECT least(min(e.lock_epoch), 0) - 1 INTO NEW.lock_epoch
    FROM cloud_job_executions e WHERE e.job_id = NEW.job_id;
    IF NEW.status = 'running' THEN
      NEW.status := 'lost';
      NEW.error_message := 'inserted for a job that this instance does not hold';
    END IF;
  END IF;
  NEW.finished_at := cloud_job_end_of(NEW.status, NEW.finished_at);
  RETURN NEW;
END
$$;
