-- Keeps how long code of these types went on without finishing a step, one stretch per type named, and
-- how long those of the executions took that succeeded, for record_executions. Of a type that someone
-- else is recording right now it keeps nothing: a sample is not worth waiting for, and whoever waited
-- here while holding jobs could wait in a circle.
-- Locks: an advisory lock per type, only if it is free, until the transaction ends; its row after that.
CREATE OR REPLACE FUNCTION cloud_job_learn(
  job_types text[], stretches double precision[], execution_ids text[]
) RETURNS void
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
  took   double precision[];
BEGIN
  FOR type, recent, took IN
    SELECT g.job_type, array_agg(g.stretch),
      coalesce(array_agg(e.duration_seconds) FILTER (WHERE e.status = 'success'), '{}')
    FROM unnest(cloud_job_learn.job_types, cloud_job_learn.stretches,
      cloud_job_learn.execution_ids) g (job_type, stretch, execution_id)
    JOIN cloud_job_executions e ON e.execution_id = g.execution_id
    GROUP BY g.job_type
  LOOP
    CONTINUE WHEN NOT pg_try_advisory_xact_lock(locks, hashtext(type));
    -- Statements of their own, so that they see what the last holder of the lock has kept.
    recent := (SELECT k.stretches FROM cloud_job_stretches(ARRAY[type]) k) || recent;
    took := (SELECT k.durations FROM cloud_job_types k WHERE k.job_type = type) || took;
    INSERT INTO cloud_job_types (job_type, stretches, durations, updated_at)
    VALUES (type, recent[cardinality(recent) - most + 1:], took[cardinality(took) - most + 1:],
      cloud_job_clock())
    ON CONFLICT (job_type) DO UPDATE SET stretches = excluded.stretches,
      durations = excluded.durations, updated_at = excluded.updated_at;
  END LOOP;
END
$$;
