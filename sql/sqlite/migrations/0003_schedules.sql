-- Schedules, the ledger of their slots, and streaks of failures.

CREATE TABLE cloud_job_schedules (
  schedule_id         TEXT    NOT NULL PRIMARY KEY,
  name                TEXT    NOT NULL,
  job_type            TEXT    NOT NULL,
  schedule_expression TEXT    NOT NULL,
  timezone            TEXT    NOT NULL DEFAULT 'UTC',
  config              TEXT    NOT NULL DEFAULT '{}' CHECK (json_valid(config)),
  description         TEXT,
  status              TEXT    NOT NULL DEFAULT 'active'
    CHECK (status IN ('active', 'inactive', 'paused', 'deleted')),
  -- of the jobs it makes
  priority            INTEGER NOT NULL DEFAULT 0 CHECK (priority BETWEEN -32768 AND 32767),
  max_retries         INTEGER NOT NULL DEFAULT 3 CHECK (max_retries >= 0),
  retry_delay_seconds REAL    NOT NULL DEFAULT 30 CHECK (retry_delay_seconds >= 0),
  retry_backoff       TEXT    NOT NULL DEFAULT 'exponential'
    CHECK (retry_backoff IN ('exponential', 'fixed')),
  timeout_seconds     REAL    CHECK (timeout_seconds > 0),
  unique_key          TEXT,
  missed              TEXT    NOT NULL DEFAULT 'latest' CHECK (missed IN ('latest', 'all', 'skip')),
  starting_deadline_seconds REAL CHECK (starting_deadline_seconds > 0),
  concurrency_policy  TEXT    NOT NULL DEFAULT 'allow'
    CHECK (concurrency_policy IN ('allow', 'forbid', 'replace')),
  run_on_startup      INTEGER NOT NULL DEFAULT 0 CHECK (run_on_startup IN (0, 1)),
  applied             INTEGER NOT NULL DEFAULT 0 CHECK (applied IN (0, 1)),
  revision            INTEGER NOT NULL DEFAULT 1,
  planned_until       TEXT,
  plan_at             TEXT,
  idle_until          TEXT,
  idle_reason         TEXT    CHECK (idle_reason IN ('paused', 'inactive')),
  created_at          TEXT    NOT NULL,
  updated_at          TEXT    NOT NULL,
  last_execution      TEXT,
  next_execution      TEXT,
  CHECK (status = 'active' OR plan_at IS NULL),
  CHECK ((idle_until IS NULL) = (idle_reason IS NULL))
) STRICT, WITHOUT ROWID;
CREATE UNIQUE INDEX cloud_job_schedules_name ON cloud_job_schedules (name) WHERE status <> 'deleted';
CREATE INDEX cloud_job_schedules_deleted ON cloud_job_schedules (name, created_at)
  WHERE status = 'deleted';
CREATE INDEX cloud_job_schedules_gone ON cloud_job_schedules (updated_at) WHERE status = 'deleted';
-- A pick asks only whether the first of these has come.
CREATE INDEX cloud_job_schedules_short ON cloud_job_schedules (plan_at) WHERE plan_at IS NOT NULL;

-- The cron ledger: what became of each nominal time, or of all from slot_at to until_at.
CREATE TABLE cloud_job_slots (
  schedule_id TEXT    NOT NULL,
  -- a time that cannot be read, entered by hand, would stop every pick
  slot_at     TEXT    NOT NULL CHECK (slot_at IS strftime('%Y-%m-%dT%H:%M:%fZ', slot_at)),
  until_at    TEXT    CHECK (until_at >= slot_at),
  times       INTEGER DEFAULT 1,  -- null = more than were counted
  status      TEXT    NOT NULL CHECK (status IN ('planned', 'fired', 'skipped', 'missed', 'replaced')),
  reason      TEXT,
  job_id      TEXT,
  late_after  TEXT,               -- from then on it is not made up for
  decided_at  TEXT,
  PRIMARY KEY (schedule_id, slot_at),
  CHECK ((status = 'planned') = (reason IS NULL)),
  CHECK ((status = 'planned') = (decided_at IS NULL))
) STRICT, WITHOUT ROWID;
CREATE INDEX cloud_job_slots_due ON cloud_job_slots (slot_at) WHERE status = 'planned';
-- The few planned ones of a schedule, without walking through all that it ever had.
CREATE INDEX cloud_job_slots_planned ON cloud_job_slots (schedule_id, slot_at)
  WHERE status = 'planned';
-- The slot that made a job.
CREATE INDEX cloud_job_slots_job ON cloud_job_slots (job_id) WHERE status IN ('fired', 'replaced');
CREATE INDEX cloud_job_slots_decided ON cloud_job_slots (decided_at) WHERE decided_at IS NOT NULL;

-- Whether an earlier job of a schedule is not finished; jobs without a schedule never touch it.
CREATE INDEX cloud_jobs_of_schedule ON cloud_jobs (schedule_id)
  WHERE schedule_id IS NOT NULL AND status IN ('waiting', 'blocked', 'locked');

-- How long executions of a type take, beside how long they go on without finishing a step.
ALTER TABLE cloud_job_types
  ADD COLUMN durations TEXT NOT NULL DEFAULT '[]' CHECK (json_valid(durations));  -- seconds, newest last

-- Failures one after the other, of a schedule (`schedule:ID`) or a job type (`type:NAME`); kept only
-- while someone is to be told. No row = the last execution was no failure.
CREATE TABLE cloud_job_streaks (
  subject    TEXT    NOT NULL PRIMARY KEY,
  failures   INTEGER NOT NULL,
  since      TEXT    NOT NULL,
  claimed_at TEXT,  -- an instance set out to tell of it
  told_at    TEXT   -- and did
) STRICT, WITHOUT ROWID;
