-- Writes the dependencies of newly created jobs, for create_jobs, and answers which are `blocked`.
-- A job of the batch that was there already may go by another id: dependents wait for that one.
-- Locks: the jobs depended on, see cloud_job_share.
CREATE OR REPLACE FUNCTION cloud_job_depend(created jsonb, existing jsonb) RETURNS jsonb
LANGUAGE plpgsql
SET search_path = pg_catalog, public, pg_temp
AS $$
#variable_conflict use_column
DECLARE
  fault   record;
  edges   jsonb;
  blocked jsonb;
BEGIN
  SELECT coalesce(jsonb_agg(DISTINCT jsonb_build_object('job_id', g.job_id, 'name', g.name,
    'depends_on', coalesce(known.job_id, needed.id))), '[]')
  INTO edges
  FROM jsonb_to_recordset(created) AS g (job_id text, name text, depends_on jsonb)
  CROSS JOIN LATERAL jsonb_array_elements_text(g.depends_on) needed (id)
  LEFT JOIN jsonb_to_recordset(existing) AS known (given text, job_id text)
    ON known.given = needed.id;

  PERFORM cloud_job_share(ARRAY(
    SELECT e.depends_on FROM jsonb_to_recordset(edges) AS e (depends_on text)));
  SELECT e.name, e.depends_on, e.depends_on = e.job_id AS itself INTO fault
  FROM jsonb_to_recordset(edges) AS e (job_id text, name text, depends_on text)
  WHERE e.depends_on = e.job_id
    OR NOT EXISTS (SELECT 1 FROM cloud_jobs j WHERE j.job_id = e.depends_on)
  LIMIT 1;
  IF FOUND THEN
    RAISE EXCEPTION 'a dependency was refused' USING ERRCODE = 'CJ002', DETAIL = to_jsonb(fault)::text;
  END IF;

  INSERT INTO cloud_job_dependencies (job_id, depends_on)
  SELECT e.job_id, e.depends_on
  FROM jsonb_to_recordset(edges) AS e (job_id text, depends_on text);
  WITH set_aside AS (
    UPDATE cloud_jobs j SET status = 'blocked', starts_blocked = true
    WHERE j.job_id IN (SELECT e.job_id FROM jsonb_to_recordset(edges) AS e (job_id text))
      AND cloud_job_is_blocked(j.job_id)
    RETURNING j.job_id
  )
  SELECT coalesce(jsonb_agg(s.job_id), '[]') INTO blocked FROM set_aside s;
  RETURN blocked;
END
$$;
