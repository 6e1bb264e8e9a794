-- Counts for `stats`: jobs per type and status, executions of the last 24 hours, what is due.
CREATE OR REPLACE FUNCTION job_stats(schema_version integer) RETURNS jsonb
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
    'at', at,
    'types', (
      SELECT coalesce(jsonb_agg(to_jsonb(t) ORDER BY t.job_type, t.status), '[]')
      FROM (
        SELECT j.job_type, j.status, count(*) AS count FROM cloud_jobs j
        GROUP BY j.job_type, j.status
      ) t),
    'executions', (
      SELECT coalesce(jsonb_agg(to_jsonb(x) ORDER BY x.status), '[]')
      FROM (
        SELECT e.status, count(*) AS count,
          coalesce(avg(e.duration_seconds), 0) AS average_seconds
        FROM cloud_job_executions e WHERE e.finished_at > at - interval '24 hours'
        GROUP BY e.status
      ) x),
    'due', (
      SELECT jsonb_build_object(
        'count', count(*), 'oldest_seconds', extract(epoch FROM at - min(j.run_at)))
      FROM cloud_jobs j WHERE j.status = 'waiting' AND j.run_at <= at));
END
$$;
