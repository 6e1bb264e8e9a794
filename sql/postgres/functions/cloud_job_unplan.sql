-- Takes back what is planned of a schedule, for save_schedules and move_schedule, which hold it.
-- `paused`, `inactive`: later times leave no trace, for whoever plans them anew says what became of them;
-- those that are due are skipped. `deleted`: all are skipped. `changed`: the later ones are.
CREATE OR REPLACE FUNCTION cloud_job_unplan(schedule_id text, reason text) RETURNS void
LANGUAGE sql VOLATILE
SET search_path = pg_catalog, public, pg_temp
AS $$
  DELETE FROM cloud_job_slots s
  WHERE s.schedule_id = cloud_job_unplan.schedule_id AND s.status = 'planned'
    AND s.slot_at > cloud_job_clock() AND cloud_job_unplan.reason IN ('paused', 'inactive');
  UPDATE cloud_job_slots s
  SET status = 'skipped', reason = cloud_job_unplan.reason, decided_at = cloud_job_clock()
  WHERE s.schedule_id = cloud_job_unplan.schedule_id AND s.status = 'planned'
    AND (s.slot_at > cloud_job_clock() OR cloud_job_unplan.reason <> 'changed')
$$;
