-- Trigger: someone inserted a job by themselves, as older managers do: its row is made whole.
CREATE OR REPLACE FUNCTION cloud_job_direct_insert() RETURNS trigger
LANGUAGE plpgsql
SET search_path = pg_catalog, public, pg_temp
AS $$
BEGIN
  NEW.last_event_id := 1;
  NEW := cloud_job_make_whole(NEW);
  RETURN NEW;
END
$$;
