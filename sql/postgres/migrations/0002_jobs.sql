-- Jobs and executions as this version keeps them: columns added, rows of the earlier set-up brought
-- into line (none lost, ids and times kept), its constraints and indexes replaced.

-- In the order in which its workers lock them, when they insert an execution that refers to a job.
LOCK TABLE cloud_job_executions, cloud_jobs IN ACCESS EXCLUSIVE MODE;

INSERT INTO cloud_job_report (kind, detail)
SELECT 'kept', format('%s %s and %s %s of the earlier set-up',
  jobs, CASE jobs WHEN 1 THEN 'job' ELSE 'jobs' END,
  executions, CASE executions WHEN 1 THEN 'execution' ELSE 'executions' END)
FROM (SELECT count(*) AS jobs FROM cloud_jobs) j,
  (SELECT count(*) AS executions FROM cloud_job_executions) e
WHERE jobs + executions > 0;

-- What the earlier set-up attached. A foreign key would look up and lock the job once more for each
-- execution opened; the functions write both rows together, and a trigger deletes them together.
ALTER TABLE cloud_jobs DROP CONSTRAINT IF EXISTS cloud_jobs_job_type_check;
ALTER TABLE cloud_jobs DROP CONSTRAINT IF EXISTS cloud_jobs_status_check;
ALTER TABLE cloud_job_executions DROP CONSTRAINT IF EXISTS cloud_job_executions_status_check;
ALTER TABLE cloud_job_executions DROP CONSTRAINT IF EXISTS cloud_job_executions_job_id_fkey;
DROP INDEX IF EXISTS idx_cloud_jobs_status, idx_cloud_jobs_status_retries,
  idx_cloud_jobs_lock_expires, idx_cloud_jobs_type, idx_cloud_jobs_created_at,
  idx_cloud_job_executions_job_id, idx_cloud_job_executions_status,
  idx_cloud_job_executions_started_at;

-- Columns that a pick or a record changes stand together, before those that stay as they were made:
-- the log of an update then holds only the span between the first and the last changed one.
ALTER TABLE cloud_jobs
  ADD COLUMN lock_epoch          bigint   NOT NULL DEFAULT 0,
  ADD COLUMN last_event_id       integer  NOT NULL DEFAULT 1,
  ADD COLUMN run_at              timestamptz,
  ADD COLUMN updated_at          timestamptz,
  ADD COLUMN finished_at         timestamptz,
  ADD COLUMN cancel_requested_at timestamptz,
  ADD COLUMN progress            jsonb,
  ADD COLUMN seq                 bigint,
  ADD COLUMN priority            smallint NOT NULL DEFAULT 0,
  ADD COLUMN retry_delay_seconds double precision NOT NULL DEFAULT 30,
  ADD COLUMN retry_backoff       text     NOT NULL DEFAULT 'exponential',
  ADD COLUMN timeout_seconds     double precision,
  ADD COLUMN unique_key          text,
  ADD COLUMN schedule_id         text,
  ADD COLUMN actor               text,
  ADD COLUMN source_ip           text,
  ADD COLUMN metadata            jsonb    NOT NULL DEFAULT '{}',
  ADD COLUMN starts_blocked      boolean  NOT NULL DEFAULT false;

ALTER TABLE cloud_job_executions
  ADD COLUMN lock_epoch      bigint,
  ADD COLUMN opened_event_id integer,
  ADD COLUMN ended_event_id  integer,
  ADD COLUMN job_status      text,
  ADD COLUMN error           jsonb,
  ADD COLUMN "trigger"       text NOT NULL DEFAULT 'unknown',
  -- by way of its digits, so that 1.3 seconds stay 1.3
  ALTER COLUMN duration_seconds TYPE double precision USING duration_seconds::text::double precision;

-- The rows that are there already: what could be empty and may not be any more. Nobody picked a job
-- without a status there, so nobody does it here, until a person enables it.
UPDATE cloud_jobs SET
  config = coalesce(config, '{}'),
  status = coalesce(status, 'disabled'),
  max_retries = greatest(coalesce(max_retries, 3), 0),
  current_retries = greatest(coalesce(current_retries, 0), 0),
  created_at = coalesce(created_at, now())
