-- Schedules, the ledger of their slots, and streaks of failures.

CREATE TABLE cloud_job_schedules (
  schedule_id         text    PRIMARY KEY,
  name                text    NOT NULL,
  job_type            text    NOT NULL,
  schedule_expression text    NOT NULL,
  timezone            text    NOT NULL DEFAULT 'UTC',
  config              jsonb   NOT NULL DEFAULT '{}',
  description         text,
  status              text    NOT NULL DEFAULT 'active'
    CHECK (status IN ('active', 'inactive', 'paused', 'deleted')),
  -- of the jobs it makes
  priority            smallint NOT NULL DEFAULT 0,
  max_retries         integer NOT NULL DEFAULT 3 CHECK (max_retries >= 0),
  retry_delay_seconds double precision NOT NULL DEFAULT 30 CHECK (retry_delay_seconds >= 0),
  retry_backoff       text    NOT NULL DEFAULT 'exponential'
    CHECK (retry_backoff IN ('exponential', 'fixed')),
  timeout_seconds     double precision CHECK (timeout_seconds > 0),
  unique_key          text,
  missed              text    NOT NULL DEFAULT 'latest' CHECK (missed IN ('latest', 'all', 'skip')),
  starting_deadline_seconds double precision CHECK (starting_deadline_seconds > 0),
  concurrency_policy  text    NOT NULL DEFAULT 'allow'
    CHECK (concurrency_policy IN ('allow', 'forbid', 'replace')),
  run_on_startup      boolean NOT NULL DEFAULT false,
  applied             boolean NOT NULL DEFAULT false,
  revision            integer NOT NULL DEFAULT 1,
  planned_until       timestamptz DEFAULT now(),
  plan_at             timestamptz DEFAULT now(),
  idle_until          timestamptz,
  idle_reason         text    CHECK (idle_reason IN ('paused', 'inactive')),
  created_at          timestamptz NOT NULL DEFAULT now(),
  updated_at          timestamptz NOT NULL DEFAULT now(),
  last_execution      timestamptz,
  next_execution      timestamptz,
  CHECK (status = 'active' OR plan_at IS NULL),
  CHECK ((idle_until IS NULL) = (idle_reason IS NULL))
);
-- In the order in which every store lists them, whatever that of the database is. Not for the column:
-- what is given a name would compare all else in that way, past every index.
CREATE UNIQUE INDEX cloud_job_schedules_name ON cloud_job_schedules (name COLLATE "C")
  WHERE status <> 'deleted';
CREATE INDEX cloud_job_schedules_deleted ON cloud_job_schedules (name COLLATE "C", created_at)
  WHERE status = 'deleted';
-- A pick asks only whether the first of these has come.
CREATE INDEX cloud_job_schedules_short ON cloud_job_schedules (plan_at) WHERE plan_at IS NOT NULL;

-- The cron ledger: what became of each nominal time, or of all from slot_at to until_at.
CREATE TABLE cloud_job_slots (
  schedule_id text        NOT NULL,
  -- a time that nobody could read, entered by hand, would stop every pick
  slot_at     timestamptz NOT NULL CHECK (slot_at BETWEEN 'epoch' AND '9999-12-31T23:59:59Z'),
  until_at    timestamptz CHECK (until_at >= slot_at),
  times       integer     DEFAULT 1,     -- null = more than were counted
  status      text        NOT NULL CHECK (status IN ('planned', 'fired', 'skipped', 'missed', 'replaced')),
  reason      text,
  job_id      text,
  late_after  timestamptz,               -- from then on it is not made up for
  decided_at  timestamptz,
  PRIMARY KEY (schedule_id, slot_at),
  CHECK ((status = 'planned') = (reason IS NULL)),
  CHECK ((status = 'planned') = (decided_at IS NULL))
);
-- A pick asks only whether the first of these has come.
CREATE INDEX cloud_job_slots_due ON cloud_job_slots (slot_at) WHERE status = 'planned';
-- Of one schedule, without its history.
CREATE INDEX cloud_job_slots_planned ON cloud_job_slots (schedule_id, slot_at)
  WHERE status = 'planned';
-- For which time a job was made.
CREATE INDEX cloud_job_slots_job ON cloud_job_slots (job_id) WHERE status IN ('fired', 'replaced');
CREATE INDEX cloud_job_slots_decided ON cloud_job_slots USING brin (decided_at)
  WITH (pages_per_range = 32, autosummarize = on);
-- Fired slots leave dead entries at the head of the index of due ones: they are to be gone soon.
ALTER TABLE cloud_job_slots SET (
  autovacuum_vacuum_scale_factor = 0.02, autovacuum_vacuum_threshold = 2000);

-- Whether an earlier job of a schedule is not finished; jobs without a schedule never touch it.
CREATE INDEX cloud_jobs_of_schedule ON cloud_jobs (schedule_id)
  WHERE schedule_id IS NOT NULL AND status IN ('waiting', 'blocked', 'locked');

-- How long executions of a type take, beside how long they go on without finishing a step.
ALTER TABLE cloud_job_types
  ADD COLUMN durations double precision[] NOT NULL DEFAULT '{}';  -- seconds, newest last

-- Failures one after the other, of a schedule (`schedule:ID`) or a job type (`type:NAME`); kept only
-- while someone is to be told. No row = the last execution was no failure.
CREATE TABLE cloud_job_streaks (
  subject    text PRIMARY KEY,
  failures   integer     NOT NULL,
  since      timestamptz NOT NULL,
  claimed_at timestamptz,  -- an instance set out to tell of it
  told_at    timestamptz   -- and did
);
