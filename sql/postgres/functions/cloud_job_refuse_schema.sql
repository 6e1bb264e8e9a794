-- Refuses a caller written for other tables than these; asked by every function that callers may call.
-- Raises CJ001 with the installed version as its detail.
CREATE OR REPLACE FUNCTION cloud_job_refuse_schema(schema_version integer) RETURNS void
LANGUAGE plpgsql STABLE
SET search_path = pg_catalog, public, pg_temp
AS $$
BEGIN
  RAISE EXCEPTION 'cloud-jobs tables of version % met a caller of version %',
    cloud_job_schema_version(), schema_version
    USING ERRCODE = 'CJ001', DETAIL = cloud_job_schema_version()::text;
END
$$;
