-- Runs first: the ledger of migrations, and the turn of those who migrate at the same moment. Whoever
-- loses the race to create it waits for the winner, at the lock.
DO $$
BEGIN
  IF current_setting('server_version_num')::integer < 150000 THEN
    RAISE EXCEPTION 'cloud-jobs needs PostgreSQL 15 or newer; this is %.', current_setting('server_version')
      USING ERRCODE = 'CJ004';
  END IF;
  CREATE TABLE IF NOT EXISTS cloud_job_migrations (
    version    integer PRIMARY KEY,
    name       text NOT NULL,
    checksum   text NOT NULL,
    applied_at timestamptz NOT NULL DEFAULT now()
  );
EXCEPTION WHEN unique_violation OR duplicate_table OR duplicate_object THEN
  NULL;
END
$$;
LOCK TABLE cloud_job_migrations IN ACCESS EXCLUSIVE MODE;

-- What there is to tell afterwards.
CREATE TEMP TABLE cloud_job_report (
  place  integer GENERATED ALWAYS AS IDENTITY,
  kind   text NOT NULL,
  detail text NOT NULL
) ON COMMIT DROP;
INSERT INTO cloud_job_report (kind, detail)
SELECT 'from', coalesce(max(version), 0) FROM cloud_job_migrations;
