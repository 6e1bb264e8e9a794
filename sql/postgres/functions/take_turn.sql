-- Called by running code: the next free turn of a limiter that all instances share. The turn lasts
-- `seconds` from when it begins, unless it begins longest_wait_seconds from now or later (null = no
-- such limit): then it is left to others. Answers {taken, wait_seconds}. 0 seconds only asks.
-- Locks: the limiter's row, so that of turns taken at the same moment each sees the one before.
CREATE OR REPLACE FUNCTION take_turn(
  schema_version       integer,
  key                  text,
  seconds              double precision,
  longest_wait_seconds double precision DEFAULT NULL
) RETURNS jsonb
LANGUAGE plpgsql
SET search_path = pg_catalog, public, pg_temp
AS $$
#variable_conflict use_column
DECLARE
  at    CONSTANT timestamptz := cloud_job_clock();
  since timestamptz;
  wait  double precision;
BEGIN
  IF schema_version IS DISTINCT FROM cloud_job_schema_version() THEN
    PERFORM cloud_job_refuse_schema(schema_version);
  END IF;
  INSERT INTO cloud_job_throttles AS t (key, busy_until) VALUES (take_turn.key, at)
  ON CONFLICT (key) DO UPDATE SET busy_until = greatest(t.busy_until, at)
  RETURNING t.busy_until INTO since;
  wait := extract(epoch FROM since - at);
  IF wait >= longest_wait_seconds THEN
    RETURN jsonb_build_object('taken', false, 'wait_seconds', wait);
  END IF;
  UPDATE cloud_job_throttles t
  SET busy_until = since + make_interval(secs => take_turn.seconds)
  WHERE t.key = take_turn.key;
  RETURN jsonb_build_object('taken', true, 'wait_seconds', wait);
END
$$;
