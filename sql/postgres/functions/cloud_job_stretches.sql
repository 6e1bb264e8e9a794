-- What is known of these types, for cloud_job_claim and cloud_job_learn; types of which nothing was
-- learned for 6 hours are not among them. A type that is left out teaches nothing new: so it is tried
-- again after a while, and what it needed before does not count any more.
-- Inlined into their statements, so it pins no search_path but names its schema.
CREATE OR REPLACE FUNCTION cloud_job_stretches(job_types text[])
RETURNS TABLE (job_type text, stretches double precision[])
LANGUAGE sql STABLE AS $$
  SELECT t.job_type, t.stretches FROM public.cloud_job_types t
  WHERE t.job_type = ANY (job_types)
    AND t.updated_at >= public.cloud_job_clock() - interval '6 hours'
$$;
