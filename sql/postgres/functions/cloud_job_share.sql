-- Holds jobs as they are (share) until the transaction ends, for create_jobs, move_job and
-- cloud_job_direct_update: none of those that are depended on ends unnoticed meanwhile.
-- Locks: all of them or none. Whoever records holds a job while it waits for its dependents, and those
-- may be among these: so nobody waits here for one while it holds another, but asks anew.
-- Raises CJ003 when they stay in use for about a second.
CREATE OR REPLACE FUNCTION cloud_job_share(job_ids text[]) RETURNS void
LANGUAGE plpgsql
SET search_path = pg_catalog, public, pg_temp
AS $$
BEGIN
  FOR attempt IN 1 .. 30 LOOP
    BEGIN
      PERFORM 1 FROM cloud_jobs j WHERE j.job_id = ANY (job_ids) FOR SHARE NOWAIT;
      RETURN;
    EXCEPTION WHEN lock_not_available THEN
      NULL; -- what was locked so far is free again
    END;
    PERFORM pg_sleep(attempt * 0.002);
  END LOOP;
  RAISE EXCEPTION 'jobs that others depend on are in use; send it again' USING ERRCODE = 'CJ003';
END
$$;
