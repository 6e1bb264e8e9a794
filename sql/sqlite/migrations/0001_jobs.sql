-- Jobs, their executions, steps, events and dependencies; the limiter; papers.
-- Times are ISO 8601 in UTC with milliseconds, always 24 characters, so that text order is time order.

CREATE TABLE cloud_jobs (
  seq                 INTEGER PRIMARY KEY,  -- order of creation
  job_id              TEXT    NOT NULL UNIQUE,
  name                TEXT    NOT NULL,
  job_type            TEXT    NOT NULL,
  config              TEXT    NOT NULL DEFAULT '{}' CHECK (json_valid(config)),
  description         TEXT,
  status              TEXT    NOT NULL CHECK (status IN
    ('waiting', 'blocked', 'locked', 'success', 'failed', 'cancelled', 'disabled')),
  priority            INTEGER NOT NULL DEFAULT 0 CHECK (priority BETWEEN -32768 AND 32767),
  run_at              TEXT    NOT NULL,
  max_retries         INTEGER NOT NULL DEFAULT 3 CHECK (max_retries >= 0),
  current_retries     INTEGER NOT NULL DEFAULT 0 CHECK (current_retries BETWEEN 0 AND max_retries),
  retry_delay_seconds REAL    NOT NULL DEFAULT 30 CHECK (retry_delay_seconds >= 0),
  retry_backoff       TEXT    NOT NULL DEFAULT 'exponential'
    CHECK (retry_backoff IN ('exponential', 'fixed')),
  timeout_seconds     REAL    CHECK (timeout_seconds > 0),
  lock_epoch          INTEGER NOT NULL DEFAULT 0,
  locked_at           TEXT,
  locked_by           TEXT,
  lock_expires_at     TEXT,
  unique_key          TEXT,
  schedule_id         TEXT,
  actor               TEXT,
  source_ip           TEXT,
  metadata            TEXT    NOT NULL DEFAULT '{}' CHECK (json_valid(metadata)),
  progress            TEXT    CHECK (json_valid(progress)),
  cancel_requested_at TEXT,
  created_at          TEXT    NOT NULL,
  updated_at          TEXT    NOT NULL,
  last_execution      TEXT,
  finished_at         TEXT,
  -- a lock is whole or absent
  CHECK ((status = 'locked') = (lock_expires_at IS NOT NULL)),
  CHECK ((locked_by IS NULL) = (lock_expires_at IS NULL)),
  CHECK ((locked_at IS NULL) = (lock_expires_at IS NULL)),
  CHECK ((status IN ('success', 'failed', 'cancelled')) = (finished_at IS NOT NULL))
) STRICT;

-- A claim reads the head of each (type, priority): whatever is not waiting is not in this index,
-- and what is not due yet stands behind the head of its own level only.
CREATE INDEX cloud_jobs_claim ON cloud_jobs (job_type, priority, run_at) WHERE status = 'waiting';
CREATE INDEX cloud_jobs_locks ON cloud_jobs (lock_expires_at) WHERE status = 'locked';
-- For lists of what needs a person; a job that goes its way never touches it.
CREATE INDEX cloud_jobs_aside ON cloud_jobs (status) WHERE status = 'blocked'
  OR status = 'failed' OR status = 'cancelled' OR status = 'disabled';
CREATE INDEX cloud_jobs_finished ON cloud_jobs (finished_at) WHERE finished_at IS NOT NULL;
CREATE UNIQUE INDEX cloud_jobs_unique_key ON cloud_jobs (unique_key)
  WHERE unique_key IS NOT NULL AND status IN ('waiting', 'blocked', 'locked', 'disabled');

CREATE TABLE cloud_job_executions (
  execution_id     TEXT    NOT NULL UNIQUE,
  job_id           TEXT    NOT NULL REFERENCES cloud_jobs (job_id) ON DELETE CASCADE,
  lock_epoch       INTEGER NOT NULL,
  status           TEXT    NOT NULL CHECK (status IN
    ('running', 'success', 'failed', 'timeout', 'cancelled', 'lost', 'yielded')),
  started_at       TEXT    NOT NULL,
  finished_at      TEXT,
  duration_seconds REAL,
  result           TEXT    CHECK (json_valid(result)),
  error_message    TEXT,
  error            TEXT    CHECK (json_valid(error)),
  instance_id      TEXT    NOT NULL,
  "trigger"        TEXT    NOT NULL,
  PRIMARY KEY (job_id, lock_epoch),
  CHECK ((status = 'running') = (finished_at IS NULL))
) STRICT, WITHOUT ROWID;
CREATE INDEX cloud_job_executions_finished ON cloud_job_executions (finished_at)
  WHERE finished_at IS NOT NULL;

CREATE TABLE cloud_job_steps (
  job_id      TEXT    NOT NULL REFERENCES cloud_jobs (job_id) ON DELETE CASCADE,
  name        TEXT    NOT NULL,
  step_order  INTEGER NOT NULL,
  status      TEXT    NOT NULL CHECK (status IN ('pending', 'running', 'success', 'failed')),
  started_at  TEXT,
  finished_at TEXT,
  detail      TEXT,
  output      TEXT    CHECK (json_valid(output)),
  lock_epoch  INTEGER NOT NULL,
  PRIMARY KEY (job_id, name)
) STRICT, WITHOUT ROWID;

-- event_id counts up within its job: they are only ever read job by job, and stand together so.
CREATE TABLE cloud_job_events (
  job_id       TEXT    NOT NULL REFERENCES cloud_jobs (job_id) ON DELETE CASCADE,
  event_id     INTEGER NOT NULL,
  execution_id TEXT,
  at           TEXT    NOT NULL,
  kind         TEXT    NOT NULL CHECK (kind IN ('status', 'step', 'progress', 'log')),
  data         TEXT    NOT NULL CHECK (json_valid(data)),
  PRIMARY KEY (job_id, event_id)
) STRICT, WITHOUT ROWID;

CREATE TABLE cloud_job_dependencies (
  job_id     TEXT NOT NULL REFERENCES cloud_jobs (job_id) ON DELETE CASCADE,
  depends_on TEXT NOT NULL REFERENCES cloud_jobs (job_id) ON DELETE CASCADE,
  PRIMARY KEY (job_id, depends_on),
  CHECK (job_id <> depends_on)
) STRICT, WITHOUT ROWID;
CREATE INDEX cloud_job_dependencies_on ON cloud_job_dependencies (depends_on);

-- One row per limiter that instances share: until when its last turn lasts.
CREATE TABLE cloud_job_throttles (
  key        TEXT NOT NULL PRIMARY KEY,
  busy_until TEXT NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE papers (
  arxiv_id         TEXT    NOT NULL PRIMARY KEY,
  version          INTEGER NOT NULL,
  title            TEXT    NOT NULL,
  abstract         TEXT    NOT NULL,
  authors          TEXT    NOT NULL CHECK (json_valid(authors)),
  primary_category TEXT,
  categories       TEXT    NOT NULL CHECK (json_valid(categories)),
  published_at     TEXT    NOT NULL,
  updated_at       TEXT    NOT NULL,
  comment          TEXT,
  journal_ref      TEXT,
  doi              TEXT,
  abstract_url     TEXT    NOT NULL,
  pdf_url          TEXT,
  withdrawn        INTEGER NOT NULL CHECK (withdrawn IN (0, 1)),
  first_job_id     TEXT    NOT NULL,  -- the job that saw it first; not a reference: jobs are pruned
  saved_at         TEXT    NOT NULL
) STRICT;
