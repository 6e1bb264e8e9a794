-- What a claim does for schedules, when a slot is due or a plan is short: fires what is due, and tells of
-- which schedules more is to be planned: {slots, more_slots, to_plan}; see cloud_job_fire and
-- cloud_job_short. `next_slot` is the first slot that is planned, before and after that.
CREATE OR REPLACE FUNCTION cloud_job_tend(
  short boolean, INOUT next_slot timestamptz, OUT told json
)
LANGUAGE plpgsql
SET search_path = pg_catalog, public, pg_temp
AS $$
DECLARE
  slots      json := '[]';
  more_slots boolean := false;
BEGIN
  IF next_slot <= cloud_job_clock() THEN
    SELECT f.slots, f.more_slots INTO slots, more_slots FROM cloud_job_fire() f;
    next_slot := (SELECT min(s.slot_at) FROM cloud_job_slots s WHERE s.status = 'planned');
  END IF;
  told := json_build_object('slots', slots, 'more_slots', more_slots,
    'to_plan', CASE WHEN short THEN cloud_job_short() ELSE '[]' END);
END
$$;
