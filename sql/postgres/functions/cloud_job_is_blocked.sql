-- Whether a job it depends on is not `success`; for whoever sets a job to `waiting`.
CREATE OR REPLACE FUNCTION cloud_job_is_blocked(job_id text) RETURNS boolean
LANGUAGE sql STABLE AS $$
  SELECT EXISTS (
    SELECT 1 FROM public.cloud_job_dependencies d
    JOIN public.cloud_jobs needed ON needed.job_id = d.depends_on
    WHERE d.job_id = $1 AND needed.status <> 'success')
$$;
