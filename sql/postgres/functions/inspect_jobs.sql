-- What `doctor` looks at: {schema_version, now, expired_locks, types, stuck}.
CREATE OR REPLACE FUNCTION inspect_jobs(schema_version integer) RETURNS jsonb
LANGUAGE plpgsql STABLE
SET search_path = pg_catalog, public, pg_temp
AS $$
DECLARE
  at CONSTANT timestamptz := cloud_job_clock();
BEGIN
  IF schema_version IS DISTINCT FROM cloud_job_schema_version() THEN
    PERFORM cloud_job_refuse_schema(schema_version);
  END IF;
  RETURN jsonb_build_object(
    'schema_version', cloud_job_schema_version(),
    'now', at,
    'expired_locks', (
      SELECT count(*) FROM cloud_jobs j WHERE j.status = 'locked' AND j.lock_expires_at <= at),
    'types', (
      SELECT coalesce(jsonb_agg(to_jsonb(t) ORDER BY t.job_type), '[]')
      FROM (
        SELECT j.job_type, count(*) AS count FROM cloud_jobs j
        WHERE j.status IN ('waiting', 'blocked', 'locked', 'disabled') GROUP BY j.job_type
      ) t),
    'stuck', (
      SELECT coalesce(jsonb_agg(to_jsonb(s)), '[]')
      FROM (
        SELECT j.job_id, j.name, needed.job_id AS depends_on, needed.status AS depends_on_status
        FROM cloud_jobs j
        JOIN cloud_job_dependencies d ON d.job_id = j.job_id
        JOIN cloud_jobs needed ON needed.job_id = d.depends_on
        WHERE j.status = 'blocked' AND needed.status IN ('failed', 'cancelled', 'disabled')
        ORDER BY j.seq LIMIT 100
      ) s));
END
$$;
