-- Keeps how long code of these types went on without finishing a step, one stretch per type named, for
-- record_executions. Of a type that someone else is recording right now it keeps nothing: a sample is
-- not worth waiting for, and whoever waited here while holding jobs could wait in a circle.
-- Locks: an advisory lock per type, only if it is free, until the transaction ends; its row after that.
CREATE OR REPLACE FUNCTION cloud_job_learn(job_types text[], stretches double precision[])
RETURNS void
LANGUAGE plpgsql
SET search_path = pg_catalog, public, pg_temp
AS $$
#variable_conflict use_column
DECLARE
  -- The 95th percentile of twenty is the longest but one: a single outlier does not count.
  most   CONSTANT integer := 20;
  -- Sets these locks apart from those of others in the same database.
  locks  CONSTANT integer := hashtext('cloud_job_types');
  type   text;
  recent double precision[];
BEGIN
  FOR type, recent IN
    SELECT g.job_type, array_agg(g.stretch)
    FROM unnest(cloud_job_learn.job_types, cloud_job_learn.stretches) g (job_type, stretch)
    GROUP BY g.job_type
  LOOP
    CONTINUE WHEN NOT pg_try_advisory_xact_lock(locks, hashtext(type));
    -- A statement of its own, so that it sees what the last holder of the lock has kept.
    recent := (SELECT k.stretches FROM cloud_job_stretches(ARRAY[type]) k) || recent;
    INSERT INTO cloud_job_types (job_type, stretches, updated_at)
    VALUES (type, recent[cardinality(recent) - most + 1:], cloud_job_clock())
    ON CONFLICT (job_type) DO UPDATE SET
      stretches = excluded.stretches, updated_at = excluded.updated_at;
  END LOOP;
END
$$;
