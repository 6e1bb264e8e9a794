-- Creates or changes one schedule, for save_schedules, which holds it; `write` is as told there.
-- Answers why it is refused, name_taken or changed; null = it is as the write has it, or was already.
CREATE OR REPLACE FUNCTION cloud_job_save(write jsonb) RETURNS text
LANGUAGE plpgsql
SET search_path = pg_catalog, public, pg_temp
AS $$
DECLARE
  at       CONSTANT timestamptz := cloud_job_clock();
  read_as  CONSTANT integer := write ->> 'revision';
  is_new   boolean;
  schedule cloud_job_schedules;
  given    cloud_job_schedules;
BEGIN
  SELECT * INTO schedule FROM cloud_job_schedules c
  WHERE c.schedule_id = write ->> 'schedule_id';
  is_new := NOT FOUND;
  given := jsonb_populate_record(schedule, write - ARRAY['revision', 'status']);
  given.config := write -> 'config'; -- the record makes NULL of a JSON null
  IF is_new THEN
    given.status := coalesce(write ->> 'status', 'active');
  ELSIF read_as IS NOT NULL THEN
    given.status := coalesce(write ->> 'status', schedule.status);
  END IF; -- a creation that is sent again leaves alone what became of its status since
  IF schedule.status <> 'deleted' AND given IS NOT DISTINCT FROM schedule THEN
    RETURN NULL;
  END IF;
  IF schedule.status = 'deleted' OR read_as IS DISTINCT FROM schedule.revision THEN
    RETURN 'changed'; -- by someone else, or it is gone
  END IF;
  IF EXISTS (
    SELECT 1 FROM cloud_job_schedules c
    WHERE c.name = given.name COLLATE "C" AND c.status <> 'deleted' AND c.schedule_id <> given.schedule_id
  ) THEN
    RETURN 'name_taken';
  END IF;
  IF is_new THEN
    given.revision := 1;
    given.planned_until := at;
    given.plan_at := CASE WHEN given.status = 'active' THEN at END;
    given.created_at := at;
    given.updated_at := at;
    INSERT INTO cloud_job_schedules VALUES (given.*);
  ELSE
    PERFORM cloud_job_stand(schedule, given);
  END IF;
  RETURN NULL;
END
$$;
