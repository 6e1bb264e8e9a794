-- The first due job of each level, that is of each type and each priority present among its waiting
-- jobs; for cloud_job_claim. Walks the claim index by jumps, two probes a level: neither other types
-- nor any number of jobs that are not due yet are read; the cost is types × priorities in use.
-- Inlined into the claim's statements, so it pins no search_path but names its schema.
CREATE OR REPLACE FUNCTION cloud_job_heads(
  job_types text[], priority_min integer, priority_max integer, due_by timestamptz
) RETURNS TABLE (job_type text, priority smallint, run_at timestamptz, seq bigint)
LANGUAGE sql STABLE AS $$
  WITH RECURSIVE level (job_type, priority) AS (
    SELECT known, (
      SELECT j.priority FROM public.cloud_jobs j
      WHERE j.status = 'waiting' AND j.job_type = known AND j.priority <= priority_max
      ORDER BY j.priority DESC LIMIT 1)
    FROM unnest(job_types) known
    UNION ALL
    SELECT l.job_type, (
      SELECT j.priority FROM public.cloud_jobs j
      WHERE j.status = 'waiting' AND j.job_type = l.job_type AND j.priority < l.priority
      ORDER BY j.priority DESC LIMIT 1)
    FROM level l WHERE l.priority >= priority_min
  )
  SELECT l.job_type, l.priority, head.run_at, head.seq
  FROM level l
  CROSS JOIN LATERAL (
    SELECT j.run_at, j.seq FROM public.cloud_jobs j
    WHERE j.status = 'waiting' AND j.job_type = l.job_type AND j.priority = l.priority
      AND j.run_at <= due_by
    ORDER BY j.run_at, j.seq LIMIT 1) head
  WHERE l.priority >= priority_min
$$;
