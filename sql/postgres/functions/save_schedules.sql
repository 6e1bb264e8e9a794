-- Called to create and change schedules, all or none, each as {schedule_id, revision: as it was read,
-- null = it is created, status: null = as it is, and what people say of it}. One that is as the write has
-- it stays as it is: a call may be sent twice.
-- Answers {schedules: in the order of the writes, refused: null}, or with nothing written
-- {schedules: [], refused: {name, reason: name_taken | changed}}.
-- Raises CJ003 when others were in the way again and again: nothing was written then, send it again.
-- Locks: the schedules in order of schedule_id; then it waits for whoever is giving one of these names.
CREATE OR REPLACE FUNCTION save_schedules(schema_version integer, writes jsonb) RETURNS jsonb
LANGUAGE plpgsql
SET search_path = pg_catalog, public, pg_temp
SET enable_seqscan = off
SET enable_hashjoin = off
SET enable_mergejoin = off
SET jit = off
AS $$
DECLARE
  write   jsonb;
  reason  text;
  refused jsonb;
BEGIN
  IF schema_version IS DISTINCT FROM cloud_job_schema_version() THEN
    PERFORM cloud_job_refuse_schema(schema_version);
  END IF;
  FOR attempt IN 1 .. 3 LOOP
    BEGIN
      PERFORM 1 FROM cloud_job_schedules c
      WHERE c.schedule_id IN (SELECT w ->> 'schedule_id' FROM jsonb_array_elements(writes) w)
      ORDER BY c.schedule_id FOR NO KEY UPDATE;
      FOR write IN SELECT * FROM jsonb_array_elements(writes) LOOP
        reason := cloud_job_save(write);
        IF reason IS NOT NULL THEN
          refused := jsonb_build_object('name', write ->> 'name', 'reason', reason);
          RAISE EXCEPTION USING ERRCODE = 'CJ005'; -- undoes what was written before it
        END IF;
      END LOOP;
      RETURN jsonb_build_object('refused', NULL, 'schedules', (
        SELECT coalesce(jsonb_agg(to_jsonb(c) ORDER BY w.place), '[]')
        FROM jsonb_array_elements(writes) WITH ORDINALITY w (write, place)
        JOIN cloud_job_schedules c ON c.schedule_id = w.write ->> 'schedule_id'));
    EXCEPTION
      WHEN SQLSTATE 'CJ005' THEN
        RETURN jsonb_build_object('refused', refused, 'schedules', '[]'::jsonb);
      WHEN deadlock_detected OR unique_violation THEN
        NULL; -- someone was faster: what they wrote is seen now
    END;
  END LOOP;
  RAISE EXCEPTION 'other changes of these schedules were in the way; send it again'
    USING ERRCODE = 'CJ003';
END
$$;
