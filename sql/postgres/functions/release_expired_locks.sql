-- For callers of the earlier Supabase set-up: releases every expired lock, answers how many.
CREATE OR REPLACE FUNCTION release_expired_locks() RETURNS integer
LANGUAGE plpgsql
SET search_path = pg_catalog, public, pg_temp
AS $$
DECLARE
  released integer := 0;
  batch    integer;
BEGIN
  LOOP
    batch := jsonb_array_length(cloud_job_release(100));
    released := released + batch;
    EXIT WHEN batch < 100;
  END LOOP;
  RETURN released;
END
$$;
