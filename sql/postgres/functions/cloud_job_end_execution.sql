-- Trigger: someone updated an execution by themselves, as older workers do to end theirs. One that has
-- ended keeps the status it ended with: a write that says otherwise changes nothing, and counts no row.
CREATE OR REPLACE FUNCTION cloud_job_end_execution() RETURNS trigger
LANGUAGE plpgsql
SET search_path = pg_catalog, public, pg_temp
AS $$
BEGIN
  IF OLD.status <> 'running' AND NEW.status <> OLD.status THEN
    RETURN NULL;
  END IF;
  NEW.finished_at := cloud_job_end_of(NEW.status, NEW.finished_at);
  RETURN NEW;
END
$$;
