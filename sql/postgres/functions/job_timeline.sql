-- What ended, and what became of slots, in `buckets` parts of `bucket_seconds` each, the last of which
-- holds the present: parts begin at whole multiples of their length since 1970; empty ones are left out.
CREATE OR REPLACE FUNCTION job_timeline(
  schema_version integer,
  bucket_seconds integer,
  buckets        integer
) RETURNS jsonb
LANGUAGE plpgsql STABLE
SET search_path = pg_catalog, public, pg_temp
SET plan_cache_mode = force_custom_plan
AS $$
DECLARE
  at    CONSTANT timestamptz := cloud_job_clock();
  part  CONSTANT interval    := make_interval(secs => bucket_seconds);
  epoch CONSTANT timestamptz := 'epoch';
  until CONSTANT timestamptz := date_bin(part, at, epoch) + part;
  since CONSTANT timestamptz := until - buckets * part;
BEGIN
  IF schema_version IS DISTINCT FROM cloud_job_schema_version() THEN
    PERFORM cloud_job_refuse_schema(schema_version);
  END IF;
  RETURN jsonb_build_object(
    'at', at,
    'bucket_seconds', bucket_seconds,
    'since', since,
    'executions', (
      SELECT coalesce(jsonb_agg(to_jsonb(x) ORDER BY x."from", x.status), '[]')
      FROM (
        SELECT date_bin(part, e.finished_at, epoch) AS "from", e.status, count(*) AS count,
          coalesce(avg(e.duration_seconds), 0) AS average_seconds,
          coalesce(max(e.duration_seconds), 0) AS longest_seconds
        FROM cloud_job_executions e WHERE e.finished_at >= since AND e.finished_at < until
        GROUP BY 1, 2
      ) x),
    'slots', (
      SELECT coalesce(jsonb_agg(to_jsonb(s) ORDER BY s."from", s.status), '[]')
      FROM (
        SELECT date_bin(part, l.decided_at, epoch) AS "from", l.status,
          sum(coalesce(l.times, 1)) AS count
        FROM cloud_job_slots l WHERE l.decided_at >= since AND l.decided_at < until
        GROUP BY 1, 2
      ) s));
END
$$;
