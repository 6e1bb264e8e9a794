-- Called once people were told of the streak of failures that began at `since` (to the millisecond): it
-- is not told of again. Another one may have begun meanwhile.
-- Locks: see cloud_job_note; whoever is counting this one is waited for.
CREATE OR REPLACE FUNCTION alert_told(
  schema_version integer, subject text, since timestamptz
) RETURNS void
LANGUAGE plpgsql
SET search_path = pg_catalog, public, pg_temp
AS $$
#variable_conflict use_column
BEGIN
  IF schema_version IS DISTINCT FROM cloud_job_schema_version() THEN
    PERFORM cloud_job_refuse_schema(schema_version);
  END IF;
  PERFORM pg_advisory_xact_lock(hashtext('cloud_job_streaks'), hashtext(alert_told.subject));
  UPDATE cloud_job_streaks k SET told_at = cloud_job_clock()
  WHERE k.subject = alert_told.subject
    AND date_trunc('milliseconds', k.since) = alert_told.since;
END
$$;
