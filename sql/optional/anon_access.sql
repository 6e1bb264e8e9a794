-- Opt-in: lets the anon key (and whoever is logged in) run, create, change and delete jobs and
-- schedules.
--
-- Opens to the roles `anon` and `authenticated` all tables of cloud-jobs but its ledger of migrations,
-- the view job_statistics, and its functions. The anon key is public wherever a web page or an app
-- uses it: then anyone may read every job with its config and result, queue jobs that your instances
-- execute, and delete them all. Run this only where nobody but you has that key.
--
-- Paste it into the Supabase SQL editor, after `cloud-jobs init`. Safe to run again, and kept by each
-- later `init`, which says so.
-- To close again, run this and then `cloud-jobs init`:
--   DROP POLICY cloud_jobs_anon_access ON public.cloud_jobs;
DO $$
DECLARE
  name text;
  it   record;
BEGIN
  FOREACH name IN ARRAY ARRAY['cloud_jobs', 'cloud_job_executions', 'cloud_job_steps',
    'cloud_job_events', 'cloud_job_dependencies', 'cloud_job_throttles', 'cloud_job_types',
    'cloud_job_schedules', 'cloud_job_slots', 'cloud_job_streaks', 'papers'] LOOP
    EXECUTE format('DROP POLICY IF EXISTS cloud_jobs_anon_access ON public.%I', name);
    EXECUTE format('CREATE POLICY cloud_jobs_anon_access ON public.%I
      FOR ALL TO anon, authenticated USING (true) WITH CHECK (true)', name);
    EXECUTE format(
      'GRANT SELECT, INSERT, UPDATE, DELETE ON public.%I TO anon, authenticated', name);
  END LOOP;
  GRANT SELECT ON public.job_statistics TO anon, authenticated;

  FOR it IN SELECT p.oid::regprocedure AS signature FROM pg_proc p
    WHERE p.pronamespace = 'public'::regnamespace AND p.prorettype <> 'trigger'::regtype
      AND (p.proname LIKE 'cloud\_job\_%'
        OR p.oid::regprocedure::text IN
          ('get_next_available_job(text,integer)', 'release_expired_locks()')
        OR 'schema_version' = ANY (p.proargnames) AND p.proname IN (
          'alert_told', 'claim_jobs', 'create_jobs', 'delete_job', 'get_job', 'get_papers',
          'get_schedule', 'heartbeat_job', 'import_history', 'inspect_jobs', 'job_stats',
          'job_timeline', 'list_events', 'list_jobs', 'list_schedules', 'list_steps', 'move_job',
          'move_schedule', 'plan_schedules', 'preview_claim', 'prune_jobs', 'record_executions',
          'release_expired_jobs', 'save_papers', 'save_progress', 'save_schedules', 'save_step',
          'take_turn', 'trigger_schedule'))
  LOOP
    EXECUTE format('GRANT EXECUTE ON FUNCTION %s TO anon, authenticated', it.signature);
  END LOOP;
END
$$;
