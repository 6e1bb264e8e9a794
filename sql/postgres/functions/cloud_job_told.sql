-- Where each recorded job went, in the order of `records`, for record_executions; null = not recorded.
-- An answer may have been lost on its way: the same outcome, already there, counts as recorded.
CREATE OR REPLACE FUNCTION cloud_job_told(records jsonb) RETURNS json
LANGUAGE sql STABLE
SET search_path = pg_catalog, public, pg_temp
AS $$
  SELECT coalesce(json_agg(e.job_status ORDER BY g.place), '[]')
  FROM ROWS FROM (jsonb_to_recordset(records)
    AS (job_id text, execution_id text, lock_epoch bigint, status text))
    WITH ORDINALITY AS g (job_id, execution_id, lock_epoch, status, place)
  LEFT JOIN cloud_job_executions e ON e.execution_id = g.execution_id AND e.job_id = g.job_id
    AND e.lock_epoch = g.lock_epoch AND e.status = g.status
$$;
