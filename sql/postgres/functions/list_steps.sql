-- The steps of a job, in their order: what a later execution replays.
CREATE OR REPLACE FUNCTION list_steps(schema_version integer, job_id text) RETURNS jsonb
LANGUAGE plpgsql STABLE
SET search_path = pg_catalog, public, pg_temp
AS $$
BEGIN
  IF schema_version IS DISTINCT FROM cloud_job_schema_version() THEN
    PERFORM cloud_job_refuse_schema(schema_version);
  END IF;
  RETURN (
    SELECT coalesce(jsonb_agg(to_jsonb(s) ORDER BY s.step_order, s.name), '[]')
    FROM cloud_job_steps s WHERE s.job_id = list_steps.job_id);
END
$$;
