-- What keeps rows whole that others write or delete by themselves. Created once: a trigger is never
-- replaced under running jobs. The conditions are read anew in each statement, so they are short; all
-- that picks, records, steps and progress write makes them false (a heartbeat without lines does not).
-- Updates are put in order after they were made: a trigger before them would lock each row first,
-- also where its condition is false, which made every pick and record dearer.
DO $$
BEGIN
  IF NOT EXISTS (SELECT 1 FROM pg_trigger WHERE tgname = 'cloud_job_direct_update') THEN
    CREATE TRIGGER cloud_job_direct_insert BEFORE INSERT ON cloud_jobs FOR EACH ROW
      WHEN (NEW.last_event_id = 0) EXECUTE FUNCTION cloud_job_direct_insert();
    CREATE TRIGGER cloud_job_direct_update AFTER UPDATE ON cloud_jobs FOR EACH ROW
      WHEN (OLD.last_event_id = NEW.last_event_id) EXECUTE FUNCTION cloud_job_direct_update();
    CREATE TRIGGER cloud_job_forget AFTER DELETE ON cloud_jobs
      REFERENCING OLD TABLE AS gone FOR EACH STATEMENT EXECUTE FUNCTION cloud_job_forget();
    CREATE TRIGGER cloud_job_adopt_execution BEFORE INSERT ON cloud_job_executions FOR EACH ROW
      WHEN (NEW.lock_epoch IS NULL) EXECUTE FUNCTION cloud_job_adopt_execution();
    CREATE TRIGGER cloud_job_end_execution AFTER UPDATE ON cloud_job_executions FOR EACH ROW
      WHEN (OLD.job_status IS NOT DISTINCT FROM NEW.job_status)
      EXECUTE FUNCTION cloud_job_end_execution();
  END IF;
END
$$;