WHERE num_nulls(config, status, max_retries, current_retries, created_at) > 0
  OR max_retries < 0 OR current_retries < 0;
UPDATE cloud_job_executions SET
  status = coalesce(status, CASE WHEN finished_at IS NULL THEN 'running' ELSE 'failed' END),
  started_at = coalesce(started_at, now()),
  instance_id = coalesce(instance_id, 'unknown')
WHERE num_nulls(status, started_at, instance_id) > 0;

-- Who holds a lock has an execution that says so, or has ended it just now. The worker that has picked
-- but not inserted one yet finds this one in its place (cloud_job_adopt_execution).
INSERT INTO cloud_job_executions (job_id, started_at, instance_id, "trigger")
SELECT j.job_id, coalesce(j.locked_at, now()), coalesce(j.locked_by, 'unknown'),
  'get_next_available_job'
FROM cloud_jobs j
WHERE j.status = 'locked' AND NOT EXISTS (
  SELECT 1 FROM cloud_job_executions e
  WHERE e.job_id = j.job_id AND e.instance_id = coalesce(j.locked_by, 'unknown')
    AND (e.status = 'running' OR e.finished_at >= j.locked_at));

-- Their picks are numbered in the order in which they happened, that of the lock last.
UPDATE cloud_job_executions e SET lock_epoch = numbered.epoch
FROM (
  SELECT x.execution_id, row_number() OVER (PARTITION BY x.job_id ORDER BY
    j.status = 'locked' AND x.instance_id = coalesce(j.locked_by, 'unknown')
      AND (x.status = 'running' OR x.finished_at >= j.locked_at),
    x.started_at, x.execution_id) AS epoch
  FROM cloud_job_executions x LEFT JOIN cloud_jobs j ON j.job_id = x.job_id
) numbered
WHERE numbered.execution_id = e.execution_id;

-- `failed` with retries left was claimable there, after all that was `waiting`: so it is here.
UPDATE cloud_jobs j SET
  seq = numbered.seq,
  lock_epoch = coalesce(seen.epochs, 0),
  status = CASE
    WHEN j.status = 'failed' AND j.current_retries < j.max_retries THEN 'waiting'
    ELSE j.status END,
  run_at = CASE
    WHEN j.status = 'failed' AND j.current_retries < j.max_retries THEN now()
    ELSE least(j.created_at, now()) END,
  updated_at = greatest(j.created_at, j.last_execution, j.locked_at, seen.finished_at),
  finished_at = CASE
    WHEN j.status = 'success' OR j.status = 'failed' AND j.current_retries >= j.max_retries
      THEN coalesce(seen.finished_at, j.last_execution, j.created_at) END,
  locked_at = CASE WHEN j.status = 'locked' THEN coalesce(j.locked_at, now()) END,
  locked_by = CASE WHEN j.status = 'locked' THEN coalesce(j.locked_by, 'unknown') END,
  lock_expires_at = CASE WHEN j.status = 'locked' THEN coalesce(j.lock_expires_at, now()) END
FROM (
  SELECT job_id, row_number() OVER (ORDER BY created_at, job_id) AS seq FROM cloud_jobs
) numbered
LEFT JOIN (
  SELECT job_id, max(lock_epoch) AS epochs, max(finished_at) AS finished_at
  FROM cloud_job_executions GROUP BY job_id
) seen ON seen.job_id = numbered.job_id
WHERE numbered.job_id = j.job_id;

-- An execution that no lock stands for any more has no one to end it.
UPDATE cloud_job_executions e SET
  status = 'lost', finished_at = now(),
  error_message = coalesce(e.error_message, 'still open when cloud-jobs was installed, without a lock')
WHERE e.status = 'running' AND NOT EXISTS (
  SELECT 1 FROM cloud_jobs j
  WHERE j.job_id = e.job_id AND j.status = 'locked' AND j.lock_epoch = e.lock_epoch);
