-- What claim_jobs would answer now: the real claim, undone, so that it cannot drift from what a claim
-- does. Changes nothing.
CREATE OR REPLACE FUNCTION preview_claim(
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
DECLARE
  claim json;
BEGIN
  IF schema_version IS DISTINCT FROM cloud_job_schema_version() THEN
    PERFORM cloud_job_refuse_schema(schema_version);
  END IF;
  claim := cloud_job_claim(instance_id, job_types, execution_ids, lock_seconds, "trigger",
    priority_min, priority_max, fits_seconds, fits_share);
  RAISE EXCEPTION USING ERRCODE = 'CJ005'; -- one with 000 would catch all others of its class
EXCEPTION WHEN SQLSTATE 'CJ005' THEN
  RETURN claim; -- the variable outlives the undoing
END
$$;
