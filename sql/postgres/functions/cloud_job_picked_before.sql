-- What an earlier sending of the same claim picked, as far as it still runs; for cloud_job_claim, when
-- the answer to that sending was lost. Changes nothing.
CREATE OR REPLACE FUNCTION cloud_job_picked_before(execution_ids text[]) RETURNS json
LANGUAGE sql STABLE
SET search_path = pg_catalog, public, pg_temp
AS $$
  SELECT coalesce(json_agg(json_build_object('execution_id', e.execution_id, 'job', j)
    ORDER BY array_position(execution_ids, e.execution_id)), '[]')
  FROM cloud_job_executions e
  JOIN cloud_jobs j ON j.job_id = e.job_id AND j.lock_epoch = e.lock_epoch
  WHERE e.execution_id = ANY (execution_ids) AND e.status = 'running'
$$;
