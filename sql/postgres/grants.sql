-- Runs last, each time: closed by default. Row level security on, no policy; tables and functions for
-- service_role alone (where that role exists) and for their owner. Policies that stand in the way are
-- dropped and told of, save those of sql/optional/anon_access.sql while the one on cloud_jobs stands,
-- which someone chose; what that file grants is granted anew after this.
DO $$
DECLARE
  ours    CONSTANT text[] := ARRAY['cloud_jobs', 'cloud_job_executions', 'cloud_job_steps',
    'cloud_job_events', 'cloud_job_dependencies', 'cloud_job_throttles', 'cloud_job_types',
    'cloud_job_schedules', 'cloud_job_slots', 'cloud_job_streaks', 'papers', 'cloud_job_migrations', 'job_statistics'];
  opened  CONSTANT text := 'cloud_jobs_anon_access';
  kept    CONSTANT boolean := EXISTS (SELECT 1 FROM pg_policies
    WHERE schemaname = 'public' AND tablename = 'cloud_jobs' AND policyname = opened);
  service CONSTANT boolean := EXISTS (SELECT 1 FROM pg_roles WHERE rolname = 'service_role');
  closed  CONSTANT text := concat_ws(', ', 'PUBLIC', (
    SELECT string_agg(quote_ident(rolname), ', ') FROM pg_roles
    WHERE rolname IN ('anon', 'authenticated', 'service_role')));
  it      record;
BEGIN
  FOR it IN SELECT * FROM pg_policies
    WHERE schemaname = 'public' AND tablename = ANY (ours) AND NOT (kept AND policyname = opened)
    ORDER BY tablename, policyname
  LOOP
    EXECUTE format('DROP POLICY %I ON public.%I', it.policyname, it.tablename);
    INSERT INTO cloud_job_report (kind, detail) VALUES ('closed', format(
      'policy "%s" on %s for %s', it.policyname, it.tablename, array_to_string(it.roles, ', ')));
  END LOOP;

  FOR it IN SELECT c.oid::regclass AS name, c.relname, c.relkind, c.relrowsecurity FROM pg_class c
    WHERE c.relnamespace = 'public'::regnamespace AND c.relname = ANY (ours)
  LOOP
    IF it.relkind = 'r' AND NOT it.relrowsecurity THEN
      EXECUTE format('ALTER TABLE %s ENABLE ROW LEVEL SECURITY', it.name);
    END IF;
    EXECUTE format('REVOKE ALL ON %s FROM %s', it.name, closed);
    IF service AND it.relname <> 'cloud_job_migrations' THEN
      EXECUTE format('GRANT SELECT%s ON %s TO service_role',
        CASE WHEN it.relkind = 'r' THEN ', INSERT, UPDATE, DELETE' END, it.name);
    END IF;
  END LOOP;
  EXECUTE format('REVOKE ALL ON SEQUENCE %s FROM %s',
    pg_get_serial_sequence('public.cloud_jobs', 'seq'), closed);

  -- A user's own function may go by one of these names; ours are told by their arguments.
  FOR it IN SELECT p.oid::regprocedure AS signature, p.prorettype FROM pg_proc p
    JOIN cloud_job_functions f ON f.name = p.proname
    WHERE p.pronamespace = 'public'::regnamespace
      AND (p.proname LIKE 'cloud\_job\_%' OR 'schema_version' = ANY (p.proargnames)
        OR p.oid::regprocedure::text IN
          ('get_next_available_job(text,integer)', 'release_expired_locks()'))
  LOOP
    EXECUTE format('REVOKE ALL ON FUNCTION %s FROM %s', it.signature, closed);
    IF service AND it.prorettype <> 'trigger'::regtype THEN
      EXECUTE format('GRANT EXECUTE ON FUNCTION %s TO service_role', it.signature);
    END IF;
  END LOOP;
  IF kept THEN
    INSERT INTO cloud_job_report (kind, detail)
    VALUES ('open', 'anon and authenticated (sql/optional/anon_access.sql)');
  END IF;
END
$$;
