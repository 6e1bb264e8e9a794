-- One job whole: {job, executions, steps, depends_on, schedule}; null = no such job.
CREATE OR REPLACE FUNCTION get_job(schema_version integer, job_id text) RETURNS jsonb
LANGUAGE plpgsql STABLE
SET search_path = pg_catalog, public, pg_temp
AS $$
BEGIN
  IF schema_version IS DISTINCT FROM cloud_job_schema_version() THEN
    PERFORM cloud_job_refuse_schema(schema_version);
  END IF;
  RETURN (
    SELECT jsonb_build_object(
      'job', to_jsonb(j),
      'executions', (
        SELECT coalesce(jsonb_agg(to_jsonb(e) ORDER BY e.lock_epoch), '[]')
        FROM cloud_job_executions e WHERE e.job_id = j.job_id),
      'steps', (
        SELECT coalesce(jsonb_agg(to_jsonb(s) ORDER BY s.step_order, s.name), '[]')
        FROM cloud_job_steps s WHERE s.job_id = j.job_id),
      'depends_on', (
        SELECT coalesce(jsonb_agg(jsonb_build_object(
          'job_id', needed.job_id, 'name', needed.name, 'status', needed.status)
          ORDER BY needed.seq), '[]')
        FROM cloud_job_dependencies d JOIN cloud_jobs needed ON needed.job_id = d.depends_on
        WHERE d.job_id = j.job_id),
      'schedule', (
        SELECT jsonb_build_object('schedule_id', c.schedule_id, 'name', c.name, 'slot_at', (
          SELECT s.slot_at FROM cloud_job_slots s
          WHERE s.job_id = j.job_id AND s.status IN ('fired', 'replaced')
            AND s.schedule_id = c.schedule_id
          LIMIT 1))
        FROM cloud_job_schedules c WHERE c.schedule_id = j.schedule_id))
    FROM cloud_jobs j WHERE j.job_id = get_job.job_id);
END
$$;
