-- Trigger: someone updated an execution by themselves, as older workers do to end theirs. One that has
-- ended keeps the status it ended with: a write that says otherwise is refused (CJ006).
CREATE OR REPLACE FUNCTION cloud_job_end_execution() RETURNS trigger
LANGUAGE plpgsql
SET search_path = pg_catalog, public, pg_temp
AS $$
DECLARE
  finished CONSTANT timestamptz := cloud_job_end_of(NEW.status, NEW.finished_at);
BEGIN
  IF OLD.status <> 'running' AND NEW.status <> OLD.status THEN
    RAISE EXCEPTION 'execution % has ended as "%" already', OLD.execution_id, OLD.status
      USING ERRCODE = 'CJ006';
  END IF;
  IF finished IS DISTINCT FROM NEW.finished_at THEN
    UPDATE cloud_job_executions e SET finished_at = finished
    WHERE e.execution_id = NEW.execution_id;
  END IF;
  RETURN NULL;
END
$$;
