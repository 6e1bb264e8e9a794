-- Called by a drain that wakes: the whole upkeep and the first pick, in one round trip.
-- Answers {picks: [{execution_id, job}], released: […], next_due_seconds, too_long, schedules};
-- see cloud_job_claim.
CREATE OR REPLACE FUNCTION claim_jobs(
  schema_version integer,
  instance_id    text,
  job_types      text[],
  execution_ids  text[],
  lock_seconds   double precision,
  "trigger"      text,
  priority_min   integer DEFAULT -32768,
  priority_max   integer DEFAULT 32767,
  fits_seconds   double precision DEFAULT NULL,
  fits_share     double precision DEFAULT NULL
) RETURNS json
LANGUAGE plpgsql
SET search_path = pg_catalog, public, pg_temp
AS $$
BEGIN
  IF schema_version IS DISTINCT FROM cloud_job_schema_version() THEN
    PERFORM cloud_job_refuse_schema(schema_version);
  END IF;
  RETURN cloud_job_claim(instance_id, job_types, execution_ids, lock_seconds, "trigger",
    priority_min, priority_max, fits_seconds, fits_share);
END
$$;
