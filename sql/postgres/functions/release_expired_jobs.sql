-- Called by `unlock`: releases up to `limit` expired locks now, of any type; see cloud_job_release.
CREATE OR REPLACE FUNCTION release_expired_jobs(schema_version integer, "limit" integer)
RETURNS jsonb
LANGUAGE plpgsql
SET search_path = pg_catalog, public, pg_temp
AS $$
BEGIN
  IF schema_version IS DISTINCT FROM cloud_job_schema_version() THEN
    PERFORM cloud_job_refuse_schema(schema_version);
  END IF;
  RETURN cloud_job_release("limit");
END
$$;