UPDATE cloud_job_executions SET finished_at = coalesce(finished_at, started_at)
WHERE status <> 'running' AND finished_at IS NULL;

-- No CHECK stands on these two tables: Postgres reads its expression anew in each statement, which
-- made updates twice as dear. The functions write whole rows; what others write passes a trigger,
-- which tells an insert by its last_event_id.
ALTER TABLE cloud_jobs
  ALTER COLUMN last_event_id SET DEFAULT 0,
  ALTER COLUMN config SET NOT NULL,
  ALTER COLUMN config SET DEFAULT '{}',
  ALTER COLUMN status SET NOT NULL,
  ALTER COLUMN status SET DEFAULT 'waiting',
  ALTER COLUMN description DROP DEFAULT,
  ALTER COLUMN max_retries SET NOT NULL,
  ALTER COLUMN current_retries SET NOT NULL,
  ALTER COLUMN created_at SET NOT NULL,
  ALTER COLUMN run_at SET NOT NULL,
  ALTER COLUMN run_at SET DEFAULT now(),
  ALTER COLUMN updated_at SET NOT NULL,
  ALTER COLUMN updated_at SET DEFAULT now(),
  ALTER COLUMN seq SET NOT NULL,
  ALTER COLUMN seq ADD GENERATED BY DEFAULT AS IDENTITY;
SELECT setval(pg_get_serial_sequence('cloud_jobs', 'seq'), coalesce(max(seq), 0) + 1, false)
FROM cloud_jobs;

ALTER TABLE cloud_job_executions
  ALTER COLUMN status SET NOT NULL,
  ALTER COLUMN status SET DEFAULT 'running',
  ALTER COLUMN started_at SET NOT NULL,
  ALTER COLUMN result DROP DEFAULT,
  ALTER COLUMN instance_id SET NOT NULL,
  ALTER COLUMN instance_id SET DEFAULT 'unknown',
  ALTER COLUMN lock_epoch SET NOT NULL;

-- A claim reads the head of each (type, priority): whatever is not waiting is not in this index,
-- and what is not due yet stands behind the head of its own level only.
CREATE INDEX cloud_jobs_claim ON cloud_jobs (job_type, priority, run_at, seq)
  WHERE status = 'waiting';
CREATE INDEX cloud_jobs_locks ON cloud_jobs (lock_expires_at) WHERE status = 'locked';
-- For lists, newest first. A job that is locked leaves it for a while, so that a pick need not write
-- to it; those are few, and cloud_jobs_locks knows them.
CREATE INDEX cloud_jobs_newest ON cloud_jobs (seq) WHERE status <> 'locked';
-- For lists of what needs a person; a job that goes its way never touches it.
CREATE INDEX cloud_jobs_aside ON cloud_jobs (status, seq)
  WHERE status IN ('blocked', 'failed', 'cancelled', 'disabled');
CREATE INDEX cloud_jobs_finished ON cloud_jobs (finished_at) WHERE finished_at IS NOT NULL;
CREATE UNIQUE INDEX cloud_jobs_unique_key ON cloud_jobs (unique_key)
  WHERE unique_key IS NOT NULL AND status IN ('waiting', 'blocked', 'locked', 'disabled');

CREATE UNIQUE INDEX cloud_job_executions_job ON cloud_job_executions (job_id, lock_epoch);
-- Executions end about in the order in which they lie: a few bytes for 32 pages find a day's worth,
-- and since PostgreSQL 16 ending one need not touch any index.
CREATE INDEX cloud_job_executions_finished ON cloud_job_executions
  USING brin (finished_at) WITH (pages_per_range = 32, autosummarize = on);

-- Every pick leaves dead entries at the head of the claim index: they are to be gone soon.
ALTER TABLE cloud_jobs SET (fillfactor = 80,
  autovacuum_vacuum_scale_factor = 0.02, autovacuum_vacuum_threshold = 2000,
  autovacuum_analyze_scale_factor = 0.05);
ALTER TABLE cloud_job_executions SET (fillfactor = 80);
