-- A job's history from the event after `after` on, oldest first: {event_id, job_id, execution_id, at,
-- kind, data}. Creation, picks and outcomes are told from the job's and its executions' own rows.
CREATE OR REPLACE FUNCTION list_events(
  schema_version integer,
  job_id         text,
  after          integer,
  "limit"        integer
) RETURNS jsonb
LANGUAGE plpgsql STABLE
SET search_path = pg_catalog, public, pg_temp
AS $$
BEGIN
  IF schema_version IS DISTINCT FROM cloud_job_schema_version() THEN
    PERFORM cloud_job_refuse_schema(schema_version);
  END IF;
  RETURN (
    SELECT coalesce(jsonb_agg(to_jsonb(told) ORDER BY told.event_id), '[]')
    FROM (
      SELECT 1 AS event_id, j.job_id, NULL AS execution_id, j.created_at AS at, 'status' AS kind,
        jsonb_build_object('status',
          CASE WHEN j.starts_blocked THEN 'blocked' ELSE 'waiting' END) AS data
      FROM cloud_jobs j WHERE j.job_id = list_events.job_id AND list_events.after < 1
      UNION ALL
      SELECT e.opened_event_id, e.job_id, e.execution_id, e.started_at, 'status',
        jsonb_build_object(
          'status', 'locked', 'lock_epoch', e.lock_epoch, 'instance_id', e.instance_id)
      FROM cloud_job_executions e
      WHERE e.job_id = list_events.job_id AND e.opened_event_id > list_events.after
      UNION ALL
      SELECT e.ended_event_id, e.job_id, e.execution_id, e.finished_at, 'status',
        jsonb_strip_nulls(jsonb_build_object(
          'status', e.job_status, 'execution_status', e.status,
          'error_message', CASE WHEN e.status <> 'lost' THEN e.error_message END))
      FROM cloud_job_executions e
      WHERE e.job_id = list_events.job_id AND e.ended_event_id > list_events.after
      UNION ALL
      (SELECT v.event_id, v.job_id, v.execution_id, v.at, v.kind, v.data
       FROM cloud_job_events v
       WHERE v.job_id = list_events.job_id AND v.event_id > list_events.after
       ORDER BY v.event_id LIMIT list_events."limit")
      ORDER BY 1 LIMIT list_events."limit"
    ) told);
END
$$;
